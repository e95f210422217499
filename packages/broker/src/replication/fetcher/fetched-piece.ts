import { type ErrorName, errorByCode, type LeaderEpoch, leaderEpoch, type Offset } from '@barnabas/model';
import type { FetchResponse } from '@barnabas/protocol';
import { offsetFromWire } from '../../wire/wire-numbers.ts';
import type { FetchedRecords } from '../followed-partition.ts';

/** What an answer says of one partition. */
export type FetchedPiece =
  | { readonly kind: 'records'; readonly fetched: FetchedRecords }
  | { readonly kind: 'diverging'; readonly diverging: { readonly epoch: LeaderEpoch; readonly endOffset: Offset } }
  | { readonly kind: 'refused'; readonly error: ErrorName };

type FetchedPartition = FetchResponse['responses'][number]['partitions'][number];

const NO_RECORDS = Buffer.alloc(0);
const NOT_UNDERSTOOD: FetchedPiece = { kind: 'refused', error: 'CORRUPT_MESSAGE' };

export const fetchedPiece = (partition: FetchedPartition): FetchedPiece => {
  const { errorCode, divergingEpoch, records } = partition;
  if (errorCode !== 0) return { kind: 'refused', error: errorByCode(errorCode).name };
  if (divergingEpoch.epoch >= 0) {
    const endOffset = offsetFromWire(divergingEpoch.endOffset);
    if (endOffset === undefined) return NOT_UNDERSTOOD;
    return { kind: 'diverging', diverging: { epoch: leaderEpoch(divergingEpoch.epoch), endOffset } };
  }
  const highWatermark = offsetFromWire(partition.highWatermark);
  const logStartOffset = offsetFromWire(partition.logStartOffset);
  if (highWatermark === undefined || logStartOffset === undefined) return NOT_UNDERSTOOD;
  return { kind: 'records', fetched: { records: records ?? NO_RECORDS, highWatermark, logStartOffset } };
};
