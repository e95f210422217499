import {
  type BrokerEpoch,
  type BrokerId,
  ERRORS,
  type ErrorName,
  formatTopicPartition,
  type Scheduler,
  type TopicPartition,
} from '@barnabas/model';
import type { ApiName } from '@barnabas/protocol';
import { type PeerClient, PeerError, type PeerRequest, type PeerResponse, type SendOptions } from '@barnabas/transport';

type ControlApi = 'LeaderAndIsr' | 'UpdateMetadata' | 'StopReplica' | 'ListOffsets';
type Requests = { [Name in ControlApi]: { readonly api: Name; readonly request: PeerRequest<Name> } };
export type Received = Requests[ControlApi];
export type LedPartition = { readonly leader: number; readonly leaderEpoch: number; readonly isr: readonly number[] };

/** How long a request and its answer take. */
const LATENCY_MS = 2;
const DELETED = -2;

/**
 * A broker as the controller sees it: it answers as Kafka's does, checks epochs, and keeps what it was told. `epoch` is set
 * when it registers.
 */
export class FakeBroker {
  readonly id: BrokerId;
  epoch: BrokerEpoch | undefined;
  readonly received: Received[] = [];
  /** What it would hold, by `topic-partition`. */
  readonly replicas = new Map<string, LedPartition & { readonly isNew: boolean }>();
  /** Leaders, as it would answer to Metadata. */
  readonly metadata = new Map<string, LedPartition & { readonly offlineReplicas: readonly number[] }>();
  liveBrokers: readonly number[] = [];
  readonly deleted: string[] = [];
  /** Last epoch and end of its logs. */
  readonly logEnds = new Map<string, readonly [epoch: number, end: number]>();
  /** Replicas whose directory has failed. */
  readonly failed = new Set<string>();
  /** Error of each StopReplica that deletes. */
  deletionError: ErrorName = 'NONE';
  /** Called when it is asked for the ends of its logs. */
  onListOffsets = (): void => {};
  isReachable = true;
  /** Answers get lost. */
  isMute = false;
  refusals = 0;
  #controllerEpoch = 0;
  readonly #scheduler: Scheduler;

  constructor(id: BrokerId, scheduler: Scheduler) {
    this.id = id;
    this.#scheduler = scheduler;
  }

  /** It starts with what it had on its disk, and without what it had been told. */
  restart(): void {
    this.replicas.clear();
    this.metadata.clear();
    this.liveBrokers = [];
    this.#controllerEpoch = 0;
    this.isReachable = true;
  }

  client(): PeerClient {
    let isClosed = false;
    return {
      send: async <Name extends ApiName>(
        api: Name,
        _version: number,
        request: PeerRequest<Name>,
        { deadlineMs }: SendOptions,
      ): Promise<PeerResponse<Name>> => {
        await this.#pause(LATENCY_MS);
        if (isClosed || !this.isReachable) throw new PeerError('refused', 'unreachable', 'nobody is there');
        const received = { api, request } as unknown as Received;
        const response = this.#answer(received) as PeerResponse<Name>;
        if (this.isMute) {
          await this.#pause(deadlineMs);
          throw new PeerError('unknown', 'deadline', 'no answer');
        }
        await this.#pause(LATENCY_MS);
        return response;
      },
      close: async () => {
        isClosed = true;
      },
    };
  }

  requests<Name extends ControlApi>(api: Name): readonly PeerRequest<Name>[] {
    return this.received.flatMap((one) => (one.api === api ? [one.request as PeerRequest<Name>] : []));
  }

  leaderOf(partition: TopicPartition): LedPartition | undefined {
    return this.metadata.get(formatTopicPartition(partition));
  }

