import type { TopicZnode } from '@barnabas/zookeeper';

/** A topic that may be created: what is to be written. */
export type PlannedTopic = {
  readonly name: string;
  readonly znode: TopicZnode & { readonly topicId: string };
  /** Number of replicas of each partition. */
  readonly replicationFactor: number;
  /** What is set for the topic itself, by Kafka's names. */
  readonly overrides: ReadonlyMap<string, string>;
};
