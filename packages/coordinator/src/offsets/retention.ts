/**
 * Offsets that nobody can want any longer go, and groups of which nothing is left (KIP-211). Looked for at every
 * `offsets.retention.check.interval.ms`.
 */
import { CONSUMER_PROTOCOL_TYPE } from '@barnabas/protocol';
import type { Group } from '../group/group.ts';
import type { PartitionOffset } from '../group/group-offsets.ts';
import { type CommittedOffset, NO_TIMESTAMP } from '../log/group-change.ts';
import type { Turn } from '../turn/turn.ts';
import { beginDeletion } from './delete-group.ts';
import { appendDeletions, offsetDeletion } from './deletion.ts';

export const scheduleRetention = (turn: Turn): void =>
  turn.setTimer({ kind: 'retention' }, turn.limits.retentionCheckIntervalMs);

export const expire = (turn: Turn): void => {
  for (const group of turn.state.groups) expireGroup(turn, group);
  scheduleRetention(turn);
};

const expireGroup = (turn: Turn, group: Group): void => {
  if (group.is('Dead')) return;
  const committed = group.offsets.committed();
  const expired = committed.filter((offset) => isExpired(turn, group, offset));
  const nothingIsLeft = expired.length === committed.length && group.offsets.places().length === expired.length;
  if (group.is('Empty') && nothingIsLeft && group.pendingMembers.size === 0) {
    beginDeletion(turn, group, null);
  } else if (expired.length > 0) {
    const changes = expired.map((place) => offsetDeletion(group.id, place));
    appendDeletions(turn, changes, () => ({ kind: 'nothing' }));
  }
  if (expired.length > 0) turn.log.info({ groupId: group.id, offsets: expired.length }, 'offsets expire');
};

const isExpired = (turn: Turn, group: Group, { topic, partition, value }: PartitionOffset): boolean => {
  const keptSince = retentionBegin(group, topic, value);
  if (keptSince === null || group.offsets.isUnderWay(topic, partition)) return false;
  const now = BigInt(turn.nowMs);
  if (value.expireTimestamp !== NO_TIMESTAMP) return now >= value.expireTimestamp;
  return now - keptSince >= BigInt(turn.limits.offsetsRetentionMs);
};

/**
 * From when on the retention counts: for a group whose members are gone since then, for offsets without members and topics that nobody
 * subscribes to since the commit. null: does not count now.
 */
const retentionBegin = (group: Group, topic: string, { commitTimestamp }: CommittedOffset): bigint | null => {
  if (group.protocolType === null) return commitTimestamp;
  if (group.is('Empty')) return group.stateTimestampMs === null ? commitTimestamp : BigInt(group.stateTimestampMs);
  if (!group.is('Stable') || group.protocolType !== CONSUMER_PROTOCOL_TYPE) return null;
  return group.subscribedTopics === null || group.subscribedTopics.has(topic) ? null : commitTimestamp;
};
