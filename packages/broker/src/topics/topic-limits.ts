/**
 * How much one request may ask for. Kafka's brokers that use ZooKeeper set no bounds; its newer controllers have the first.
 */
import { KafkaError } from '@barnabas/model';

/** Partitions that one request may create or add, over all of its topics. */
export const MAX_PARTITIONS_PER_REQUEST = 10_000;

/**
 * What the description of a topic, or its configuration, may have. Both are written in one transaction, which has to fit into
 * a packet of ZooKeeper's (1 MiB, `jute.maxbuffer`).
 */
export const MAX_ZNODE_BYTES = 480 * 1024;

/** What is left of a request's partitions. */
export class PartitionBudget {
  #left = MAX_PARTITIONS_PER_REQUEST;

  /** @throws KafkaError POLICY_VIOLATION where so many are too many; nothing is taken then */
  take(partitions: number): void {
    if (partitions > this.#left) {
      const message = `One request makes at most ${MAX_PARTITIONS_PER_REQUEST} partitions: ask for fewer, or in several requests.`;
      throw new KafkaError('POLICY_VIOLATION', message);
    }
    this.#left -= partitions;
  }
}

/** @throws KafkaError POLICY_VIOLATION */
export function requireFitting(what: string, data: Uint8Array): void {
  if (data.length <= MAX_ZNODE_BYTES) return;
  const message = `${what} takes ${data.length} bytes in ZooKeeper, where it may have ${MAX_ZNODE_BYTES} at most.`;
  throw new KafkaError('POLICY_VIOLATION', message);
}
