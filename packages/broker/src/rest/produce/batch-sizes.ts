import type { RecordContent } from '@barnabas/protocol';

/** The most that varints, attributes and lengths add to the bytes of a record, and to those of a header. */
const RECORD_OVERHEAD_BYTES = 40;
const HEADER_OVERHEAD_BYTES = 10;

const sizeBytesOf = ({ key, value, headers = [] }: RecordContent): number => {
  let sizeBytes = RECORD_OVERHEAD_BYTES + (key?.length ?? 0) + (value?.length ?? 0);
  for (const header of headers) {
    sizeBytes += HEADER_OVERHEAD_BYTES + 3 * header.key.length + (header.value?.length ?? 0);
  }
  return sizeBytes;
};

/** Cuts records into runs of at most `limitBytes`; a record that is larger by itself is a run of its own. */
export const cutIntoBatches = <R extends RecordContent>(records: readonly R[], limitBytes: number): R[][] => {
  const batches: R[][] = [];
  let current: R[] = [];
  let currentBytes = 0;
  for (const record of records) {
    const sizeBytes = sizeBytesOf(record);
    if (current.length > 0 && currentBytes + sizeBytes > limitBytes) {
      batches.push(current);
      current = [];
      currentBytes = 0;
    }
    current.push(record);
    currentBytes += sizeBytes;
  }
  if (current.length > 0) batches.push(current);
  return batches;
};
