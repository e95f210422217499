import { offset } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { buildBatch, buildEmptyBatch } from '../../src/record/batch-builder.ts';
import { checkBatch, tryCheckBatch } from '../../src/record/batch-check.ts';
import {
  ATTRIBUTES_AT,
  attributesOf,
  baseOffsetOf,
  baseSequenceOf,
  baseTimestampOf,
  batchBytesOf,
  CODECS,
  codecOf,
  crcOf,
  deleteHorizonMsOf,
  isControl,
  isTransactional,
  LOG_OVERHEAD_BYTES,
  lastOffsetDeltaOf,
  lastOffsetOf,
  lastSequenceOf,
  leaderEpochOf,
  magicOf,
  maxTimestampOf,
  producerEpochOf,
  producerIdOf,
  recordCountOf,
  timestampTypeOf,
} from '../../src/record/batch-header.ts';
import { readRecords } from '../../src/record/batch-reader.ts';
import { batchesIn } from '../../src/record/batch-walker.ts';
import { readControlRecord } from '../../src/record/control-record.ts';
import { stampLogAppendTime } from '../../src/record/log-append-time.ts';
import type { LogRecord } from '../../src/record/record.ts';
import { type ExpectedRecord, type GoldenBatch, goldenBatches } from './golden-batches.ts';

const golden = goldenBatches();
const sound = golden.filter(({ expected }) => expected.invalid === undefined);
const withRecords = sound.filter(({ expected }) => expected.count > 0);

const headerOf = (bytes: Buffer, at: number): Record<string, unknown> => ({
  baseOffset: baseOffsetOf(bytes, at),
  lastOffset: lastOffsetOf(bytes, at),
  batchLength: batchBytesOf(bytes, at) - LOG_OVERHEAD_BYTES,
  partitionLeaderEpoch: leaderEpochOf(bytes, at),
  magic: magicOf(bytes, at),
  crc: crcOf(bytes, at),
  attributes: attributesOf(bytes, at),
  codec: codecOf(bytes, at),
  timestampType: timestampTypeOf(bytes, at),
  transactional: isTransactional(bytes, at),
  control: isControl(bytes, at),
  lastOffsetDelta: lastOffsetDeltaOf(bytes, at),
  baseTimestamp: baseTimestampOf(bytes, at),
  maxTimestamp: maxTimestampOf(bytes, at),
  producerId: producerIdOf(bytes, at),
  producerEpoch: producerEpochOf(bytes, at),
  baseSequence: baseSequenceOf(bytes, at),
  lastSequence: lastSequenceOf(bytes, at),
  count: recordCountOf(bytes, at),
  deleteHorizonMs: deleteHorizonMsOf(bytes, at),
});

const base64 = (bytes: Buffer | null): string | null => bytes?.toString('base64') ?? null;

/** A record in the words of the golden data, which leaves out what is not there. */
const describeRecord = (record: LogRecord, isControlRecord: boolean): ExpectedRecord => {
  const control = isControlRecord ? readControlRecord(record) : undefined;
  return {
    offset: record.offset,
    timestamp: record.timestamp,
    ...(record.sequence >= 0 && { sequence: record.sequence }),
    key: base64(record.key),
    value: base64(record.value),
    ...(record.headers.length > 0 && {
      headers: record.headers.map(({ key, value }) => [key, base64(value)] as const),
    }),
    ...(control && { control: control.kind.toUpperCase() }),
    ...(control && 'coordinatorEpoch' in control && { coordinatorEpoch: control.coordinatorEpoch }),
  };
};

/** The batch alone, its timestamp type back at create time: so that the timestamps that the producer gave come out. */
const asProduced = ({ segment, at }: GoldenBatch): Buffer => {
  const copy = Buffer.from(segment.subarray(at, at + batchBytesOf(segment, at)));
  copy.writeInt16BE(attributesOf(copy) & ~0x08, ATTRIBUTES_AT);
  return copy;
};

const originOf = (bytes: Buffer) => ({
  baseOffset: baseOffsetOf(bytes),
  leaderEpoch: leaderEpochOf(bytes),
  lastOffsetDelta: lastOffsetDeltaOf(bytes),
  producerId: producerIdOf(bytes),
  producerEpoch: producerEpochOf(bytes),
  baseSequence: baseSequenceOf(bytes),
  transactional: isTransactional(bytes),
  control: isControl(bytes),
});

