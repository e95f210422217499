import { type BrokerEpoch, type BrokerId, formatTopicPartition, type TopicPartition } from '@barnabas/model';
import { type Fetchers, type Following, FollowingEndedError } from '../../../src/replication/followed-partition.ts';
import type { FetchedPartition, FetchSpec } from '../../../src/replication/replicas.ts';

export type PumpedFetchersOptions = {
  readonly localId: BrokerId;
  readonly epoch: () => BrokerEpoch;
  /** Asks a leader; undefined where it cannot be reached. */
  readonly ask: (leader: BrokerId, spec: FetchSpec) => Promise<readonly FetchedPartition[]> | undefined;
};

/** Fetchers that fetch once, from all leaders, whenever a test says so. */
export class PumpedFetchers implements Fetchers {
  readonly #options: PumpedFetchersOptions;
  readonly following = new Map<string, Following>();
  /** What leaders answered that was no success, in order. */
  readonly errors: string[] = [];

  constructor(options: PumpedFetchersOptions) {
    this.#options = options;
  }

  follow(followings: readonly Following[]): void {
    for (const each of followings) this.following.set(formatTopicPartition(each.partition.topicPartition), each);
  }

  unfollow(partitions: readonly TopicPartition[]): void {
    for (const each of partitions) this.following.delete(formatTopicPartition(each));
  }

  async close(): Promise<void> {
    this.following.clear();
  }

  /** One fetch of each partition, and what comes of it. */
  async pump(maxBytes = 1_000_000): Promise<void> {
    for (const following of [...this.following.values()]) {
      const { partition, leader, leaderEpoch } = following;
      if (partition.fetchOffset < partition.logEndOffset) continue;
      const asked = {
        ...partition.topicPartition,
        topicId: partition.topicId,
        fetchOffset: partition.fetchOffset,
        maxBytes,
        currentLeaderEpoch: leaderEpoch,
        lastFetchedEpoch: partition.latestEpoch,
        logStartOffset: partition.logStartOffset,
      };
      const answers = await this.#options.ask(leader, {
        replica: { id: this.#options.localId, epoch: this.#options.epoch() },
        maxWaitMs: 0,
        minBytes: 1,
        maxBytes,
        isolation: 'read_uncommitted',
        partitions: [asked],
      });
      const answer = answers?.[0];
      if (answer !== undefined) await this.#take(following, answer);
    }
  }

  async #take({ partition, leaderEpoch }: Following, answer: FetchedPartition): Promise<void> {
    try {
      if (answer.divergingEpoch !== undefined) await partition.truncateToDiverging(leaderEpoch, answer.divergingEpoch);
      else if (answer.error !== undefined) this.errors.push(answer.error);
      else {
        await partition.append(leaderEpoch, {
          records: Buffer.concat(answer.records),
          highWatermark: answer.highWatermark as typeof partition.logEndOffset,
          logStartOffset: answer.logStartOffset as typeof partition.logEndOffset,
        });
      }
    } catch (error) {
      if (!(error instanceof FollowingEndedError)) throw error;
      this.errors.push('following ended');
    }
  }
}
