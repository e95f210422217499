import { CONSUMER_PROTOCOL_TYPE, decodeSubscription, MalformedMessageError } from '@barnabas/protocol';
import { type Member, metadataOf } from './member.ts';

const VERSION_BYTES = 2;

/**
 * The topics that the members of a consumer group subscribe to; null where that is not known: the group is of another type, has no
 * protocol yet, or what a member says is no subscription.
 */
export const subscribedTopics = (
  protocolType: string | null,
  protocol: string | null,
  members: readonly Member[],
): ReadonlySet<string> | null => {
  if (protocolType !== CONSUMER_PROTOCOL_TYPE) return null;
  if (members.length === 0) return new Set();
  if (protocol === null) return null;
  const topics = new Set<string>();
  for (const member of members) {
    const its = topicsOf(metadataOf(member, protocol));
    if (its === null) return null;
    for (const topic of its) topics.add(topic);
  }
  return topics;
};

/** Read as version 0, with which every version begins: a coordinator need not know what newer clients add. */
const topicsOf = (subscription: Buffer): readonly string[] | null => {
  if (subscription.length < VERSION_BYTES || subscription.readInt16BE(0) < 0) return null;
  const asVersion0 = Buffer.from(subscription);
  asVersion0.writeInt16BE(0, 0);
  try {
    return decodeSubscription(asVersion0).data.topics;
  } catch (error) {
    if (error instanceof MalformedMessageError) return null;
    throw error;
  }
};
