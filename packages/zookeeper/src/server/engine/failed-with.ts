import { ERROR_CODES, type ErrorCodeName } from '../../operation/error-code.ts';
import type { ErrorResult } from '../../operation/reply.ts';

/** The answer to a request that changes nothing, and cannot be done. */
export function failedWith(error: ErrorCodeName): ErrorResult {
  return { op: 'error', code: ERROR_CODES[error] };
}
