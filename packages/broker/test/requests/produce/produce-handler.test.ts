import { brokerId, ERRORS, type ErrorName, offset } from '@barnabas/model';
import { MAGIC_AT } from '@barnabas/protocol';
import type { PeerRequest } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import type { ProduceOptions, ProduceResult, Replicas } from '../../../src/replication/replicas.ts';
import { produceHandler } from '../../../src/requests/produce/produce-handler.ts';
import { ask } from '../../support/ask.ts';
import { batchOf } from '../../support/batches.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { ID_A, ID_B, newCache, partition, topic, updateMetadata } from '../../support/update-metadata.ts';

const APPENDED: ProduceResult = {
  kind: 'appended',
  baseOffset: offset(41),
  logAppendTimeMs: undefined,
  logStartOffset: offset(3),
};
const FROM_3 = [3, 4, 5, 6, 7, 8, 9, 10, 11];

describe('Produce', () => {
  it.each([0, 1, 2, ...FROM_3])('answers where a batch was appended in version %i', async (version) => {
    const { produce, produced, results } = begin();
    results.push({ ...APPENDED, logAppendTimeMs: 1234 });
    const batch = batchOf(3);
    const [answer] = await produce(version, -1, { t: { 0: batch } });
    expect(answer).toMatchObject({ topic: 't', index: 0, errorCode: 0, baseOffset: 41n });
    if (version >= 2) expect(answer?.logAppendTimeMs).toBe(1234n);
    if (version >= 5) expect(answer?.logStartOffset).toBe(3n);
    expect(produced).toEqual([
      {
        batches: [{ topic: 't', partition: 0, bytes: batch }],
        options: { acks: -1, timeoutMs: 800, origin: 'client' },
      },
    ]);
  });

  it('answers each partition by itself, in the order asked', async () => {
    const { produce, produced, results } = begin();
    results.push(failed('NOT_ENOUGH_REPLICAS'), APPENDED);
    const answers = await produce(9, -1, { t: { 1: batchOf(1), 9: batchOf(1), 0: batchOf(1) }, u: { 0: null } });
    expect(answers.map(({ topic: name, index, errorCode }) => [name, index, errorCode])).toEqual([
      ['t', 0, ERRORS.NOT_ENOUGH_REPLICAS.code],
      ['t', 1, 0],
      ['t', 9, ERRORS.UNKNOWN_TOPIC_OR_PARTITION.code],
      ['u', 0, ERRORS.INVALID_RECORD.code],
    ]);
    expect(answers[0]).toMatchObject({ baseOffset: -1n, logAppendTimeMs: -1n, errorMessage: 'as the replica says' });
    expect(produced[0]?.batches.map(({ topic: name, partition: index }) => [name, index])).toEqual([
      ['t', 0],
      ['t', 1],
    ]);
  });

  it.each([
    ['UNKNOWN_TOPIC_OR_PARTITION', 'an unknown topic', { x: { 0: batchOf(1) } }],
    ['UNKNOWN_TOPIC_OR_PARTITION', 'an unknown partition', { t: { 2: batchOf(1) } }],
    ['INVALID_TOPIC_EXCEPTION', 'a topic of the brokers', { __consumer_offsets: { 0: batchOf(1) } }],
    ['INVALID_RECORD', 'no records', { t: { 0: null } }],
    ['INVALID_RECORD', 'records of no length', { t: { 0: Buffer.alloc(0) } }],
    ['INVALID_TXN_STATE', 'a transaction that nobody has begun', { t: { 0: batchOf(1, { transactional: true }) } }],
  ] as const)('answers %s to %s, and appends nothing', async (error, _, batches) => {
    const { produce, produced } = begin();
    expect((await produce(9, 1, batches))[0]?.errorCode).toBe(ERRORS[error].code);
    expect(produced).toEqual([]);
  });

  it.each([-2, 2, 7])('refuses acks of %i', async (acks) => {
    const { produce, produced } = begin();
    const answers = await produce(9, acks, { t: { 0: batchOf(1) }, x: { 0: batchOf(1) } });
    expect(answers.map(({ errorCode }) => errorCode)).toEqual([
      ERRORS.INVALID_REQUIRED_ACKS.code,
      ERRORS.UNKNOWN_TOPIC_OR_PARTITION.code,
    ]);
    expect(produced).toEqual([]);
  });

  it.each([0, 1])('passes acks of %i on', async (acks) => {
    const { produce, produced } = begin();
    await produce(9, acks, { t: { 0: batchOf(1) } });
    expect(produced[0]?.options.acks).toBe(acks);
  });

  it('takes zstd from version 7 on', async () => {
    const { produce, produced } = begin();
    const zstd = batchOf(1, { codec: 'zstd' });
    expect((await produce(6, 1, { t: { 0: zstd } }))[0]?.errorCode).toBe(ERRORS.UNSUPPORTED_COMPRESSION_TYPE.code);
    expect(produced).toEqual([]);
    await produce(7, 1, { t: { 0: zstd } });
    expect(produced).toHaveLength(1);
  });

  it('leaves bytes that are no batch of today to the log', async () => {
    const { produce, produced, results } = begin();
    results.push(failed('CORRUPT_MESSAGE'));
    expect((await produce(9, 1, { t: { 0: Buffer.from('nonsense') } }))[0]?.errorCode).toBe(
      ERRORS.CORRUPT_MESSAGE.code,
    );
    expect(produced).toHaveLength(1);
  });

  it.each([
    [0, 2, 'UNSUPPORTED_FOR_MESSAGE_FORMAT'],
    [1, 2, 'UNSUPPORTED_FOR_MESSAGE_FORMAT'],
    [0, 3, 'INVALID_RECORD'],
    [1, 11, 'INVALID_RECORD'],
  ] as const)('refuses records of magic %i in version %i', async (magic, version, error) => {
    const { produce, produced } = begin();
    const old = Buffer.alloc(30);
    old.writeInt8(magic, MAGIC_AT);
    expect((await produce(version, 1, { t: { 0: old } }))[0]?.errorCode).toBe(ERRORS[error].code);
    expect(produced).toEqual([]);
  });

  it('says who leads where this broker does not, from version 10 on', async () => {
    const { handler, results } = begin();
    results.push(failed('NOT_LEADER_OR_FOLLOWER'), failed('NOT_LEADER_OR_FOLLOWER'));
    const request = requestOf(1, { t: { 0: batchOf(1) } });
    const moved = await ask('Produce', handler, 10, request);
    expect(moved.responses[0]?.partitionResponses[0]?.currentLeader).toEqual({ leaderId: 2, leaderEpoch: 6 });
    expect(moved.nodeEndpoints).toEqual([{ nodeId: 2, host: 'b2', port: 9192, rack: 'rack-2' }]);
    const earlier = await ask('Produce', handler, 9, request);
    expect(earlier.responses[0]?.partitionResponses[0]?.currentLeader).toEqual({ leaderId: -1, leaderEpoch: -1 });
    expect(earlier.nodeEndpoints).toEqual([]);
  });

  it('says where the leader is through the listener that the client came through', async () => {
    const { handler, results } = begin();
    results.push(failed('NOT_LEADER_OR_FOLLOWER'));
    const request = requestOf(1, { t: { 0: batchOf(1) } });
    const { nodeEndpoints } = await ask('Produce', handler, 10, request, { listener: 'REST' });
    expect(nodeEndpoints).toMatchObject([{ nodeId: 2, port: 8082 }]);
  });

  it('passes an expected offset on, and refuses one that no log reaches', async () => {
    const { handler, produced, results } = begin();
    results.push(APPENDED);
    const partition = (index: number, expectedOffset: bigint) => ({ index, records: batchOf(1), expectedOffset });
    const topicData = [{ name: 't', partitionData: [partition(0, 41n), partition(1, 2n ** 60n)] }];
    const { responses } = await ask('Produce', handler, 11, { ...requestOf(1, {}), topicData });
    expect(responses[0]?.partitionResponses.map(({ errorCode }) => errorCode)).toEqual([
      0,
      ERRORS.OFFSET_OUT_OF_RANGE.code,
    ]);
    expect(produced[0]?.batches).toMatchObject([{ partition: 0, expectedOffset: 41 }]);
    expect(produced).toHaveLength(1);
  });

  it('never waits a negative time', async () => {
    const { handler, produced } = begin();
    await ask('Produce', handler, 9, { ...requestOf(-1, { t: { 0: batchOf(1) } }), timeoutMs: -5 });
    expect(produced[0]?.options.timeoutMs).toBe(0);
  });

  it('answers an unknown outcome for every partition where the replicas fail', async () => {
    const log = recordingLog();
    const { produce } = begin({ log, fail: new Error('no') });
    const answers = await produce(9, -1, { t: { 0: batchOf(1), 1: batchOf(1) } });
    expect(answers.map(({ errorCode }) => errorCode)).toEqual([-1, -1]);
    expect(log.lines).toEqual(['error: Produce failed unexpectedly']);
  });

  it('does not say of what is in the log that the leadership had gone before: it would be sent again', async () => {
    const { produce, results } = begin();
    results.push({ ...failed('NOT_LEADER_OR_FOLLOWER'), appended: true }, failed('NOT_LEADER_OR_FOLLOWER'));
    const answers = await produce(9, -1, { t: { 0: batchOf(1), 1: batchOf(1) } });
    expect(answers.map(({ errorCode }) => errorCode)).toEqual([
      ERRORS.REQUEST_TIMED_OUT.code,
      ERRORS.NOT_LEADER_OR_FOLLOWER.code,
    ]);
  });
});

