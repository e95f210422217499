import { brokerId, ERRORS, leaderEpoch, offset, partitionEpoch } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { EMPTY_CLUSTER } from '../../../src/cluster/cluster-image.ts';
import { ask } from '../../support/ask.ts';
import { asked, FetchContext, FOLLOWER_STATE, partitionsOf } from '../../support/fetching/fetch-context.ts';
import { idOf } from '../../support/fetching/memory-replicas.ts';

const codeOf = (name: keyof typeof ERRORS): number => ERRORS[name].code;

describe('a fetch without a session', () => {
  it.each([4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17])('is answered in version %i', async (version) => {
    const context = new FetchContext();
    const led = context.replicas.lead('a');
    led.append(3);
    led.commitTo(3);
    const response = await context.fetch({ topics: [asked('a', 0)] }, version);
    expect(response.responses[0]).toMatchObject(version < 13 ? { topic: 'a' } : { topicId: idOf('a') });
    const [partition] = partitionsOf(response);
    expect(partition).toMatchObject({ partitionIndex: 0, errorCode: 0, highWatermark: 3n, lastStableOffset: 3n });
    expect(partition?.records).toEqual(led.log.read(offset(0), 1e6));
    expect(partition).toMatchObject({ preferredReadReplica: -1, abortedTransactions: null });
  });

  it.each([0, 1, 2, 3])('in version %i is told that batches of older formats are not to be had', async (version) => {
    const context = new FetchContext();
    context.replicas.lead('a').append();
    const response = await context.fetch({ topics: [asked('a', 0)] }, version);
    expect(partitionsOf(response)).toMatchObject([{ errorCode: codeOf('UNSUPPORTED_VERSION'), highWatermark: -1n }]);
    expect(context.replicas.fetches).toEqual([]);
  });

  it.each([
    [4, 'UNSUPPORTED_COMPRESSION_TYPE'],
    [9, 'UNSUPPORTED_COMPRESSION_TYPE'],
    [10, 'NONE'],
  ] as const)('of a topic with zstd in version %i is told %s', async (version, error) => {
    const context = new FetchContext();
    context.configs.set('a', { compressionType: 'zstd' });
    for (const topic of ['a', 'b']) {
      const led = context.replicas.lead(topic);
      led.append();
      led.commitTo(1);
    }
    const response = await context.fetch({ topics: [asked('a', 0), asked('b', 0)] }, version);
    expect(partitionsOf(response).map(({ errorCode }) => errorCode)).toEqual([codeOf(error), 0]);
    expect(partitionsOf(response)[0]?.records?.length === 0).toBe(error !== 'NONE');
  });

  it.each([
    11, 17,
  ])('in version %i of a client that says it is a follower is refused, and counts as nothing', async (version) => {
    const context = new FetchContext();
    context.replicas.lead('a').append();
    const follower = version < 15 ? { replicaId: 9 } : FOLLOWER_STATE;
    const request = { maxWaitMs: 0, minBytes: 1, ...follower, topics: [asked('a', 0)] };
    const response = await ask('Fetch', context.handler, version, request, { listener: 'KAFKA' });
    expect(partitionsOf(response).map(({ errorCode }) => errorCode)).toEqual([codeOf('TOPIC_AUTHORIZATION_FAILED')]);
    expect(context.replicas.fetches).toEqual([]);
  });

  it('goes to the replicas as one fetch, which sees to the limits and the waiting', async () => {
    const context = new FetchContext({ maxBytes: 5000 });
    context.replicas.lead('a');
    context.replicas.lead('b');
    await context.fetch({
      maxWaitMs: 250,
      minBytes: 9000,
      maxBytes: 2 ** 31 - 1,
      isolationLevel: 1,
      topics: [asked('a', { partitionMaxBytes: 70 }), asked('b', { fetchOffset: 0n, currentLeaderEpoch: 0 })],
    });
    expect(context.replicas.fetches).toEqual([
      expect.objectContaining({
        replica: undefined,
        maxWaitMs: 250,
        minBytes: 5000,
        maxBytes: 5000,
        isolation: 'read_committed',
      }),
    ]);
    expect(context.replicas.fetches[0]?.partitions).toMatchObject([
      { topic: 'a', topicId: idOf('a'), partition: 0, fetchOffset: 0, maxBytes: 70, currentLeaderEpoch: undefined },
      { topic: 'b', lastFetchedEpoch: undefined, logStartOffset: undefined, currentLeaderEpoch: 0 },
    ]);
  });

  it('of a follower carries its id and the epoch of its broker', async () => {
    const context = new FetchContext();
    context.replicas.lead('a');
    await context.fetch({ ...FOLLOWER_STATE, topics: [asked('a', 0)] });
    await context.fetch({ replicaId: 9, topics: [asked('a', 0)] }, 14);
    expect(context.replicas.fetches.map(({ replica }) => replica)).toEqual([
      { id: 9, epoch: 700 },
      { id: 9, epoch: -1 },
    ]);
  });

  it('answers each partition for itself: an unknown topic id, an id of another topic, an offset that is none', async () => {
    const context = new FetchContext({
      image: { ...EMPTY_CLUSTER, topicNames: new Map([[idOf('old a'), 'a']]) },
    });
    context.replicas.lead('a').append();
    const offsets = [asked('a', { fetchOffset: -5n }), asked('a', { fetchOffset: 2n ** 60n })];
    const response = await context.fetch({ topics: [asked('x', 0), asked('old a', 0), ...offsets, asked('a', 7)] });
    expect(partitionsOf(response).map(({ errorCode }) => errorCode)).toEqual([
      codeOf('UNKNOWN_TOPIC_ID'),
      codeOf('INCONSISTENT_TOPIC_ID'),
      codeOf('OFFSET_OUT_OF_RANGE'),
      codeOf('OFFSET_OUT_OF_RANGE'),
      codeOf('UNKNOWN_TOPIC_OR_PARTITION'),
    ]);
  });

  it('knows a topic by its id from the replicas before the controller has told of it', async () => {
    const context = new FetchContext();
    context.replicas.lead('fresh').append();
    const response = await context.fetch({ ...FOLLOWER_STATE, topics: [asked('fresh', 0)] });
    expect(partitionsOf(response)[0]?.errorCode).toBe(0);
  });

  it('says where the logs part', async () => {
    const context = new FetchContext();
    const led = context.replicas.lead('a', 0, leaderEpoch(1));
    led.append(2);
    led.lead(leaderEpoch(3));
    const response = await context.fetch({
      ...FOLLOWER_STATE,
      topics: [asked('a', { fetchOffset: 5n, lastFetchedEpoch: 2, currentLeaderEpoch: 3 })],
    });
    expect(partitionsOf(response)[0]).toMatchObject({ errorCode: 0, divergingEpoch: { epoch: 1, endOffset: 2n } });
  });

  it('puts batches that were read in pieces together, and takes those in one piece as they are', async () => {
    const context = new FetchContext();
    const { fetch } = context.replicas;
    context.replicas.lead('a');
    const pieces = [Buffer.from('one'), Buffer.from('two')];
    context.replicas.fetch = async (spec) =>
      (await fetch.call(context.replicas, spec)).map((answer) => ({ ...answer, records: pieces }));
    const whole = await context.fetch({ topics: [asked('a', 0)] });
    expect(partitionsOf(whole)[0]?.records).toEqual(Buffer.from('onetwo'));
    pieces.pop();
    const request = { ...(await decoded({ topics: [asked('a', 0)] })) };
    const response = await context.handler(request, {
      version: 17,
      clientId: null,
      remote: '',
      signal: new AbortController().signal,
    });
    expect(response.responses[0]?.partitions[0]?.records).toBe(pieces[0]);
  });

  it('carries the aborted transactions', async () => {
    const context = new FetchContext();
    context.replicas.lead('a');
    const { fetch } = context.replicas;
    const abortedTransactions = [{ producerId: 2n ** 62n, firstOffset: offset(4) }];
    context.replicas.fetch = async (spec) =>
      (await fetch.call(context.replicas, spec)).map((answer) => ({ ...answer, abortedTransactions }));
    const response = await context.fetch({ isolationLevel: 1, topics: [asked('a', 0)] });
    expect(partitionsOf(response)[0]?.abortedTransactions).toEqual([{ producerId: 2n ** 62n, firstOffset: 4n }]);
  });
});

