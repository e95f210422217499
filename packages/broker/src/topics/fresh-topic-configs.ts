import type { LeaderAndIsrRequest } from '@barnabas/protocol';
import type { PeerHandler } from '@barnabas/transport';

/** Reads anew what is set for topics; see TopicConfigs. */
export type Refresh = { refresh(topics: Iterable<string>): Promise<void> };

/**
 * Has what is set for a topic read before the first partition of it comes to this broker: its log must not begin with the
 * configuration of the broker, or of an earlier topic of the same name.
 */
export function withFreshTopicConfigs(
  handler: PeerHandler<'LeaderAndIsr'>,
  configs: Refresh,
): PeerHandler<'LeaderAndIsr'> {
  return async (request, context) => {
    const topics = newTopics(request);
    if (topics.size > 0) await configs.refresh(topics);
    return await handler(request, context);
  };
}

function newTopics({ topicStates, ungroupedPartitionStates }: LeaderAndIsrRequest): ReadonlySet<string> {
  const grouped = topicStates.filter(({ partitionStates }) => partitionStates.some(({ isNew }) => isNew));
  const ungrouped = ungroupedPartitionStates.filter(({ isNew }) => isNew);
  return new Set([...grouped, ...ungrouped].map(({ topicName }) => topicName));
}
