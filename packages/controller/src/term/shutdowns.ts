import { type BrokerId, brokerId, ERRORS, type ErrorName } from '@barnabas/model';
import type { ControlledShutdownRequest } from '@barnabas/protocol';
import type { Partition } from '../cluster/partition.ts';
import type { ControlledShutdownAnswer } from '../handlers/answers.ts';
import { stepOfShutdown } from '../state/controlled-shutdown.ts';
import type { PartitionChanges } from './partition-changes.ts';
import type { TermParts } from './term-parts.ts';

const UNKNOWN_BROKER_EPOCH = -1n;

/** ControlledShutdown: a broker that is about to stop gives up what it leads, and is followed by nobody any more. */
export class Shutdowns {
  readonly #parts: TermParts;
  readonly #changes: PartitionChanges;
  readonly #learnBrokers: () => Promise<void>;

  /** @param learnBrokers finds out who is registered now */
  constructor(parts: TermParts, changes: PartitionChanges, learnBrokers: () => Promise<void>) {
    this.#parts = parts;
    this.#changes = changes;
    this.#learnBrokers = learnBrokers;
  }

  async shutDown(request: ControlledShutdownRequest): Promise<ControlledShutdownAnswer> {
    const id = brokerId(request.brokerId);
    const refusal = await this.#refusal(id, request.brokerEpoch);
    if (refusal !== undefined) return { errorCode: ERRORS[refusal].code, remainingPartitions: [] };
    const { cluster, announcements, options } = this.#parts;
    const broker = cluster.brokers.get(id);
    if (broker !== undefined) cluster.setBroker({ ...broker, isShuttingDown: true });
    options.logger.info({ broker: id }, 'a broker is shutting down');
    const concerned = [...cluster.lastingPartitions()].filter(({ assignment: { replicas } }) => {
      return replicas.length > 1 && replicas.includes(id);
    });
    const followed = concerned.filter(({ leaderAndIsr }) => leaderAndIsr !== undefined && leaderAndIsr.leader !== id);
    await this.#changes.change(concerned, (partition) => this.#nextOf(partition, id), 'replicas');
    for (const partition of followed) announcements.stopReplica(id, partition, false);
    announcements.flush();
    const remaining = concerned.filter(({ leaderAndIsr }) => leaderAndIsr?.leader === id);
    return {
      errorCode: ERRORS.NONE.code,
      remainingPartitions: remaining.map(({ topic, partition }) => ({ topicName: topic, partitionIndex: partition })),
    };
  }

  async #refusal(id: BrokerId, epoch: bigint): Promise<ErrorName | undefined> {
    const { brokers } = this.#parts.cluster;
    if (epoch > BigInt(brokers.get(id)?.epoch ?? -1)) await this.#learnBrokers();
    const known = brokers.get(id);
    if (known === undefined) return 'BROKER_NOT_AVAILABLE';
    return epoch === UNKNOWN_BROKER_EPOCH || epoch === BigInt(known.epoch) ? undefined : 'STALE_BROKER_EPOCH';
  }

  #nextOf(partition: Partition, id: BrokerId) {
    const view = this.#parts.cluster.viewOf(partition);
    const step = view === undefined ? undefined : stepOfShutdown(view, id);
    return step?.kind === 'changed' ? step.next : undefined;
  }
}
