import type { BrokerId } from '@barnabas/model';
import type { APIS, ApiName, InputOf, TypeOf } from '@barnabas/protocol';
import type { MemoryCluster } from './memory-cluster.ts';
import type { MemoryPartition } from './memory-partition.ts';
import { systemScheduler } from './system-ports.ts';

export type Answer<Name extends ApiName = ApiName> = (
  request: TypeOf<(typeof APIS)[Name]['request']>,
  broker: BrokerId,
  signal: AbortSignal | undefined,
) => InputOf<(typeof APIS)[Name]['response']> | Promise<InputOf<(typeof APIS)[Name]['response']>>;

export type Answers = { readonly [Name in ApiName]?: Answer<Name> };

const NOT_LEADER = 6;

/** How the brokers of a MemoryCluster answer. */
export const memoryAnswers = (cluster: MemoryCluster): Answers => {
  const led = (broker: BrokerId, name: string, index: number): MemoryPartition | undefined => {
    const partition = cluster.topics.get(name)?.partitions[index];
    return cluster.leaderOf(name, index) === broker ? partition : undefined;
  };
  return {
    Produce: ({ topicData }, broker) => ({
      throttleTimeMs: 0,
      responses: topicData.map(({ name, partitionData }) => ({
        name,
        partitionResponses: partitionData.map(({ index, records, expectedOffset }) => {
          const result = records === null ? undefined : led(broker, name, index)?.produce(records, expectedOffset);
          const { errorCode, baseOffset } = result ?? { errorCode: NOT_LEADER, baseOffset: -1 };
          return { index, errorCode, baseOffset: BigInt(baseOffset), logStartOffset: 0n, recordErrors: [] };
        }),
      })),
    }),
    Fetch: async ({ topics: [topic], maxWaitMs }, broker, signal) => {
      const [name] = Array.from(cluster.topics).find(([, { topicId }]) => topicId === topic?.topicId) ?? [''];
      if (topic === undefined || topic.partitions.length === 0) throw new Error('a fetch of nothing');
      const all = topic.partitions.map((asked) => {
        const partition = led(broker, name, asked.partition);
        return {
          partition,
          index: asked.partition,
          from: Number(asked.fetchOffset),
          maxBytes: asked.partitionMaxBytes,
        };
      });
      const idle = all.flatMap(({ partition, from }) => (partition?.highWatermark === from ? [partition] : []));
      if (idle.length === all.length && maxWaitMs > 0) await anyGrownWithin(idle, maxWaitMs, signal);
      const partitions = all.map(({ partition, index, from, maxBytes }) => {
        const errorCode = errorOfFetch(partition, from);
        return {
          partitionIndex: index,
          errorCode,
          highWatermark: BigInt(partition?.highWatermark ?? -1),
          logStartOffset: BigInt(partition?.startOffset ?? -1),
          abortedTransactions: partition?.abortedTransactions ?? null,
          records: errorCode === 0 ? (partition?.read(from, maxBytes) ?? null) : null,
        };
      });
      return { throttleTimeMs: 0, errorCode: 0, responses: [{ topic: name, topicId: topic.topicId, partitions }] };
    },
    ListOffsets: ({ topics }, broker) => ({
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, timestamp }) => {
          const partition = led(broker, name, partitionIndex);
          const errorCode = partition === undefined ? NOT_LEADER : 0;
          return { partitionIndex, errorCode, offset: BigInt(partition?.offsetFor(timestamp) ?? -1) };
        }),
      })),
    }),
    CreateTopics: ({ topics }) => ({
      throttleTimeMs: 0,
      topics: topics.map(({ name, numPartitions, replicationFactor, configs }) => {
        const errorCode = creationError(cluster, name, numPartitions);
        const values = Object.fromEntries(configs.map((config) => [config.name, config.value ?? '']));
        const created =
          errorCode === 0
            ? cluster.addTopic(
                name,
                numPartitions < 0 ? 2 : numPartitions,
                values,
                replicationFactor < 0 ? 3 : replicationFactor,
              )
            : undefined;
        return {
          name,
          topicId: created?.topicId ?? 'A'.repeat(22),
          errorCode,
          errorMessage: null,
          topicConfigErrorCode: 0,
          configs: null,
        };
      }),
    }),
    DeleteTopics: ({ topics }) => ({
      throttleTimeMs: 0,
      responses: topics.map(({ name }) => {
        const isThere = cluster.topics.has(name ?? '');
        if (isThere) cluster.removeTopic(name ?? '');
        return { name, topicId: 'A'.repeat(22), errorCode: isThere ? 0 : 3 };
      }),
    }),
    DescribeConfigs: ({ resources }) => ({
      throttleTimeMs: 0,
      results: resources.map(({ resourceType, resourceName }) => ({
        errorCode: 0,
        errorMessage: null,
        resourceType,
        resourceName,
        configs: [
          describedConfig('retention.bytes', '-1', 5),
          ...Object.entries(cluster.topics.get(resourceName)?.configs ?? {}).map(([name, value]) =>
            describedConfig(name, value, 1),
          ),
        ],
      })),
    }),
    InitProducerId: () => ({ throttleTimeMs: 0, errorCode: 0, producerId: 4711n, producerEpoch: 0 }),
  };
};

const describedConfig = (name: string, value: string, configSource: number) => ({
  name,
  value,
  readOnly: false,
  configSource,
  isSensitive: false,
  synonyms: [],
  configType: 2,
  documentation: null,
});

const errorOfFetch = (partition: MemoryPartition | undefined, from: number): number => {
  if (partition === undefined) return NOT_LEADER;
  return from < partition.startOffset || from > partition.highWatermark ? 1 : 0;
};

const creationError = (cluster: MemoryCluster, name: string, partitions: number): number => {
  if (cluster.topics.has(name)) return 36;
  return partitions > 1000 ? 37 : 0;
};

const anyGrownWithin = async (partitions: MemoryPartition[], waitMs: number, signal: AbortSignal | undefined) => {
  const over = new AbortController();
  const timer = systemScheduler.after(waitMs, () => over.abort());
  const until = signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]);
  await Promise.race(partitions.map((partition) => partition.grown(until)));
  timer.cancel();
  over.abort();
};