describe('the metrics of Produce', () => {
  it('count what came in, also where nobody knows yet that it is safe', async () => {
    const { produce, counted, results } = begin();
    results.push(APPENDED, { ...failed('REQUEST_TIMED_OUT'), appended: true }, failed('NOT_ENOUGH_REPLICAS'));
    const batches = [batchOf(3), batchOf(5), batchOf(7)] as const;
    await produce(9, -1, { t: { 0: batches[0], 1: batches[1] }, u: { 0: batches[2] } });
    expect(counted).toEqual([
      `t ${batches[0].length} bytes 3 records`,
      `t ${batches[1].length} bytes 5 records`,
      't failed',
      'u failed',
    ]);
  });

  it('count no failure where a client was out of step', async () => {
    const { produce, counted, results } = begin();
    results.push(failed('NOT_LEADER_OR_FOLLOWER'));
    await produce(9, -1, { t: { 0: batchOf(1) }, x: { 0: batchOf(1) } });
    expect(counted).toEqual([]);
  });
});

type Batches = Readonly<Record<string, Readonly<Record<number, Buffer | null>>>>;

const failed = (error: ErrorName): ProduceResult & { kind: 'failed' } => ({
  kind: 'failed',
  error,
  message: 'as the replica says',
  appended: false,
});

