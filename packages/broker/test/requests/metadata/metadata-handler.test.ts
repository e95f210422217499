import { ERRORS } from '@barnabas/model';
import { AUTHORIZED_OPERATIONS_OMITTED, ZERO_UUID } from '@barnabas/protocol';
import type { PeerRequest } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import { NO_LOG } from '../../../src/logger.ts';
import { metadataHandler } from '../../../src/requests/metadata/metadata-handler.ts';
import { ask } from '../../support/ask.ts';
import { broker, ID_A, ID_B, newCache, partition, topic, updateMetadata } from '../../support/update-metadata.ts';

const ALL_VERSIONS = Array.from({ length: 13 }, (_, version) => version);

describe('Metadata', () => {
  it.each(ALL_VERSIONS)('answers a topic by name in version %i', async (version) => {
    const { metadata } = begin();
    const answer = await metadata(version, named('t'));
    expect(answer.brokers.map(({ nodeId, host, port }) => [nodeId, host, port])).toEqual([
      [1, 'b1', 9191],
      [2, 'b2', 9192],
      [3, 'b3', 9193],
    ]);
    expect(answer.topics).toMatchObject([
      {
        errorCode: 0,
        name: 't',
        partitions: [{ errorCode: 0, partitionIndex: 0, leaderId: 1, replicaNodes: [1, 2, 3], isrNodes: [1, 2, 3] }],
      },
    ]);
    if (version >= 1) expect(answer.controllerId).toBe(1);
    if (version >= 2) expect(answer.clusterId).toBe('cluster');
    if (version >= 7) expect(answer.topics[0]?.partitions[0]?.leaderEpoch).toBe(3);
    if (version >= 10) expect(answer.topics[0]?.topicId).toBe(ID_A);
  });

  it('answers the addresses of the listener that the client came through', async () => {
    const { handler, cache } = begin();
    const peersOnly = {
      id: 3,
      endpoints: [{ host: 'b3', port: 9193, listener: 'PEERS', securityProtocol: 0 }],
      rack: null,
    };
    cache.update(updateMetadata({ liveBrokers: [broker(1), broker(2), peersOnly] }));
    const { brokers, topics } = await ask('Metadata', handler, 12, named('t'), { listener: 'REST' });
    expect(brokers.map(({ nodeId, port }) => [nodeId, port])).toEqual([
      [1, 8081],
      [2, 8082],
    ]);
    expect(topics[0]?.partitions[0]).toMatchObject({ errorCode: 0, leaderId: 1, replicaNodes: [1, 2, 3] });
  });

  it('answers a topic by id in version 12, and says which ids it does not know', async () => {
    const { metadata } = begin();
    const topics = [ID_A, ID_B].map((topicId) => ({ topicId, name: null }));
    expect((await metadata(12, { topics })).topics).toMatchObject([
      { errorCode: 0, name: 't', topicId: ID_A },
      { errorCode: ERRORS.UNKNOWN_TOPIC_ID.code, name: null, topicId: ID_B, partitions: [] },
    ]);
  });

  it('refuses ids before version 12, and a topic with neither name nor id', async () => {
    const { metadata } = begin();
    const byId = await metadata(11, { topics: [{ topicId: ID_A, name: null }] });
    expect(byId.topics).toMatchObject([{ errorCode: ERRORS.INVALID_REQUEST.code, name: '', topicId: ID_A }]);
    const byNothing = await metadata(12, { topics: [{ topicId: ZERO_UUID, name: null }] });
    expect(byNothing.topics).toMatchObject([{ errorCode: ERRORS.INVALID_REQUEST.code }]);
  });

  it.each([
    [0, { topics: [] }],
    [1, { topics: null }],
    [12, { topics: null }],
  ])('answers all topics in version %i', async (version, request) => {
    const { metadata } = begin();
    expect((await metadata(version, request)).topics.map(({ name }) => name)).toEqual(['t', '__consumer_offsets']);
  });

  it('answers no topic where none was asked for', async () => {
    expect((await begin().metadata(1, { topics: [] })).topics).toEqual([]);
  });

  it('answers a topic once that was asked for twice', async () => {
    expect((await begin().metadata(9, named('t', 't'))).topics).toHaveLength(1);
  });

  it('tells the topics of brokers from those of clients', async () => {
    const { topics } = await begin().metadata(9, named('t', '__consumer_offsets'));
    expect(topics.map(({ isInternal }) => isInternal)).toEqual([false, true]);
  });

  it('tells an unknown topic from a name that no topic can have', async () => {
    const { topics } = await begin().metadata(9, named('u', 'a/b', '..'));
    expect(topics.map(({ name, errorCode, partitions }) => [name, errorCode, partitions])).toEqual([
      ['u', ERRORS.UNKNOWN_TOPIC_OR_PARTITION.code, []],
      ['a/b', ERRORS.INVALID_TOPIC_EXCEPTION.code, []],
      ['..', ERRORS.INVALID_TOPIC_EXCEPTION.code, []],
    ]);
  });

  it('says what is allowed where it is asked for, as Kafka does without an authorizer', async () => {
    const { metadata } = begin();
    const request = { ...named('t'), includeClusterAuthorizedOperations: true, includeTopicAuthorizedOperations: true };
    const { clusterAuthorizedOperations, topics } = await metadata(8, request);
    expect([clusterAuthorizedOperations, topics[0]?.topicAuthorizedOperations]).toEqual([8096, 3576]);
    const unasked = await metadata(8, named('t'));
    expect([unasked.clusterAuthorizedOperations, unasked.topics[0]?.topicAuthorizedOperations]).toEqual([
      AUTHORIZED_OPERATIONS_OMITTED,
      AUTHORIZED_OPERATIONS_OMITTED,
    ]);
  });
});

