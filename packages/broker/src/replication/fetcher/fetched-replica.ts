import { formatTopicPartition, type LeaderEpoch, type Offset } from '@barnabas/model';
import type { FollowedPartition, Following } from '../followed-partition.ts';

/** Where a replica stands, as it tells its leader. What it asks for next is what it acknowledges (rule 5). */
export type FetchPosition = {
  readonly fetchOffset: Offset;
  readonly logStartOffset: Offset;
  readonly lastFetchedEpoch: LeaderEpoch | undefined;
};

/**
 * `ready`: to be asked for. `busy`: the log is appending or being cut. `delayed`: backing off after an error. `ended`: not
 * fetched any more until it is followed anew.
 */
export type ReplicaState = 'ready' | 'busy' | 'delayed' | 'ended';

/** One replica as its fetcher keeps it, from one `follow` to the next; the fetcher alone changes it. */
export class FetchedReplica {
  readonly partition: FollowedPartition;
  readonly leaderEpoch: LeaderEpoch;
  readonly topicId: string;
  readonly name: string;
  /** In a session, which goes by topic ids. */
  readonly key: string;
  state: ReplicaState = 'ready';
  /** In a row. */
  failures = 0;
  /** How often it was brought back into the leader's range since the leader had records for it. */
  returns = 0;
  /** What went wrong last, so that the log says it once. */
  lastFailure: string | undefined;
  /** Settles, never rejects, when what the log is doing now is done. */
  running: Promise<void> | undefined;

  constructor({ partition, leaderEpoch }: Following, topicId: string) {
    this.partition = partition;
    this.leaderEpoch = leaderEpoch;
    this.topicId = topicId;
    this.name = formatTopicPartition(partition.topicPartition);
    this.key = sessionKey(topicId, partition.topicPartition.partition);
  }

  get position(): FetchPosition {
    const { fetchOffset, logStartOffset, latestEpoch } = this.partition;
    return { fetchOffset, logStartOffset, lastFetchedEpoch: latestEpoch };
  }
}

export const sessionKey = (topicId: string, partition: number): string => `${topicId}/${partition}`;

export const isSamePosition = (one: FetchPosition, other: FetchPosition): boolean =>
  one.fetchOffset === other.fetchOffset &&
  one.logStartOffset === other.logStartOffset &&
  one.lastFetchedEpoch === other.lastFetchedEpoch;
