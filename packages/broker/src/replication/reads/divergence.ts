import type { LeaderEpoch, Offset } from '@barnabas/model';
import type { Log } from '@barnabas/storage';

/** How the log of who fetches and the leader's part, where the last epoch of the one is known. */
export type Agreement =
  | { readonly kind: 'agree' }
  | { readonly kind: 'diverge'; readonly epoch: LeaderEpoch; readonly endOffset: Offset }
  /** The leader's log says nothing of where they part, or no longer reaches back so far. */
  | { readonly kind: 'outOfRange' };

const AGREE: Agreement = { kind: 'agree' };
const OUT_OF_RANGE: Agreement = { kind: 'outOfRange' };

/**
 * Whether a fetch from `from` goes on where a log ends whose last epoch is `lastFetchedEpoch`: the leader's own end of that
 * epoch tells. Diverging, it is answered with the largest epoch up to that one which the leader has, and its end (rule 4).
 *
 * Source: KIP-595's truncation on fetch, Kafka's Partition.readRecords.
 */
export function agreementOn(log: Log, from: Offset, lastFetchedEpoch: LeaderEpoch | undefined): Agreement {
  if (lastFetchedEpoch !== undefined) {
    const end = log.endOffsetForEpoch(lastFetchedEpoch);
    if (end === undefined || from < log.startOffset) return OUT_OF_RANGE;
    if (end.epoch < lastFetchedEpoch || end.endOffset < from) return { kind: 'diverge', ...end };
  }
  return from < log.startOffset || from > log.endOffset ? OUT_OF_RANGE : AGREE;
}
