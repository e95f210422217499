import { offset, producerId } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { type BatchInput, buildBatch, buildEmptyBatch } from '../../src/record/batch-builder.ts';
import { stampLogAppendTime } from '../../src/record/log-append-time.ts';
import { checkProducedBatch } from '../../src/record/produced-batch-check.ts';

const record = { timestamp: 1_700_000_000_000, key: null, value: Buffer.from('v') };
const produced = (changes: Partial<BatchInput> = {}): Buffer => buildBatch({ records: [record, record], ...changes });
const idempotent = { producerId: producerId(9), producerEpoch: 1, baseSequence: 0 };

describe('checkProducedBatch', () => {
  it.each<[string, Partial<BatchInput>]>([
    ['a plain producer', {}],
    ['an idempotent one', idempotent],
    ['a transactional one', { ...idempotent, transactional: true }],
    ['KafkaJS, with epoch and sequence 0 but no producer id', { producerEpoch: 0, baseSequence: 0 }],
  ])('takes a batch of %s', (_, changes) => {
    const bytes = produced(changes);
    expect(checkProducedBatch(bytes, 0)).toBe(bytes.length);
  });

  it.each<[string, Partial<BatchInput>]>([
    ['a base offset', { baseOffset: offset(1) }],
    ['offsets without records', { lastOffsetDelta: 2 }],
    ['a control batch', { control: true }],
    ['a delete horizon', { deleteHorizonMs: 1 }],
    ['a producer id without a sequence', { ...idempotent, baseSequence: -1 }],
    ['a producer id without an epoch', { ...idempotent, producerEpoch: -1 }],
    ['a transaction without a producer id', { transactional: true }],
  ])('refuses %s', (_, changes) => {
    expect(() => checkProducedBatch(produced(changes), 0)).toThrow(
      expect.objectContaining({ error: 'INVALID_RECORD' }),
    );
  });

  it('refuses a batch of no records', () => {
    const bytes = buildEmptyBatch({ baseOffset: offset(0), lastOffsetDelta: 0, maxTimestamp: 0 });
    expect(() => checkProducedBatch(bytes, 0)).toThrow('no records');
  });

  it('refuses a second batch behind the first', () => {
    const bytes = Buffer.concat([produced(), produced()]);
    expect(() => checkProducedBatch(bytes, 0)).toThrow('more than one batch');
    expect(checkProducedBatch(bytes, 0, bytes.length / 2)).toBe(bytes.length / 2);
  });

  it("refuses the log's append time", () => {
    const bytes = produced();
    stampLogAppendTime(bytes, 0, 5);
    expect(() => checkProducedBatch(bytes, 0)).toThrow(expect.objectContaining({ error: 'INVALID_TIMESTAMP' }));
  });

  it('refuses a bad checksum before anything else', () => {
    const bytes = produced({ control: true });
    bytes[65] = (bytes[65] ?? 0) ^ 4;
    expect(() => checkProducedBatch(bytes, 0)).toThrow(expect.objectContaining({ error: 'CORRUPT_MESSAGE' }));
  });
});
