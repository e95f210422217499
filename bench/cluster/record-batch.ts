import { randomBytes } from 'node:crypto';
import { buildBatch } from '@barnabas/protocol';

/** As a producer would send it. It is sent again and again: nothing on this side writes into it. */
export type RecordBatch = { readonly bytes: Buffer; readonly records: number };

/** What one record takes beside its value: sizes, deltas, no key, no headers. */
const RECORD_OVERHEAD_BYTES = 6;

/** A batch of as many records, with values of `recordBytes` random bytes, as `batchBytes` have room for; at least one. */
export function fullBatch(recordBytes: number, batchBytes: number): RecordBatch {
  let records = Math.max(1, Math.floor(batchBytes / (recordBytes + RECORD_OVERHEAD_BYTES)));
  for (;;) {
    const bytes = batchOf(recordBytes, records);
    if (bytes.length <= batchBytes || records === 1) return { bytes, records };
    records--;
  }
}

function batchOf(recordBytes: number, records: number): Buffer {
  const timestamp = Date.now();
  return buildBatch({
    records: Array.from({ length: records }, () => ({ timestamp, key: null, value: randomBytes(recordBytes) })),
  });
}