const rebuild = (batch: GoldenBatch, codec = codecOf(batch.segment, batch.at) ?? 'none'): Buffer => {
  const produced = asProduced(batch);
  const deleteHorizonMs = deleteHorizonMsOf(produced);
  const origin = originOf(produced);
  const maxTimestamp = maxTimestampOf(produced);
  const rebuilt =
    recordCountOf(produced) === 0
      ? buildEmptyBatch({ ...origin, maxTimestamp })
      : buildBatch({
          ...origin,
          codec,
          records: readRecords(produced),
          ...(deleteHorizonMs !== undefined && { deleteHorizonMs }),
        });
  if (batch.expected.timestampType === 'LogAppendTime') stampLogAppendTime(rebuilt, 0, maxTimestamp);
  return rebuilt;
};

describe('the golden batches', () => {
  it('are of every kind that the other tests here speak of', () => {
    expect(golden.length).toBeGreaterThan(1000);
    expect(new Set(golden.map(({ expected }) => expected.codec))).toEqual(new Set(CODECS));
    for (const type of ['CreateTime', 'LogAppendTime']) {
      expect(sound.some(({ expected }) => expected.timestampType === type)).toBe(true);
    }
    expect(golden.some(({ expected }) => expected.invalid !== undefined)).toBe(true);
    expect(golden.some(({ expected }) => expected.control)).toBe(true);
    expect(golden.some(({ expected }) => expected.count === 0)).toBe(true);
    expect(golden.some(({ expected }) => expected.deleteHorizonMs !== undefined)).toBe(true);
  });

  it('have the header fields that Kafka reads', () => {
    for (const { place, segment, at, expected } of golden) {
      const { records: _, invalid: __, ...header } = expected;
      expect({ place, deleteHorizonMs: undefined, ...header }).toEqual({ place, ...headerOf(segment, at) });
    }
  });

  it('have the records that Kafka reads', () => {
    for (const { place, segment, at, expected } of sound) {
      const records = readRecords(segment, at).map((record) => describeRecord(record, expected.control));
      expect({ place, records }).toEqual({ place, records: expected.records });
    }
  });

  it('pass the check with their size, but for the one that Kafka calls invalid', () => {
    for (const { place, segment, at } of sound) {
      expect({ place, sizeBytes: checkBatch(segment, at) }).toEqual({ place, sizeBytes: batchBytesOf(segment, at) });
    }
    for (const { segment, at, expected } of golden.filter((batch) => batch.expected.invalid !== undefined)) {
      expect(expected.invalid).toContain('stored crc');
      expect(() => checkBatch(segment, at)).toThrow(
        expect.objectContaining({ error: 'CORRUPT_MESSAGE', position: at }),
      );
      expect(tryCheckBatch(segment, at)).toMatchObject({ ok: false, incomplete: false });
    }
  });

  it('are walked where Kafka finds them', () => {
    const positions = new Map<Buffer, number[]>();
    for (const { segment, at } of golden) positions.set(segment, [...(positions.get(segment) ?? []), at]);
    for (const [segment, expected] of positions) {
      const end = expected.map((at) => at + batchBytesOf(segment, at)).at(-1);
      expect([...batchesIn(segment.subarray(0, end))]).toEqual(expected);
    }
  });

  it('are built anew byte for byte where nothing is compressed', () => {
    for (const batch of sound.filter(({ expected }) => expected.codec === 'none')) {
      const original = batch.segment.subarray(batch.at, batch.at + batchBytesOf(batch.segment, batch.at));
      expect({ place: batch.place, bytes: rebuild(batch).toString('hex') }).toEqual({
        place: batch.place,
        bytes: original.toString('hex'),
      });
    }
  });

  it.each(CODECS)('decode to the same records after they were built anew with %s', (codec) => {
    const sample =
      codec === 'none'
        ? withRecords
        : withRecords.filter(({ expected }, i) => expected.codec === codec || i % 10 === 0);
    for (const batch of sample) {
      const rebuilt = rebuild(batch, codec);
      expect(checkBatch(rebuilt, 0)).toBe(rebuilt.length);
      expect(codecOf(rebuilt)).toBe(codec);
      expect({ place: batch.place, records: readRecords(rebuilt) }).toEqual({
        place: batch.place,
        records: readRecords(batch.segment, batch.at),
      });
      expect(baseOffsetOf(rebuilt)).toBe(offset(baseOffsetOf(batch.segment, batch.at)));
    }
  });
});
