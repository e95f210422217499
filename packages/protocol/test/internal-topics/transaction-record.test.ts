import { describe, expect, it } from 'vitest';
import { TransactionLogValue, transactionStateOf } from '../../src/internal-topics/transaction-log.ts';
import { decodeTransactionRecord, encodeTransaction } from '../../src/internal-topics/transaction-record.ts';
import { encodeVersioned } from '../../src/internal-topics/versioned.ts';
import { MalformedMessageError } from '../../src/schema/message-errors.ts';
import { goldenRecordsOf, plain } from './golden-records.ts';

const GOLDEN = goldenRecordsOf('__transaction_state');
const UNKNOWN_KEY = Buffer.from('000100', 'hex');

const decoded = (key: Buffer, value: Buffer | null) => {
  const record = decodeTransactionRecord(key, value);
  if (record.type === 'unknown') throw new Error(`key version ${record.keyVersion}`);
  return record;
};

describe("the records of Kafka's __transaction_state", () => {
  it('are there', () => {
    expect(GOLDEN.length).toBeGreaterThan(80);
  });

  it('decode to what Kafka decodes', () => {
    for (const { key, value, expected } of GOLDEN) {
      const record = decoded(key, value);
      expect(record.key).toEqual({ version: expected.keyVersion, data: expected.key });
      expect(record.value?.version).toBe(expected.valueVersion);
      expect(plain(record.value?.data)).toEqual(expected.value);
    }
  });

  it('come back byte for byte', () => {
    for (const { key, value } of GOLDEN) {
      const record = decoded(key, value);
      expect(encodeTransaction(record.key.data, record.value?.data ?? null)).toEqual({ key, value });
    }
  });
});

describe('decodeTransactionRecord', () => {
  it('reads a value of version 1, and keeps tags it does not know', () => {
    const data = {
      producerId: 7n,
      producerEpoch: 1,
      transactionTimeoutMs: 60_000,
      transactionStatus: 1,
      transactionPartitions: [{ topic: 't', partitionIds: [0, 1] }],
      transactionLastUpdateTimestampMs: 5n,
      transactionStartTimestampMs: 4n,
      unknownTags: [{ tag: 2, bytes: Buffer.from('0001', 'hex') }],
    };
    const { key } = encodeTransaction({ transactionalId: 'id' }, null);
    const value = encodeVersioned(TransactionLogValue, 1, data);
    expect(decoded(key, value).value).toEqual({ version: 1, data });
  });

  it('reads a tombstone', () => {
    const { key, value } = encodeTransaction({ transactionalId: 'id' }, null);
    expect(decoded(key, value)).toEqual({
      type: 'transaction',
      key: { version: 0, data: { transactionalId: 'id' } },
      value: null,
    });
  });

  it('answers that a key of another version is unknown', () => {
    expect(decodeTransactionRecord(UNKNOWN_KEY, null)).toEqual({ type: 'unknown', keyVersion: 1 });
  });

  it('throws on a key without a version', () => {
    expect(() => decodeTransactionRecord(Buffer.alloc(1), null)).toThrow(MalformedMessageError);
  });
});

describe('transactionStateOf', () => {
  it('names the states by their numbers', () => {
    expect([0, 1, 5, 7, 8, -1].map(transactionStateOf)).toEqual([
      'Empty',
      'Ongoing',
      'CompleteAbort',
      'PrepareEpochFence',
      undefined,
      undefined,
    ]);
  });
});
