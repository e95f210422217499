import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatTopicPartition, type TopicPartition } from '@barnabas/model';
import { batchBytesOf, batchesIn, readRecords } from '@barnabas/protocol';
import type { Found } from './audit.ts';

/** The batches of a replica, of all its segments, as they stand on the disk. Where they are cut into segments is its own affair. */
export function replicaBytes(dataDir: string, partition: TopicPartition): Buffer {
  const dir = join(dataDir, formatTopicPartition(partition));
  const segments = readdirSync(dir).filter((name) => name.endsWith('.log'));
  return Buffer.concat(segments.sort().map((name) => readFileSync(join(dir, name))));
}

/** The offset in the bytes from which on they are not the same; undefined where they are. */
export function firstDifference(one: Buffer, other: Buffer): number | undefined {
  if (one.equals(other)) return undefined;
  const at = one.findIndex((byte, index) => byte !== other[index]);
  return at < 0 ? one.length : at;
}

/** The records in the batches. @throws RangeError where the last batch is not whole */
export function recordsIn(bytes: Buffer): Found[] {
  const found: Found[] = [];
  for (const at of batchesIn(bytes)) {
    if (at + batchBytesOf(bytes, at) > bytes.length) throw new RangeError(`the batch at ${at} is not whole`);
    for (const { offset, value } of readRecords(bytes, at)) found.push({ offset, text: `${value}` });
  }
  return found;
}