describe('a partition in Metadata', () => {
  it.each([
    ['has no leader', { leader: -1 }],
    ['has a leader that is gone', { leader: 7 }],
  ])('that %s is not available', async (_, state) => {
    const { metadata } = begin(state);
    expect(await partitionOf(metadata(12, named('t')))).toMatchObject({
      errorCode: ERRORS.LEADER_NOT_AVAILABLE.code,
      leaderId: -1,
      leaderEpoch: 3,
    });
  });

  it.each([
    [5, 'LEADER_NOT_AVAILABLE'],
    [6, 'LISTENER_NOT_FOUND'],
  ] as const)('whose leader has no such listener has an error of version %i', async (version, error) => {
    const { metadata, cache } = begin();
    const deaf = { id: 1, endpoints: [{ host: 'b1', port: 1, listener: 'OTHER', securityProtocol: 0 }], rack: null };
    cache.update(updateMetadata({ liveBrokers: [deaf, broker(2), broker(3)] }));
    const answer = await partitionOf(metadata(version, named('t')));
    expect(answer).toMatchObject({ errorCode: ERRORS[error].code, leaderId: -1 });
  });

  it('names the replicas that are gone, but not in version 0', async () => {
    const { metadata } = begin({ replicas: [1, 2, 7], isr: [1, 2, 7], offlineReplicas: [7] });
    expect(await partitionOf(metadata(5, named('t')))).toMatchObject({
      errorCode: 0,
      replicaNodes: [1, 2, 7],
      isrNodes: [1, 2, 7],
      offlineReplicas: [7],
    });
    expect(await partitionOf(metadata(0, named('t')))).toMatchObject({
      errorCode: ERRORS.REPLICA_NOT_AVAILABLE.code,
      replicaNodes: [1, 2],
      isrNodes: [1, 2],
    });
  });
});

describe('a topic that is not there', () => {
  it('is created where that is allowed on both sides, and unknown until then', async () => {
    const { metadata, created } = begin();
    const { topics } = await metadata(9, named('t', 'u', 'a/b', 'v', '__transaction_state'));
    expect(created).toEqual([['u', 'v']]);
    expect(topics[1]?.errorCode).toBe(ERRORS.UNKNOWN_TOPIC_OR_PARTITION.code);
  });

  it('is not created for who does not want it', async () => {
    const { metadata, created } = begin();
    await metadata(9, { ...named('u'), allowAutoTopicCreation: false });
    expect(created).toEqual([]);
  });

  it('is not created by an id, nor by a request for all topics', async () => {
    const { metadata, created } = begin();
    await metadata(12, { topics: [{ topicId: ID_B, name: null }] });
    await metadata(12, { topics: null });
    expect(created).toEqual([]);
  });
});

const named = (...names: string[]): PeerRequest<'Metadata'> => ({
  topics: names.map((name) => ({ name, topicId: ZERO_UUID })),
});

const partitionOf = async (answer: ReturnType<ReturnType<typeof begin>['metadata']>) =>
  (await answer).topics[0]?.partitions[0];

/** Knows topic `t` with a partition in leader epoch 3, and `__consumer_offsets`. */
function begin(state: Parameters<typeof partition>[1] = {}) {
  const { cache } = newCache();
  const topicStates = [
    topic('t', ID_A, partition(0, { leaderEpoch: 3, ...state })),
    topic('__consumer_offsets', 'AAAAAAAAAAAAAAAAAAAAAw', partition(0)),
  ];
  cache.update(updateMetadata({ topicStates }));
  const created: (readonly string[])[] = [];
  const handler = metadataHandler({
    cluster: cache,
    clusterId: 'cluster',
    listener: 'PEERS',
    autoCreate: (topics) => created.push(topics),
    log: NO_LOG,
  });
  const metadata = (version: number, request: PeerRequest<'Metadata'>) => ask('Metadata', handler, version, request);
  return { cache, created, handler, metadata };
}
