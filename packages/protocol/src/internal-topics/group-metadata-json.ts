import { type KafkaJson, toKafkaJson } from '../schema/kafka-json.ts';
import {
  CONSUMER_PROTOCOL_TYPE,
  CONSUMER_PROTOCOL_VERSION,
  ConsumerProtocolAssignment,
  ConsumerProtocolSubscription,
  decodeAssignment,
  decodeSubscription,
} from './consumer-protocol.ts';
import { GroupMetadataValue } from './group-metadata.ts';
import type { Versioned } from './versioned.ts';

const subscriptionJson = (metadata: Buffer): KafkaJson => {
  const { version, data } = decodeSubscription(metadata);
  return toKafkaJson(ConsumerProtocolSubscription, Math.min(version, CONSUMER_PROTOCOL_VERSION), data);
};

const assignmentJson = (assignment: Buffer): KafkaJson => {
  const { version, data } = decodeAssignment(assignment);
  return toKafkaJson(ConsumerProtocolAssignment, Math.min(version, CONSUMER_PROTOCOL_VERSION), data);
};

/**
 * A group as `kafka-dump-log --offsets-decoder` prints it: the converter's JSON, in which the subscription and the
 * assignment of each member of a consumer group stand decoded, and not in base64.
 * Throws MalformedMessageError where a member's bytes are not of the consumer protocol.
 */
export const groupMetadataJson = ({ version, data }: Versioned<GroupMetadataValue>): KafkaJson => {
  const json = toKafkaJson(GroupMetadataValue, version, data);
  if (data.protocolType !== CONSUMER_PROTOCOL_TYPE) return json;
  const members = data.members.map((member, index) => ({
    ...(json.members as readonly { readonly [name: string]: KafkaJson }[])[index],
    subscription: subscriptionJson(member.subscription),
    assignment: assignmentJson(member.assignment),
  }));
  return { ...json, members };
};
