/**
 * What one broker is to be told: the newest of each partition. Plain data, snapshots of what ZooKeeper has taken.
 *
 * A batch goes out as LeaderAndIsr, then UpdateMetadata, then StopReplica. So what comes after a StopReplica goes into the
 * next batch: it may be about the same partitions.
 */
import type { PeerRequest } from '@barnabas/transport';

type TopicOf<Name extends 'LeaderAndIsr' | 'UpdateMetadata' | 'StopReplica'> = NonNullable<
  PeerRequest<Name>['topicStates']
>[number];

/** A partition of a topic, as one of the three requests has it. */
type Told<State> = { readonly topic: string; readonly topicId: string; readonly state: State };

export type ToldLeaderAndIsr = Told<TopicOf<'LeaderAndIsr'>['partitionStates'][number]>;
export type ToldMetadata = Told<TopicOf<'UpdateMetadata'>['partitionStates'][number]>;
export type ToldStop = Told<TopicOf<'StopReplica'>['partitionStates'][number]>;
export type ToldBroker = PeerRequest<'UpdateMetadata'>['liveBrokers'][number];
export type LiveLeader = PeerRequest<'LeaderAndIsr'>['liveLeaders'][number];

/** By `topic-partition`. */
export type ControlBatch = {
  readonly leaderAndIsr: Map<string, ToldLeaderAndIsr>;
  readonly metadata: Map<string, ToldMetadata>;
  readonly stopReplica: Map<string, ToldStop>;
  /** Whether `leaderAndIsr` names every replica that the broker is to have: what else it has are strays. */
  isFull: boolean;
  /** Whether `metadata` names every partition that there is: what else the broker knows of is gone. */
  isFullMetadata: boolean;
  /** All that are registered; undefined where there is no word of metadata. */
  brokers: readonly ToldBroker[] | undefined;
  /** Where they can be reached that lead one of the partitions in `leaderAndIsr`. */
  leaders: ReadonlyMap<number, LiveLeader>;
};

export function emptyBatch(): ControlBatch {
  return {
    leaderAndIsr: new Map(),
    metadata: new Map(),
    stopReplica: new Map(),
    isFull: false,
    isFullMetadata: false,
    brokers: undefined,
    leaders: new Map(),
  };
}

/** Puts `newer` into `older`; false where they have to stay two. */
export function mergeInto(older: ControlBatch, newer: ControlBatch): boolean {
  if (older.stopReplica.size > 0) return false;
  for (const [key, told] of newer.leaderAndIsr) {
    const isNew = told.state.isNew === true || older.leaderAndIsr.get(key)?.state.isNew === true;
    older.leaderAndIsr.set(key, { ...told, state: { ...told.state, isNew } });
  }
  for (const [key, told] of newer.metadata) older.metadata.set(key, told);
  for (const [key, told] of newer.stopReplica) older.stopReplica.set(key, told);
  // With what has come since, or is gone since, it names no fewer.
  older.isFull ||= newer.isFull;
  older.isFullMetadata ||= newer.isFullMetadata;
  older.brokers = newer.brokers ?? older.brokers;
  older.leaders = new Map([...older.leaders, ...newer.leaders]);
  return true;
}