describe('who leads now', () => {
  const image = {
    ...EMPTY_CLUSTER,
    brokers: new Map(
      [2, 3].map((id) => [
        brokerId(id),
        {
          id: brokerId(id),
          endpoints: [{ host: `b${id}`, port: 9190 + id, listener: 'PEERS', securityProtocol: 'PLAINTEXT' as const }],
          rack: undefined,
        },
      ]),
    ),
    topics: new Map([
      [
        'a',
        {
          name: 'a',
          topicId: idOf('a'),
          partitions: new Map([
            [
              0,
              {
                leader: brokerId(2),
                leaderEpoch: leaderEpoch(6),
                partitionEpoch: partitionEpoch(0),
                isr: [],
                replicas: [],
                offlineReplicas: [],
              },
            ],
          ]),
        },
      ],
    ]),
  };

  it.each(['NOT_LEADER_OR_FOLLOWER', 'FENCED_LEADER_EPOCH'] as const)('is said with %s', async (fault) => {
    const context = new FetchContext({ image });
    context.replicas.lead('a').fail(fault);
    const response = await context.fetch({ topics: [asked('a', 0)] });
    expect(partitionsOf(response)[0]).toMatchObject({
      errorCode: codeOf(fault),
      currentLeader: { leaderId: 2, leaderEpoch: 6 },
    });
    expect(response.nodeEndpoints).toEqual([{ nodeId: 2, host: 'b2', port: 9192, rack: null }]);
    const older = await context.fetch({ topics: [asked('a', 0)] }, 15);
    expect(partitionsOf(older)[0]?.currentLeader).toEqual({ leaderId: 2, leaderEpoch: 6 });
    expect(older.nodeEndpoints).toEqual([]);
    expect(partitionsOf(await context.fetch({ topics: [asked('a', 0)] }, 11))[0]?.errorCode).toBe(codeOf(fault));
  });

  it('is not said otherwise', async () => {
    const context = new FetchContext({ image });
    context.replicas.lead('a').fail('KAFKA_STORAGE_ERROR');
    const response = await context.fetch({ topics: [asked('a', 0)] });
    expect(partitionsOf(response)[0]?.currentLeader).toEqual({ leaderId: -1, leaderEpoch: -1 });
    expect(response.nodeEndpoints).toEqual([]);
  });
});

