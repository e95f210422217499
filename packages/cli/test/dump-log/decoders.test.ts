import {
  type BatchInput,
  buildBatch,
  encodeGroupMetadata,
  encodeSubscription,
  encodeTransaction,
} from '@barnabas/protocol';
import { describe, expect, it } from 'vitest';
import { temporaryLog } from './dumped.ts';

type Contents = { readonly key: Buffer | null; readonly value: Buffer | null };

const batchOf = (...contents: readonly Contents[]): Buffer => {
  const records: BatchInput['records'] = contents.map((content) => ({ timestamp: 1, ...content }));
  return buildBatch({ records });
};

describe('--offsets-decoder', () => {
  const log = temporaryLog();
  const decoded = async (...contents: readonly Contents[]): Promise<string[]> => {
    log.write('0.log', batchOf(...contents));
    const { out } = await log.dump('--offsets-decoder', '--skip-record-metadata', '0.log');
    return out.trimEnd().split('\n').slice(3);
  };

  it('leaves in base64 what a member said in another protocol', async () => {
    const subscription = encodeSubscription({ topics: ['t'] });
    const member = { memberId: 'm', clientId: 'c', clientHost: '/h', rebalanceTimeout: 1, sessionTimeout: 2 };
    const group = {
      protocolType: 'consumer',
      generation: 1,
      protocol: null,
      leader: null,
      members: [{ ...member, subscription, assignment: Buffer.from([0]) }],
    };
    const [line] = await decoded(encodeGroupMetadata({ group: 'g' }, group));
    expect(line).toContain('"subscription":{"topics":["t"]');
    expect(line).toContain('"assignment":"AA=="');
  });

  it('says in place of a key what it cannot decode, and goes on', async () => {
    const lines = await decoded(
      { key: Buffer.from([0, 99]), value: null },
      { key: Buffer.from([0]), value: null },
      { key: Buffer.from([0, 2, 0, 9]), value: null },
      { ...encodeGroupMetadata({ group: 'g' }, null), value: Buffer.from([0]) },
      encodeGroupMetadata({ group: 'g' }, null),
    );
    expect(lines).toEqual([
      '| key: Unknown record type 99 at offset 0, skipping.',
      "| key: Error at offset 1, skipping. Could not read version from key's buffer.",
      expect.stringMatching(
        /^\| key: Error at offset 2, skipping\. Could not read record with version 2 from key's buffer/,
      ),
      "| key: Error at offset 3, skipping. Could not read version from value's buffer.",
      '| key: {"type":"2","data":{"group":"g"}} payload: <DELETE>',
    ]);
  });

  it('ends at a record without a key, of which the metadata is printed', async () => {
    log.write('0.log', batchOf({ key: null, value: Buffer.from('x') }));
    const { exit, out, err } = await log.dump('--offsets-decoder', '0.log');
    expect(out).toMatch(/headerKeys: \[]$/);
    expect([exit, err]).toEqual([1, 'barnabas: 0.log, batch at byte 0: no key at offset 0, so no record of a group\n']);
  });
});

describe('--transaction-log-decoder', () => {
  const log = temporaryLog();

  it('tells tombstones and keys of another version', async () => {
    const tombstone = encodeTransaction({ transactionalId: 'gone' }, null);
    log.write('0.log', batchOf(tombstone, { key: Buffer.from([0, 7]), value: null }));
    const { out } = await log.dump('--transaction-log-decoder', '--skip-record-metadata', '0.log');
    expect(out.trimEnd().split('\n').slice(3)).toEqual([
      '| key: transaction_metadata::transactionalId=gone payload: <DELETE>',
      '| key: unknown::version=7',
    ]);
  });

  it('ends at a state that is none', async () => {
    const value = {
      producerId: 1n,
      producerEpoch: 0,
      transactionTimeoutMs: 1,
      transactionStatus: 9,
      transactionPartitions: [],
      transactionLastUpdateTimestampMs: 0n,
      transactionStartTimestampMs: 0n,
    };
    log.write('0.log', batchOf(encodeTransaction({ transactionalId: 't' }, value)));
    const { exit, err } = await log.dump('--transaction-log-decoder', '0.log');
    expect([exit, err]).toEqual([1, 'barnabas: 0.log, batch at byte 0: 9 is the state of no transaction\n']);
  });
});

describe('--key-decoder-class and --value-decoder-class', () => {
  const log = temporaryLog();
  const numbers = { key: Buffer.from('00000000000000ff', 'hex'), value: Buffer.from('fffffffe', 'hex') };
  const dumped = async (...flags: readonly string[]): Promise<string[]> => {
    log.write('0.log', batchOf(numbers));
    const { out } = await log.dump(...flags, '--skip-record-metadata', '0.log');
    return out.trimEnd().split('\n');
  };

  it('print numbers', async () => {
    const kafka = 'org.apache.kafka.tools.api';
    const lines = await dumped(
      '--key-decoder-class',
      `${kafka}.LongDecoder`,
      '--value-decoder-class',
      `${kafka}.IntegerDecoder`,
    );
    expect(lines.at(-1)).toBe('| key: 255 payload: -2');
  });

  it('say like Kafka that a name is an old one', async () => {
    const lines = await dumped('--key-decoder-class', 'kafka.serializer.LongDecoder', '--value-decoder-class');
    expect(lines[1]).toBe(
      'kafka.serializer.LongDecoder is deprecated. Please use org.apache.kafka.tools.api.LongDecoder instead',
    );
    expect(lines.at(-1)).toBe('| key: 255 payload: \ufffd\ufffd\ufffd\ufffd');
  });

  it('end at bytes that are too few', async () => {
    log.write('0.log', batchOf(numbers));
    const flags = ['--value-decoder-class', 'org.apache.kafka.tools.api.LongDecoder'];
    const { exit, err } = await log.dump(...flags, '0.log');
    expect([exit, err]).toEqual([1, 'barnabas: 0.log, batch at byte 0: 4 bytes hold no number of 8 bytes\n']);
  });
});
