import type { ErrorName } from '@barnabas/model';
import type { ClientError } from '../client-error.ts';

/** What becomes of a batch, and of the numbers of its partition. */
export type NextStep = {
  readonly batch: 'again' | 'acknowledged' | 'failed';
  /** `epoch`: the next one, from 0 on; `id`: another producer id, from 0 on. */
  readonly numbers: 'kept' | 'epoch' | 'id';
};

const AGAIN: NextStep = { batch: 'again', numbers: 'kept' };

/**
 * Errors of the sequence check itself. `fresh`: nothing of the batch can have been appended before; otherwise an earlier
 * attempt may have succeeded, and under other numbers the batch could be appended twice.
 */
const OF_THE_CHECK: { readonly [Name in ErrorName]?: (fresh: boolean) => NextStep } = {
  // An earlier attempt has succeeded, so long ago that its offset is forgotten.
  DUPLICATE_SEQUENCE_NUMBER: () => ({ batch: 'acknowledged', numbers: 'kept' }),
  // The batch before this one was acknowledged and is not there: more of the same would hide it.
  OUT_OF_ORDER_SEQUENCE_NUMBER: () => ({ batch: 'failed', numbers: 'epoch' }),
  // The partition has forgotten us.
  UNKNOWN_PRODUCER_ID: (fresh) => ({ batch: fresh ? 'again' : 'failed', numbers: 'epoch' }),
  // Somebody else has our id.
  INVALID_PRODUCER_EPOCH: (fresh) => ({ batch: fresh ? 'again' : 'failed', numbers: 'id' }),
  PRODUCER_FENCED: (fresh) => ({ batch: fresh ? 'again' : 'failed', numbers: 'id' }),
};

/**
 * After an attempt to append a batch has failed.
 *
 * @param mayHaveHappened an earlier attempt had an unknown outcome
 */
export function nextStep(error: ClientError, mayHaveHappened: boolean): NextStep {
  const ofTheCheck = OF_THE_CHECK[error.error];
  if (ofTheCheck !== undefined) return ofTheCheck(!mayHaveHappened);
  return error.isRetriable ? AGAIN : failed(mayHaveHappened || error.outcome === 'unknown');
}

/** Where it may be there, its numbers are spent, and those that would follow are not known to do so. */
export function failed(mayHaveHappened: boolean): NextStep {
  return { batch: 'failed', numbers: mayHaveHappened ? 'epoch' : 'kept' };
}
