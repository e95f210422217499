import type { Offset } from '@barnabas/model';
import { baseOffsetOf, checkBatch, lastOffsetDeltaOf, lastOffsetOf, nextOffsetOf } from '@barnabas/protocol';
import { NonMonotonicOffsetError, OffsetGapError, throwIfBeyondLimit } from './append-errors.ts';
import type { LogProducers } from './log-producers.ts';
import { MAX_RELATIVE_OFFSET } from './roll-policy.ts';

/**
 * Checks the batches that a leader sent to a follower whose log ends at `end`: each is sound, and its offsets follow those
 * before it. Answers where each begins in the buffer.
 *
 * @param log its name, for the messages
 * @throws BatchError, INVALID_RECORD for a control batch that is none, NonMonotonicOffsetError, OffsetGapError,
 *   OffsetLimitError
 */
export const checkReplicated = (bytes: Buffer, log: string, end: Offset, producers: LogProducers): number[] => {
  const positions: number[] = [];
  let expected = end;
  for (let at = 0; at < bytes.length; ) {
    const sizeBytes = checkBatch(bytes, at);
    const base = baseOffsetOf(bytes, at);
    if (base < expected) throw new NonMonotonicOffsetError(log, expected, base, at);
    throwIfBeyondLimit(log, base, lastOffsetDeltaOf(bytes, at));
    const last = lastOffsetOf(bytes, at);
    if (last - expected > MAX_RELATIVE_OFFSET) throw new OffsetGapError(log, expected, last);
    producers.checkReplicated(bytes, at);
    expected = nextOffsetOf(bytes, at);
    positions.push(at);
    at += sizeBytes;
  }
  return positions;
};
