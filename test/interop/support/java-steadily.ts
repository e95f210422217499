import type { SteadyClient, SteadyMember } from '../../support/clients/kills/steady-client.ts';
import { KafkaMember } from './kafka-member.ts';
import { type Acknowledged, KafkaProducer } from './kafka-producer.ts';

const RECORDS_PER_SECOND = 300;
const ENDLESS = 10_000_000;

/** Apache Kafka's own clients, and what was acknowledged to the producer. */
export type JavaClient = SteadyClient & { readonly acknowledged: readonly Acknowledged[] };

/** @param configFile of the producer */
export const javaSteadily = (classPath: string, configFile: string): JavaClient => {
  let producer: KafkaProducer | undefined;
  const perPartition = (partitions: number): number[] => {
    const counts = Array.from({ length: partitions }, () => 0);
    for (const { partition } of producer?.acknowledged ?? []) counts[partition] = (counts[partition] ?? 0) + 1;
    return counts;
  };
  return {
    get acknowledged() {
      return producer?.acknowledged ?? [];
    },
    load: async (address, topic, partitions) => {
      const options = { recordsPerSecond: RECORDS_PER_SECOND, configFile };
      const started = new KafkaProducer(classPath, address, topic, ENDLESS, options);
      producer = started;
      return {
        get sent() {
          return perPartition(partitions);
        },
        stop: async () => {
          await started.stop();
          return perPartition(partitions);
        },
      };
    },
    join: async (address, group, topic) => new KafkaMember(classPath, address, group, topic),
  };
};

/**
 * What was read, as of a load whose every record has its offset as its value: those that are not what was acknowledged there
 * have another one.
 */
export const asNumbered = (acknowledged: readonly Acknowledged[], { read }: Pick<SteadyMember, 'read'>) => {
  const values = new Map(acknowledged.map(({ partition, offset, value }) => [`${partition} ${offset}`, Number(value)]));
  const numbered = read.map((record) => {
    const isSame = values.get(`${record.partition} ${record.offset}`) === record.value;
    return { ...record, value: isSame ? record.offset : -1 };
  });
  return { read: numbered };
};
