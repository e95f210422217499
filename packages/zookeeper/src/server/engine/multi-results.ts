import { ERROR_CODES } from '../../operation/error-code.ts';
import type { Txn } from '../../txn/txn.ts';
import type { Applied } from './applied.ts';

/**
 * What the parts of a multi came to of which one could not be done, and so none was: 0 for those before it, its own error,
 * RUNTIME_INCONSISTENCY for those behind it. Undefined if all can be done.
 */
export function resultsOfFailedMulti(txns: readonly Txn[]): readonly Applied[] | undefined {
  const failedAt = txns.findIndex(({ type }) => type === 'error');
  if (failedAt === -1) return undefined;
  return txns.map((txn, index) => {
    if (txn.type === 'error') return { type: 'failed', code: txn.code };
    return { type: 'failed', code: index < failedAt ? 0 : ERROR_CODES.RUNTIME_INCONSISTENCY };
  });
}
