import { offset } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { buildBatch } from '../../src/record/batch-builder.ts';
import { readRecords, records } from '../../src/record/batch-reader.ts';
import { stampLogAppendTime } from '../../src/record/log-append-time.ts';

const TIME = 1_700_000_000_000;
const record = (value: string, timestamp = TIME) => ({ timestamp, key: null, value: Buffer.from(value) });
const two = (): Buffer => buildBatch({ baseOffset: offset(10), records: [record('a'), record('b', TIME - 5)] });
/** Where the second record of `two` begins; each takes one byte for each field, but the timestamp delta of -5 too. */
const SECOND_AT = 61 + 8;

const refused = (bytes: Buffer, reason: string | RegExp): void => {
  expect(() => readRecords(bytes)).toThrow(expect.objectContaining({ error: 'INVALID_RECORD', position: 0 }));
  expect(() => readRecords(bytes)).toThrow(reason);
};

describe('readRecords', () => {
  it('gives offsets, timestamps and sequences that count from the header', () => {
    const bytes = buildBatch({
      baseOffset: offset(10),
      baseSequence: 2147483647,
      records: [record('a'), record('b', 7)],
    });
    expect(readRecords(bytes)).toEqual([
      { offset: 10, timestamp: TIME, sequence: 2147483647, key: null, value: Buffer.from('a'), headers: [] },
      { offset: 11, timestamp: 7, sequence: 0, key: null, value: Buffer.from('b'), headers: [] },
    ]);
  });

  it("gives every record the batch's largest timestamp under LogAppendTime", () => {
    const bytes = two();
    stampLogAppendTime(bytes, 0, 42);
    expect(readRecords(bytes).map(({ timestamp }) => timestamp)).toEqual([42, 42]);
  });

  it('counts timestamps from the delete horizon where there is one', () => {
    const bytes = buildBatch({ deleteHorizonMs: TIME + 1000, records: [record('a'), record('b', TIME - 5)] });
    expect(readRecords(bytes).map(({ timestamp }) => timestamp)).toEqual([TIME, TIME - 5]);
  });

  it('copies no key or value out of an uncompressed batch', () => {
    const bytes = two();
    expect(readRecords(bytes)[0]?.value?.buffer).toBe(bytes.buffer);
  });

  it('refuses more or fewer records than the header counts', () => {
    for (const count of [1, 3, -1, 2147483647]) {
      const bytes = two();
      bytes.writeInt32BE(count, 57);
      refused(bytes, /records in|after the last record|bytes where 0 remain|beyond the end/);
    }
  });

  it('refuses a record whose length is not that of its fields', () => {
    for (const change of [-2, 2]) {
      const bytes = two();
      bytes[SECOND_AT] = (bytes[SECOND_AT] ?? 0) + change;
      refused(bytes, /remain|too many|beyond the end|after the last/);
    }
  });

  it('refuses a byte that belongs to a record and to no field of it', () => {
    const bytes = Buffer.concat([two().subarray(0, SECOND_AT), Buffer.alloc(1), two().subarray(SECOND_AT)]);
    bytes.writeInt32BE(bytes.length - 12, 8);
    bytes.writeInt8(bytes.readInt8(61) + 2, 61);
    refused(bytes, '1 bytes too many in the record');
  });

  it('refuses offsets that stand still, go back, or pass the last one', () => {
    for (const delta of [0, -1, 2]) {
      const bytes = two();
      bytes.writeInt8(delta < 0 ? -2 * delta - 1 : 2 * delta, SECOND_AT + 3);
      refused(bytes, /offset \d+ after 10, with 11 the last/);
    }
  });

  it('refuses lengths and counts below null', () => {
    for (const [at, reason] of [
      [SECOND_AT + 4, 'key of -2 bytes'],
      [SECOND_AT + 5, 'value of -2 bytes'],
      [SECOND_AT + 7, '-2 headers'],
    ] as const) {
      const bytes = two();
      bytes[at] = 3;
      refused(bytes, reason);
    }
  });

  it('refuses compressed bytes that are no stream of the codec', () => {
    for (const codec of [1, 2, 3, 4]) {
      const bytes = two();
      bytes.writeInt16BE(codec, 21);
      refused(bytes, 'do not decompress');
    }
  });

  it('refuses to decompress beyond the limit', () => {
    for (const codec of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
      const bytes = buildBatch({ codec, records: [record('x'.repeat(5000))] });
      expect(readRecords(bytes, 0, 6000)).toHaveLength(1);
      expect(() => readRecords(bytes, 0, 4000)).toThrow(expect.objectContaining({ error: 'MESSAGE_TOO_LARGE' }));
    }
  });

  it('refuses a codec that there is not, and a batch that is cut off', () => {
    const bytes = two();
    bytes.writeInt16BE(7, 21);
    expect(() => readRecords(bytes)).toThrow(expect.objectContaining({ error: 'UNSUPPORTED_COMPRESSION_TYPE' }));
    expect(() => readRecords(two().subarray(0, 70))).toThrow(expect.objectContaining({ error: 'CORRUPT_MESSAGE' }));
  });
});

describe('records', () => {
  it('gives the records before a malformed one, where a reader stops early', () => {
    const bytes = two();
    bytes[SECOND_AT] = 0;
    const [first] = records(bytes);
    expect(first?.value).toEqual(Buffer.from('a'));
  });
});
