/**
 * What a record of `__consumer_offsets` says, without its bytes: a change of one committed offset or of one group. The shard decides
 * on changes, has their records appended, and applies them once they are committed; a log that is read again gives the same changes.
 */
import {
  encodeGroupMetadata,
  encodeOffsetCommit,
  type KeyAndValue,
  type OffsetCommitValue,
  type OffsetsRecord,
} from '@barnabas/protocol';
import { inScalaHashOrder } from '../scala-hash-order.ts';

export type GroupChange =
  /** `value` null: the offset is deleted. */
  | {
      readonly kind: 'offset';
      readonly groupId: string;
      readonly topic: string;
      readonly partition: number;
      readonly value: CommittedOffset | null;
    }
  /** `value` null: the group is deleted. */
  | { readonly kind: 'group'; readonly groupId: string; readonly value: StoredGroup | null };

/**
 * An offset as it was committed. The int64 stay as they are: nothing is computed with them but the age, and what a client commits it
 * gets back to the last bit.
 */
export type CommittedOffset = OffsetCommitValue;

/** A generation of a group as it is in the log. */
export type StoredGroup = {
  /** Empty for a group that never had one. */
  readonly protocolType: string;
  readonly generation: number;
  readonly protocol: string | null;
  readonly leader: string | null;
  /** When it came into its state; null in records of old brokers. */
  readonly stateTimestampMs: number | null;
  /** By their member ids. */
  readonly members: ReadonlyMap<string, StoredMember>;
};

export type StoredMember = {
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly rebalanceTimeoutMs: number;
  readonly sessionTimeoutMs: number;
  /** What it said under the protocol that was chosen. */
  readonly subscription: Buffer;
  readonly assignment: Buffer;
};

/** Stands for a time that is not given. */
export const NO_TIMESTAMP = -1n;

/** The record of a change, in the versions that Kafka 3.9 writes. */
export const recordOf = (change: GroupChange): KeyAndValue => {
  const { groupId: group, value } = change;
  if (change.kind === 'offset') {
    return encodeOffsetCommit({ group, topic: change.topic, partition: change.partition }, change.value);
  }
  return encodeGroupMetadata({ group }, value && groupValueOf(value as StoredGroup));
};

const groupValueOf = (stored: StoredGroup) => ({
  protocolType: stored.protocolType,
  generation: stored.generation,
  protocol: stored.protocol,
  leader: stored.leader,
  currentStateTimestamp: stored.stateTimestampMs === null ? NO_TIMESTAMP : BigInt(stored.stateTimestampMs),
  members: inScalaHashOrder([...stored.members], ([memberId]) => memberId).map(([memberId, member]) => ({
    memberId,
    groupInstanceId: member.groupInstanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    rebalanceTimeout: member.rebalanceTimeoutMs,
    sessionTimeout: member.sessionTimeoutMs,
    subscription: member.subscription,
    assignment: member.assignment,
  })),
});

/** What a record says; undefined for one of another kind. Bytes are copied, so that the log that was read need not stay in memory. */
export const changeOf = (record: OffsetsRecord): GroupChange | undefined => {
  switch (record.type) {
    case 'offset-commit': {
      const { group: groupId, topic, partition } = record.key.data;
      return { kind: 'offset', groupId, topic, partition, value: record.value?.data ?? null };
    }
    case 'group-metadata':
      return { kind: 'group', groupId: record.key.data.group, value: record.value && storedGroupOf(record.value) };
    case 'unknown':
      return undefined;
  }
};

type GroupValue = NonNullable<(OffsetsRecord & { type: 'group-metadata' })['value']>;

const storedGroupOf = ({ version, data }: GroupValue): StoredGroup => ({
  protocolType: data.protocolType,
  generation: data.generation,
  protocol: data.protocol,
  leader: data.leader,
  stateTimestampMs: data.currentStateTimestamp === NO_TIMESTAMP ? null : Number(data.currentStateTimestamp),
  members: new Map(
    data.members.map((member) => [
      member.memberId,
      {
        groupInstanceId: member.groupInstanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        rebalanceTimeoutMs: version === 0 ? member.sessionTimeout : member.rebalanceTimeout,
        sessionTimeoutMs: member.sessionTimeout,
        subscription: Buffer.from(member.subscription),
        assignment: Buffer.from(member.assignment),
      },
    ]),
  ),
});
