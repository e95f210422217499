import { DEFAULT_LOG_CONFIG, type LogConfig, producerId } from '@barnabas/model';
import {
  baseSequenceOf,
  buildBatch,
  CODECS,
  checkBatch,
  codecOf,
  isTransactional,
  maxTimestampOf,
  producerEpochOf,
  producerIdOf,
  readRecords,
  timestampTypeOf,
} from '@barnabas/protocol';
import { describe, expect, it } from 'vitest';
import { prepareLeaderBatch } from '../../src/log/leader-batch.ts';
import { marker, produced, sequenced, T0 } from './batches.ts';

const prepare = (bytes: Buffer, config: Partial<LogConfig>, nowMs = T0) =>
  prepareLeaderBatch(bytes, { ...DEFAULT_LOG_CONFIG, ...config }, nowMs);

const withTimestamps = (...timestamps: number[]): Buffer =>
  buildBatch({ records: timestamps.map((timestamp) => ({ key: null, value: null, headers: [], timestamp })) });

describe('prepareLeaderBatch', () => {
  it('leaves a batch as it is where the topic asks for nothing', () => {
    const bytes = produced({ codec: 'lz4', count: 3 });
    const before = Buffer.from(bytes);
    const prepared = prepare(bytes, {});
    expect(prepared).toEqual({ bytes: before, appendTimeMs: undefined });
    expect(prepared.bytes).toBe(bytes);
  });

  it('gives all records the time of the append where the topic has LogAppendTime', () => {
    const { bytes, appendTimeMs } = prepare(withTimestamps(5, 9), { messageTimestampType: 'LogAppendTime' }, T0 + 3);
    expect(appendTimeMs).toBe(T0 + 3);
    expect([timestampTypeOf(bytes), maxTimestampOf(bytes)]).toEqual(['LogAppendTime', T0 + 3]);
    expect(readRecords(bytes).map(({ timestamp }) => timestamp)).toEqual([T0 + 3, T0 + 3]);
    checkBatch(bytes, 0);
  });

  it.each(
    CODECS.flatMap((from) =>
      (['uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'] as const).map((to) => [from, to] as const),
    ),
  )('turns %s into %s, and keeps the records and the producer', (from, to) => {
    const sent = sequenced(2 ** 31 - 2, {
      count: 3,
      codec: from,
      producerId: producerId(2 ** 40),
      producerEpoch: 9,
      transactional: true,
    });
    const records = readRecords(sent);
    const { bytes } = prepare(sent, { compressionType: to });
    checkBatch(bytes, 0);
    expect(codecOf(bytes)).toBe(to === 'uncompressed' ? 'none' : to);
    expect(readRecords(bytes)).toEqual(records);
    expect([producerIdOf(bytes), producerEpochOf(bytes), baseSequenceOf(bytes), isTransactional(bytes)]).toEqual([
      2 ** 40,
      9,
      2 ** 31 - 2,
      true,
    ]);
  });

  it('does not compress the marker of a transaction', () => {
    const sent = marker('commit', 8);
    expect(prepare(sent, { compressionType: 'gzip' }).bytes.equals(marker('commit', 8))).toBe(true);
  });

  it('gives a batch that it has compressed the time of the append as well', () => {
    const config = { compressionType: 'zstd', messageTimestampType: 'LogAppendTime' } as const;
    const { bytes } = prepare(withTimestamps(5, 9), config, T0 + 3);
    expect([codecOf(bytes), maxTimestampOf(bytes)]).toEqual(['zstd', T0 + 3]);
    checkBatch(bytes, 0);
  });

  it('wants keys where the topic is compacted, also beside deletion', () => {
    for (const cleanupPolicy of [['compact'], ['compact', 'delete']] as const) {
      prepare(produced(), { cleanupPolicy: [...cleanupPolicy] });
      expect(() => prepare(produced({ key: null }), { cleanupPolicy: [...cleanupPolicy] })).toThrow(
        expect.objectContaining({ error: 'INVALID_RECORD' }),
      );
    }
    prepare(produced({ key: null }), { cleanupPolicy: ['delete'] });
  });

  it('refuses a batch that is larger than the topic takes, as it comes and as it would be in the log', () => {
    const bytes = produced({ valueBytes: 5000 });
    prepare(bytes, { maxMessageBytes: bytes.length });
    expect(() => prepare(bytes, { maxMessageBytes: bytes.length - 1 })).toThrow(
      expect.objectContaining({ error: 'MESSAGE_TOO_LARGE' }),
    );
    // As Kafka does: what would shrink has to be small enough all the same.
    expect(() => prepare(bytes, { maxMessageBytes: 1000, compressionType: 'gzip' })).toThrow(/5\d\d\d bytes/);
    const zipped = produced({ valueBytes: 5000, codec: 'gzip' });
    expect(() => prepare(zipped, { maxMessageBytes: 1000, compressionType: 'uncompressed' })).toThrow(/5\d\d\d bytes/);
  });

  it('refuses a batch that is larger than a segment', () => {
    const bytes = produced({ valueBytes: 5000 });
    prepare(bytes, { segmentBytes: bytes.length });
    expect(() => prepare(bytes, { segmentBytes: bytes.length - 1 })).toThrow(
      expect.objectContaining({ error: 'RECORD_LIST_TOO_LARGE' }),
    );
  });

  describe('with bounds on timestamps', () => {
    const bounds = { messageTimestampBeforeMaxMs: 10, messageTimestampAfterMaxMs: 5 };

    it.each([[[T0 - 10, T0 + 5]], [[-1]], [[T0, -1]]])('takes %j', (timestamps) => {
      prepare(withTimestamps(...timestamps), bounds);
    });

    it.each([[[T0 - 11]], [[T0, T0 - 11, T0]], [[T0 + 6]], [[T0 + 6, T0]]])('refuses %j', (timestamps) => {
      const bytes = withTimestamps(...timestamps);
      const before = Buffer.from(bytes);
      expect(() => prepare(bytes, bounds)).toThrow(expect.objectContaining({ error: 'INVALID_TIMESTAMP' }));
      expect(bytes).toEqual(before);
    });

    it('does not ask for the time of records that get that of the append', () => {
      prepare(withTimestamps(1), { ...bounds, messageTimestampType: 'LogAppendTime' });
    });
  });
});
