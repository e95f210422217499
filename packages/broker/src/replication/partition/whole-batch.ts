import type { Offset } from '@barnabas/model';
import { baseOffsetOf, checkBatch, nextOffsetOf } from '@barnabas/protocol';
import type { Log } from '@barnabas/storage';

/**
 * Where an empty log has to begin so that what a leader sent can be appended; undefined where it begins there already.
 *
 * A leader's log may begin within a batch, once records were deleted up to there. A replica that has nothing begins there, too,
 * asks for that offset, and is sent the batch as a whole.
 *
 * Source: Kafka's handling of UnexpectedAppendOffsetException in Partition.
 *
 * @throws BatchError where the first batch is none
 */
export function startOfWholeBatch({ startOffset, endOffset }: Log, records: Buffer): Offset | undefined {
  if (startOffset !== endOffset || records.length === 0) return undefined;
  checkBatch(records, 0);
  const base = baseOffsetOf(records);
  return base < endOffset && nextOffsetOf(records) > endOffset ? base : undefined;
}
