/**
 * What members of a group of protocol type `consumer` tell one another: the subscription (in JoinGroup) and the
 * assignment (in SyncGroup). Versions only add fields at the end, so a reader takes what it knows of a higher version
 * and ignores what follows.
 */
import { array, bytes, type InputOf, int32, string, struct, type TypeOf } from '../schema/field.ts';
import { message } from '../schema/message.ts';
import { decodeVersioned, encodeVersioned, type Versioned } from './versioned.ts';

/** Protocol type of the groups whose members speak this. */
export const CONSUMER_PROTOCOL_TYPE = 'consumer';
/** The highest version of both, and the one that is written. */
export const CONSUMER_PROTOCOL_VERSION = 3;

const PartitionsOfTopic = struct({
  topic: string('0+'),
  partitions: array('0+', int32),
});

export const ConsumerProtocolSubscription = message('ConsumerProtocolSubscription', '0-3', 'none', {
  topics: array('0+', string),
  userData: bytes('0+', { nullable: '0+', default: null }),
  ownedPartitions: array('1+', PartitionsOfTopic, { default: [], ignorable: true }),
  generationId: int32('2+', { default: -1, ignorable: true }),
  rackId: string('3+', { nullable: '3+', default: null, ignorable: true }),
});
export type ConsumerProtocolSubscription = TypeOf<typeof ConsumerProtocolSubscription>;

export const ConsumerProtocolAssignment = message('ConsumerProtocolAssignment', '0-3', 'none', {
  assignedPartitions: array('0+', PartitionsOfTopic),
  userData: bytes('0+', { nullable: '0+', default: null }),
});
export type ConsumerProtocolAssignment = TypeOf<typeof ConsumerProtocolAssignment>;

const READING = { tail: 'tolerant', knownUpTo: CONSUMER_PROTOCOL_VERSION } as const;

/** `version` is the one that was written, even where it is higher than what is known. Throws MalformedMessageError. */
export const decodeSubscription = (metadata: Buffer): Versioned<ConsumerProtocolSubscription> =>
  decodeVersioned(ConsumerProtocolSubscription, metadata, READING);

/** `version` is the one that was written, even where it is higher than what is known. Throws MalformedMessageError. */
export const decodeAssignment = (assignment: Buffer): Versioned<ConsumerProtocolAssignment> =>
  decodeVersioned(ConsumerProtocolAssignment, assignment, READING);

export const encodeSubscription = (
  value: InputOf<typeof ConsumerProtocolSubscription>,
  version = CONSUMER_PROTOCOL_VERSION,
): Buffer => encodeVersioned(ConsumerProtocolSubscription, version, value);

export const encodeAssignment = (
  value: InputOf<typeof ConsumerProtocolAssignment>,
  version = CONSUMER_PROTOCOL_VERSION,
): Buffer => encodeVersioned(ConsumerProtocolAssignment, version, value);