  #answer(received: Received): unknown {
    const { api, request } = received;
    if (api === 'ListOffsets') {
      this.received.push(received);
      this.onListOffsets();
      return this.#listOffsets(request);
    }
    const refusal = this.#refusal(request);
    if (refusal !== undefined) {
      this.refusals++;
      return { errorCode: ERRORS[refusal].code, partitionErrors: [], topics: [] };
    }
    this.received.push(received);
    switch (api) {
      case 'LeaderAndIsr':
        return this.#leaderAndIsr(request);
      case 'UpdateMetadata':
        return this.#updateMetadata(request);
      case 'StopReplica':
        return this.#stopReplica(request);
    }
  }

  #refusal({ controllerEpoch, brokerEpoch }: Requests['LeaderAndIsr' | 'UpdateMetadata' | 'StopReplica']['request']) {
    if (controllerEpoch < this.#controllerEpoch) return 'STALE_CONTROLLER_EPOCH';
    if (Number(brokerEpoch) < (this.epoch ?? 0)) return 'STALE_BROKER_EPOCH';
    this.#controllerEpoch = controllerEpoch;
    return undefined;
  }

  #leaderAndIsr({ topicStates = [] }: PeerRequest<'LeaderAndIsr'>): PeerResponse<'LeaderAndIsr'> {
    const topics = topicStates.map(({ topicName, topicId, partitionStates }) => ({
      topicId,
      partitionErrors: partitionStates.map(({ partitionIndex, leader, leaderEpoch, isr, isNew = false }) => {
        const key = `${topicName}-${partitionIndex}`;
        const hasFailed = this.failed.has(key);
        const isStale = !hasFailed && leaderEpoch < (this.replicas.get(key)?.leaderEpoch ?? 0);
        if (!hasFailed && !isStale) this.replicas.set(key, { leader, leaderEpoch, isr, isNew });
        const error = hasFailed ? 'KAFKA_STORAGE_ERROR' : isStale ? 'STALE_CONTROLLER_EPOCH' : 'NONE';
        return { topicName: '', partitionIndex, errorCode: ERRORS[error].code };
      }),
    }));
    return { errorCode: 0, partitionErrors: [], topics };
  }

  #updateMetadata({ topicStates = [], liveBrokers }: PeerRequest<'UpdateMetadata'>): PeerResponse<'UpdateMetadata'> {
    this.liveBrokers = liveBrokers.map(({ id }) => id).sort((a, b) => a - b);
    for (const { topicName, partitionStates } of topicStates) {
      for (const { partitionIndex, leader, leaderEpoch, isr, offlineReplicas } of partitionStates) {
        const key = `${topicName}-${partitionIndex}`;
        if (leader === DELETED) this.metadata.delete(key);
        else this.metadata.set(key, { leader, leaderEpoch, isr, offlineReplicas });
      }
    }
    return { errorCode: 0 };
  }

  #stopReplica({ topicStates = [] }: PeerRequest<'StopReplica'>): PeerResponse<'StopReplica'> {
    const partitionErrors = topicStates.flatMap(({ topicName, partitionStates }) =>
      partitionStates.map(({ partitionIndex, deletePartition }) => {
        const key = `${topicName}-${partitionIndex}`;
        const error = deletePartition ? this.deletionError : 'NONE';
        if (error === 'NONE') this.replicas.delete(key);
        if (error === 'NONE' && deletePartition) this.deleted.push(key);
        return { topicName, partitionIndex, errorCode: ERRORS[error].code };
      }),
    );
    return { errorCode: 0, partitionErrors };
  }

  #listOffsets({ topics }: PeerRequest<'ListOffsets'>): PeerResponse<'ListOffsets'> {
    return {
      throttleTimeMs: 0,
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => {
          const key = `${name}-${partitionIndex}`;
          const [leaderEpoch, end] = this.logEnds.get(key) ?? [-1, 0];
          const errorCode = this.replicas.has(key) ? 0 : ERRORS.NOT_LEADER_OR_FOLLOWER.code;
          return { partitionIndex, errorCode, oldStyleOffsets: [], timestamp: -1n, offset: BigInt(end), leaderEpoch };
        }),
      })),
    };
  }

  #pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#scheduler.after(durationMs, resolve);
    });
  }
}
