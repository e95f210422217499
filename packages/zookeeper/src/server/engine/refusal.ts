import { ERROR_CODES, type ErrorCodeName } from '../../operation/error-code.ts';
import type { Txn } from '../../txn/txn.ts';

/** The decision not to do what was asked for. */
export function refused(error: ErrorCodeName): Txn {
  return { type: 'error', code: ERROR_CODES[error] };
}
