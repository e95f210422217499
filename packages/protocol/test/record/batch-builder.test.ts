import { leaderEpoch, offset, producerId } from '@barnabas/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildBatch, buildEmptyBatch, buildEndTransactionMarker } from '../../src/record/batch-builder.ts';
import { checkBatch } from '../../src/record/batch-check.ts';
import * as header from '../../src/record/batch-header.ts';
import { readRecords } from '../../src/record/batch-reader.ts';
import { readControlRecord } from '../../src/record/control-record.ts';
import { arbitraryBatch } from './arbitrary-batch.ts';

const record = { timestamp: 5, key: null, value: null };

describe('buildBatch', () => {
  it('makes what reads back as the same records, with every codec', () => {
    fc.assert(
      fc.property(arbitraryBatch, (input) => {
        const bytes = buildBatch(input);
        expect(checkBatch(bytes, 0)).toBe(bytes.length);
        expect(header.codecOf(bytes)).toBe(input.codec);
        expect(header.producerIdOf(bytes)).toBe(input.producerId);
        const read = readRecords(bytes).map(({ sequence: _, ...rest }) => rest);
        expect(read).toEqual(input.records.map(({ headers = [], ...rest }) => ({ ...rest, headers })));
      }),
      { numRuns: 300 },
    );
  });

  it('numbers records from the base offset where they have no offsets', () => {
    const bytes = buildBatch({ baseOffset: offset(4), records: [record, { ...record, offset: offset(8) }, record] });
    expect(readRecords(bytes).map((read) => read.offset)).toEqual([4, 8, 9]);
    expect(header.lastOffsetOf(bytes)).toBe(9);
  });

  it('says nothing of leader, producer or transaction by itself', () => {
    const bytes = buildBatch({ records: [record] });
    expect(header.leaderEpochOf(bytes)).toBe(-1);
    expect(header.producerIdOf(bytes)).toBe(-1);
    expect(header.producerEpochOf(bytes)).toBe(-1);
    expect(header.baseSequenceOf(bytes)).toBe(-1);
    expect(header.attributesOf(bytes)).toBe(0);
  });

  it('refuses no records, and offsets that do not rise or pass the last one', () => {
    const invalid = expect.objectContaining({ error: 'INVALID_RECORD' });
    const at = (place: number) => ({ ...record, offset: offset(place) });
    expect(() => buildBatch({ records: [] })).toThrow(invalid);
    expect(() => buildBatch({ records: [at(3), at(3)] })).toThrow(invalid);
    expect(() => buildBatch({ baseOffset: offset(4), records: [at(3)] })).toThrow(invalid);
    expect(() => buildBatch({ lastOffsetDelta: 1, records: [at(3)] })).toThrow(invalid);
  });

  it('refuses timestamps that are no safe integers, or that are too far apart', () => {
    const invalid = expect.objectContaining({ error: 'INVALID_TIMESTAMP' });
    const far = Number.MAX_SAFE_INTEGER;
    expect(() => buildBatch({ records: [{ ...record, timestamp: 0.5 }] })).toThrow(invalid);
    expect(() => buildBatch({ records: [{ ...record, timestamp: 2 ** 53 }] })).toThrow(invalid);
    expect(() => buildBatch({ records: [record, { ...record, timestamp: -far }] })).toThrow(invalid);
  });
});

describe('buildEmptyBatch', () => {
  it('keeps offsets and sequences of what was compacted away', () => {
    const bytes = buildEmptyBatch({
      baseOffset: offset(33),
      lastOffsetDelta: 1,
      maxTimestamp: 1_700_086_677_747,
      producerId: producerId(3),
      producerEpoch: 0,
      baseSequence: 11,
    });
    expect(checkBatch(bytes, 0)).toBe(61);
    expect(header.lastOffsetOf(bytes)).toBe(34);
    expect(header.lastSequenceOf(bytes)).toBe(12);
    expect(readRecords(bytes)).toEqual([]);
  });
});

describe('buildEndTransactionMarker', () => {
  it.each(['commit', 'abort'] as const)('makes a control batch that says %s', (kind) => {
    const bytes = buildEndTransactionMarker({
      kind,
      producerId: producerId(2),
      producerEpoch: 1,
      coordinatorEpoch: 6,
      timestamp: 1_795_254_764_049,
      baseOffset: offset(6),
      leaderEpoch: leaderEpoch(3),
    });
    const [marker] = readRecords(bytes);
    expect(checkBatch(bytes, 0)).toBe(78);
    expect(header.isControl(bytes) && header.isTransactional(bytes)).toBe(true);
    expect(marker?.offset).toBe(6);
    expect(marker && readControlRecord(marker)).toEqual({ kind, coordinatorEpoch: 6 });
  });
});