const requestOf = (acks: number, batches: Batches): PeerRequest<'Produce'> => ({
  acks,
  timeoutMs: 800,
  topicData: Object.entries(batches).map(([name, partitions]) => ({
    name,
    partitionData: Object.entries(partitions).map(([index, records]) => ({ index: Number(index), records })),
  })),
});

/** Topics `t` with two partitions led by broker 2, `u` and `__consumer_offsets` with one. */
function begin({ log = recordingLog(), fail }: { log?: ReturnType<typeof recordingLog>; fail?: Error } = {}) {
  const { cache } = newCache();
  const led = { leader: brokerId(2), leaderEpoch: 6 };
  const topicStates = [
    topic('t', ID_A, partition(0, led), partition(1, led)),
    topic('u', ID_B, partition(0)),
    topic('__consumer_offsets', undefined, partition(0)),
  ];
  cache.update(updateMetadata({ topicStates }));
  const produced: { batches: Parameters<Replicas['produce']>[0]; options: ProduceOptions }[] = [];
  const results: ProduceResult[] = [];
  const counted: string[] = [];
  const handler = produceHandler({
    cluster: cache,
    listener: 'PEERS',
    log,
    metrics: {
      bytesIn: (name, bytes, records) => counted.push(`${name} ${bytes} bytes ${records} records`),
      produceFailed: (name) => counted.push(`${name} failed`),
    },
    replicas: {
      produce: async (batches, options) => {
        if (fail !== undefined) throw fail;
        produced.push({ batches, options });
        return batches.map(() => results.shift() ?? APPENDED);
      },
    },
  });
  const produce = async (version: number, acks: number, batches: Batches) => {
    const { responses } = await ask('Produce', handler, version, requestOf(acks, batches));
    return responses.flatMap(({ name, partitionResponses }) =>
      partitionResponses.map((answer) => ({ topic: name, ...answer })),
    );
  };
  return { handler, produce, produced, results, counted };
}