describe('what goes wrong', () => {
  it('a failed disk has no word of its own up to version 5', async () => {
    const context = new FetchContext();
    context.replicas.lead('a').fail('KAFKA_STORAGE_ERROR');
    const codes = await Promise.all(
      [5, 6].map(
        async (version) => partitionsOf(await context.fetch({ topics: [asked('a', 0)] }, version))[0]?.errorCode,
      ),
    );
    expect(codes).toEqual([codeOf('NOT_LEADER_OR_FOLLOWER'), codeOf('KAFKA_STORAGE_ERROR')]);
  });

  it('a fault of this broker is answered, not thrown', async () => {
    const context = new FetchContext();
    context.replicas.lead('a');
    context.replicas.fetch = () => Promise.reject(new TypeError('a bug'));
    const response = await context.fetch({ topics: [asked('a', 0)] });
    expect(response).toMatchObject({ errorCode: codeOf('UNKNOWN_SERVER_ERROR'), responses: [] });
    const older = await context.fetch({ topics: [asked('a', 0)] }, 6);
    expect(partitionsOf(older)).toMatchObject([{ errorCode: codeOf('UNKNOWN_SERVER_ERROR') }]);
    expect(context.log.lines).toHaveLength(2);
  });
});

describe('what is counted', () => {
  it('bytes for consumers by topic, those for followers together, and failures', async () => {
    const counted: string[] = [];
    const context = new FetchContext({
      metrics: {
        bytesOut: (topic, bytes) => counted.push(`${topic} ${bytes}`),
        replicationBytesOut: (bytes) => counted.push(`followers ${bytes}`),
        fetchFailed: (topic) => counted.push(`failed ${topic}`),
      },
    });
    const led = context.replicas.lead('a');
    led.append();
    led.commitTo(1);
    context.replicas.lead('b').fail('KAFKA_STORAGE_ERROR');
    context.replicas.lead('c').fail('NOT_LEADER_OR_FOLLOWER');
    const sizeBytes = led.log.read(offset(0), 1e6).length;
    await context.fetch({ topics: [asked('a', 0), asked('b', 0), asked('c', 0), asked('x', 0)] });
    await context.fetch({ ...FOLLOWER_STATE, topics: [asked('a', 0), asked('b', 0)] });
    expect(counted).toEqual([`a ${sizeBytes}`, 'failed b', `followers ${sizeBytes}`]);
  });
});

const decoded = async (request: { readonly topics: ReturnType<typeof asked>[] }) => {
  const { APIS } = await import('@barnabas/protocol');
  const bytes = APIS.Fetch.request.encode(17, { maxWaitMs: 0, minBytes: 1, ...request });
  return APIS.Fetch.request.decode(17, bytes);
};
