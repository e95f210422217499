import { brokerId, DEFAULT_LOG_CONFIG, type LogConfig } from '@barnabas/model';
import { SimulatedClock, SimulatedScheduler, seededRandom } from '@barnabas/testkit';
import type { PeerRequest, PeerResponse } from '@barnabas/transport';
import { type ClusterImage, EMPTY_CLUSTER } from '../../../src/cluster/cluster-image.ts';
import { type BrokerMetrics, NO_METRICS } from '../../../src/metrics/broker-metrics.ts';
import { fetchHandler } from '../../../src/requests/fetch/fetch-handler.ts';
import { FetchSessions } from '../../../src/requests/fetch/session/fetch-sessions.ts';
import { topicNames } from '../../../src/requests/fetch/topic-names.ts';
import { ask } from '../ask.ts';
import { recordingLog } from '../recording-log.ts';
import { idOf, MemoryReplicas } from './memory-replicas.ts';

export type ContextOptions = {
  readonly image?: ClusterImage;
  readonly slots?: number;
  readonly refreshMs?: number;
  readonly maxBytes?: number;
  readonly metrics?: Partial<BrokerMetrics>;
};

type AskedPartition = Partial<PeerRequest<'Fetch'>['topics'][number]['partitions'][number]>;
type Fetched = PeerResponse<'Fetch'>['responses'][number]['partitions'][number];

/** The Fetch handler over replicas in memory, on simulated time. */
export class FetchContext {
  readonly clock = new SimulatedClock();
  readonly scheduler = new SimulatedScheduler(this.clock);
  readonly replicas = new MemoryReplicas();
  readonly log = recordingLog();
  readonly sessions: FetchSessions;
  /** What is set for a topic, by its name. */
  readonly configs = new Map<string, Partial<LogConfig>>();
  readonly handler: ReturnType<typeof fetchHandler>;

  constructor({ image = EMPTY_CLUSTER, slots = 10, refreshMs = 3000, maxBytes = 1e6, metrics }: ContextOptions = {}) {
    const { clock, scheduler, replicas, log } = this;
    const cluster = { image, onChange: () => () => {} };
    const nameOf = topicNames(cluster, replicas);
    this.sessions = new FetchSessions({ replicas, nameOf, slots, refreshMs, clock, random: seededRandom(1) });
    this.handler = fetchHandler({
      replicas,
      cluster,
      sessions: this.sessions,
      listener: 'PEERS',
      topicConfigs: { configOf: (topic) => ({ ...DEFAULT_LOG_CONFIG, ...this.configs.get(topic) }) },
      maxBytes,
      clock,
      scheduler,
      metrics: { ...NO_METRICS, ...metrics },
      log,
    });
  }

  /** A consumer's fetch without a session that does not wait, but for what is said otherwise. */
  fetch(request: Partial<PeerRequest<'Fetch'>>, version = 17): Promise<PeerResponse<'Fetch'>> {
    return ask('Fetch', this.handler, version, { maxWaitMs: 0, minBytes: 1, topics: [], ...request });
  }

  /** Lets time pass until the answer is there, and tells how long that took. */
  async timed<T>(answer: Promise<T>): Promise<{ readonly value: T; readonly tookMs: number }> {
    const startMs = this.clock.steadyMs();
    let isThere = false;
    void answer.then(() => {
      isThere = true;
    });
    await this.scheduler.advanceBy(0);
    while (!isThere) await this.scheduler.advanceBy(1);
    return { value: await answer, tookMs: this.clock.steadyMs() - startMs };
  }
}

export const FOLLOWER_STATE = { replicaState: { replicaId: brokerId(9), replicaEpoch: 700n } };

/** A topic of a request, by id and by name; a partition by its index, or with what is asked of it. */
export const asked = (topic: string, ...partitions: readonly (number | AskedPartition)[]) => ({
  topic,
  topicId: idOf(topic),
  partitions: partitions.map((partition) => ({
    partition: 0,
    fetchOffset: 0n,
    partitionMaxBytes: 1_000_000,
    ...(typeof partition === 'number' ? { partition } : partition),
  })),
});

export const partitionsOf = ({ responses }: PeerResponse<'Fetch'>): Fetched[] =>
  responses.flatMap(({ partitions }) => partitions);

/** Which partitions are answered, by index. */
export const indexesOf = (response: PeerResponse<'Fetch'>): number[] =>
  partitionsOf(response).map(({ partitionIndex }) => partitionIndex);
