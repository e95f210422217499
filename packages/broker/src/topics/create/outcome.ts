import type { LogConfig } from '@barnabas/model';
import { ZERO_UUID } from '@barnabas/protocol';
import type { PeerResponse } from '@barnabas/transport';
import { topicConfigEntries } from '../configs/topic-entries.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { requireTopicOverrides } from '../topic-overrides.ts';
import type { PlannedTopic } from './planned-topic.ts';

/** What has become of one topic of a request; `created` says whether each of its partitions has a leader, too. */
export type Outcome =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'planned'; readonly topic: PlannedTopic }
  | { readonly kind: 'created'; readonly topic: PlannedTopic; readonly hasLeaders: boolean };

export type CreatedTopic = PeerResponse<'CreateTopics'>['topics'][number];

export type ShownConfig = {
  readonly topicDefaults: LogConfig;
  /** What is set for this broker, by Kafka's names. */
  readonly brokerSet: ReadonlyMap<string, string>;
};

/** What a request is answered for the topic; one that was only planned, to see whether it could be, has no id. */
export function answerOf(name: string, outcome: Outcome, shown: ShownConfig): CreatedTopic {
  switch (outcome.kind) {
    case 'refused':
      return refusedAnswer(name, ZERO_UUID, outcome.refusal);
    case 'planned':
      return createdAnswer(outcome.topic, ZERO_UUID, shown);
    case 'created': {
      const { topicId } = outcome.topic.znode;
      if (outcome.hasLeaders) return createdAnswer(outcome.topic, topicId, shown);
      const message = 'The topic is created; not all of its partitions have a leader yet.';
      return refusedAnswer(name, topicId, refusal('REQUEST_TIMED_OUT', message));
    }
  }
}

function createdAnswer(topic: PlannedTopic, topicId: string, { topicDefaults, brokerSet }: ShownConfig): CreatedTopic {
  const { name, znode, replicationFactor, overrides } = topic;
  const config = requireTopicOverrides(overrides, topicDefaults);
  return {
    name,
    topicId,
    errorCode: 0,
    errorMessage: null,
    topicConfigErrorCode: 0,
    numPartitions: znode.partitions.size,
    replicationFactor,
    configs: topicConfigEntries({ config, overrides, brokerSet }).map((entry) => ({
      name: entry.name,
      value: entry.value,
      readOnly: entry.isReadOnly,
      configSource: entry.source,
      isSensitive: entry.isSensitive,
    })),
  };
}

function refusedAnswer(name: string, topicId: string, { errorCode, errorMessage }: Refusal): CreatedTopic {
  const numbers = { topicConfigErrorCode: 0, numPartitions: -1, replicationFactor: -1 };
  return { name, topicId, errorCode, errorMessage, ...numbers, configs: [] };
}
