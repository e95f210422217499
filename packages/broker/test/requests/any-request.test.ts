import { electLeadersRefused } from '@barnabas/controller';
import { ERRORS, type ErrorName, KafkaError, leaderEpoch, offset, producerId, type Scheduler } from '@barnabas/model';
import { APIS, type ApiName, type ElectLeadersRequest, type Message } from '@barnabas/protocol';
import { pick, seededRandom } from '@barnabas/testkit';
import type { PeerContext, PeerHandlers } from '@barnabas/transport';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_LOG } from '../../src/logger.ts';
import { NO_METRICS } from '../../src/metrics/broker-metrics.ts';
import type { DeletedRecords } from '../../src/replication/deletion/record-deletion.ts';
import type { Replicas } from '../../src/replication/replicas.ts';
import { deleteRecordsHandler } from '../../src/requests/delete-records/delete-records-handler.ts';
import { describeClusterHandler } from '../../src/requests/describe-cluster-handler.ts';
import { describeLogDirsHandler } from '../../src/requests/describe-log-dirs/describe-log-dirs-handler.ts';
import { electLeadersHandler } from '../../src/requests/elect-leaders/elect-leaders-handler.ts';
import { initProducerIdHandler } from '../../src/requests/init-producer-id-handler.ts';
import { listOffsetsHandler } from '../../src/requests/list-offsets/list-offsets-handler.ts';
import { metadataHandler } from '../../src/requests/metadata/metadata-handler.ts';
import { produceHandler } from '../../src/requests/produce/produce-handler.ts';
import { leaderAndIsrHandler, stopReplicaHandler } from '../../src/requests/replica-control-handlers.ts';
import { updateMetadataHandler } from '../../src/requests/update-metadata-handler.ts';
import { arbitraryRequest } from '../support/arbitrary-request.ts';
import { contextOf } from '../support/ask.ts';
import { ID_A, ID_B, newCache, partition, topic, updateMetadata } from '../support/update-metadata.ts';

type AnyMessage = Message<object, object>;
type AnyHandler = (request: object, context: PeerContext) => object | Promise<object>;

/** Whatever is waited for, its time is over. */
const scheduler: Scheduler = {
  after: (_, run) => {
    queueMicrotask(run);
    return { cancel: () => {} };
  },
  every: () => ({ cancel: () => {} }),
};
const NO_ELECTION = { electionType: 0, timeoutMs: 0 };
const NAMES = Object.keys(handlersOn(1)) as ApiName[];

describe('any request that can be decoded', () => {
  it.each(NAMES)('is answered by %s with what its version can carry', async (api) => {
    await fc.assert(
      fc.asyncProperty(arbitraryRequest(api), fc.nat(), async ({ version, request }, seed) => {
        const handler = handlersOn(seed)[api] as AnyHandler;
        const answer = await handler(request, contextOf(version));
        const response: AnyMessage = APIS[api].response;
        expect(() => response.encode(version, answer)).not.toThrow();
      }),
      { numRuns: 400 },
    );
  });
});

/** All handlers, over replicas that find, refuse or fail as chance has it. */
function handlersOn(seed: number): PeerHandlers {
  const random = seededRandom(seed);
  const { cache } = newCache();
  const topicStates = [
    topic('t', ID_A, partition(0), partition(1, { leader: -1 })),
    topic('u', ID_B, partition(0, { leader: 9, replicas: [9, 1] })),
    topic('__consumer_offsets', undefined, partition(0)),
  ];
  if (random.below(4) > 0) cache.update(updateMetadata({ topicStates }));
  const chanceOfFailure = () => {
    if (random.below(4) === 0) throw pick(random, [new Error('no'), new KafkaError('NOT_CONTROLLER', 'no')]);
  };
  const error = () => pick(random, Object.keys(ERRORS) as ErrorName[]);
  const replicas: Pick<Replicas, 'produce' | 'offsetFor' | 'leaderAndIsr' | 'stopReplica'> = {
    produce: async (batches) => {
      chanceOfFailure();
      const appended = {
        kind: 'appended',
        baseOffset: offset(random.below(2 ** 40)),
        logAppendTimeMs: pick(random, [undefined, 5]),
        logStartOffset: offset(0),
      } as const;
      const refused = { kind: 'failed', error: error(), message: 'no', appended: random.below(2) === 0 } as const;
      return batches.map(() => pick(random, [appended, refused]));
    },
    offsetFor: async () => {
      chanceOfFailure();
      const found = {
        kind: 'found',
        offset: offset(3),
        timestamp: -1,
        leaderEpoch: pick(random, [undefined, leaderEpoch(2)]),
      } as const;
      return pick(random, [found, { kind: 'none' }, { kind: 'failed', error: error(), message: 'no' }]);
    },
    leaderAndIsr: async () => {
      chanceOfFailure();
      return { errorCode: 0, partitionErrors: [], topics: [] };
    },
    stopReplica: async () => {
      chanceOfFailure();
      return { errorCode: 0, partitionErrors: [] };
    },
  };
  const deleteRecords = async (asked: readonly unknown[]): Promise<DeletedRecords[]> => {
    chanceOfFailure();
    const done = { kind: 'deleted', lowWatermark: random.below(2 ** 40) } as const;
    const refused = { kind: 'failed', error: error(), message: 'no', lowWatermark: -1 } as const;
    return asked.map(() => pick(random, [done, refused]));
  };
  const electLeaders = async ({ topicPartitions }: ElectLeadersRequest, version: number) => {
    chanceOfFailure();
    const named = (topicPartitions ?? []).flatMap(({ topic: name, partitions }) =>
      partitions.map((each) => ({ topic: name, partition: each, leaderEpoch: leaderEpoch(3) })),
    );
    return { answer: electLeadersRefused('NONE', { ...NO_ELECTION, topicPartitions }, version), begun: named };
  };
  const space = async () => {
    chanceOfFailure();
    return { totalBytes: 2 ** 40, usableBytes: 0 };
  };
  const next = async () => {
    chanceOfFailure();
    return producerId(7);
  };
  const common = { cluster: cache, clusterId: 'cluster', listener: 'PEERS', log: NO_LOG };
  return {
    UpdateMetadata: updateMetadataHandler({ cache, log: NO_LOG }),
    Metadata: metadataHandler({ ...common, autoCreate: () => {} }),
    DescribeCluster: describeClusterHandler(common),
    Produce: produceHandler({ ...common, replicas, metrics: NO_METRICS }),
    ListOffsets: listOffsetsHandler({ replicas, log: NO_LOG }),
    InitProducerId: initProducerIdHandler({ producerIds: { next }, log: NO_LOG }),
    DeleteRecords: deleteRecordsHandler({ replicas: { deleteRecords }, log: NO_LOG }),
    DescribeLogDirs: describeLogDirsHandler({ dirs: ['/a'], logs: { dirs: [] }, fs: { space }, log: NO_LOG }),
    ElectLeaders: electLeadersHandler({ controller: { electLeaders }, cluster: cache, scheduler, log: NO_LOG }),
    LeaderAndIsr: leaderAndIsrHandler({ replicas, log: NO_LOG }),
    StopReplica: stopReplicaHandler({ replicas, log: NO_LOG }),
  };
}
