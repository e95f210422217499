import type { LogRecord } from '@barnabas/protocol';

const LENGTH_BYTES = 4;
const NO_VALUE = -1;

/** The values of records, nothing else of them: of each an int32, big-endian, with its length, and itself; -1 for none. */
export const valuesOf = (records: readonly LogRecord[]): Buffer => Buffer.concat(records.flatMap(lengthAndValue));

const lengthAndValue = ({ value }: LogRecord): Buffer[] => {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeInt32BE(value?.length ?? NO_VALUE);
  return value === null ? [length] : [length, value];
};
