import type { LogConfig } from '@barnabas/model';

/** The configuration of topics: what `/config/topics` sets, over what the broker sets. */
export interface TopicConfigSource {
  /** In force now. Topics for which nothing is set have the broker's. */
  configOf(topic: string): LogConfig;
  /** What is set for the topic itself, by Kafka's names. */
  overridesOf(topic: string): ReadonlyMap<string, string>;
  /** Calls `listener` with each topic whose configuration has changed, until it is called off. */
  onChange(listener: (topic: string) => void): () => void;
}
