import { type BrokerId, formatTopicPartition, type TopicPartition } from '@barnabas/model';
import type { Fetchers, Following } from '../followed-partition.ts';
import type { FetchedReplica } from './fetched-replica.ts';
import type { FetcherOptions } from './fetcher-options.ts';
import { fetcherSlot } from './fetcher-slot.ts';
import { LeaderFetcher } from './leader-fetcher.ts';

type Followed = { readonly fetcher: LeaderFetcher; readonly replica: FetchedReplica };

/**
 * The fetchers of a broker: `fetchersPerLeader` for each leader that it has ever followed. Owns them, and knows which one
 * has which partition. The replica manager calls it, from the partitions' queues, in any order. Ends with `close`.
 *
 * Invariant: a partition is with one fetcher at most.
 */
export class ReplicaFetchers implements Fetchers {
  readonly #options: FetcherOptions;
  readonly #fetchers = new Map<string, LeaderFetcher>();
  readonly #followed = new Map<string, Followed>();
  #isClosed = false;

  constructor(options: FetcherOptions) {
    this.#options = options;
  }

  follow(followings: readonly Following[]): void {
    if (this.#isClosed) return;
    for (const following of followings) this.#follow(following);
  }

  unfollow(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#remove(formatTopicPartition(partition));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#followed.clear();
    await Promise.all([...this.#fetchers.values()].map((fetcher) => fetcher.close()));
  }

  #follow(following: Following): void {
    const { partition, leader } = following;
    const name = formatTopicPartition(partition.topicPartition);
    const before = this.#remove(name);
    if (partition.topicId === undefined) {
      this.#options.log.error({ partition: name, leader }, 'cannot follow a partition whose topic has no id');
      return;
    }
    const fetcher = this.#fetcherFor(leader, partition.topicPartition);
    this.#followed.set(name, { fetcher, replica: fetcher.add(following, partition.topicId, before) });
  }

  /** @returns the replica as it was followed until now */
  #remove(name: string): FetchedReplica | undefined {
    const followed = this.#followed.get(name);
    if (followed === undefined) return undefined;
    this.#followed.delete(name);
    followed.fetcher.remove(followed.replica);
    return followed.replica;
  }

  #fetcherFor(leader: BrokerId, partition: TopicPartition): LeaderFetcher {
    const key = `${leader}/${fetcherSlot(partition, this.#options.limits.fetchersPerLeader)}`;
    const known = this.#fetchers.get(key);
    if (known !== undefined) return known;
    const fetcher = new LeaderFetcher(leader, this.#options);
    this.#fetchers.set(key, fetcher);
    return fetcher;
  }
}
