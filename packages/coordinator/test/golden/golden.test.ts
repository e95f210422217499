import { decodeAssignment, decodeOffsetsRecord, type GroupMetadataValue } from '@barnabas/protocol';
import { describe, expect, it } from 'vitest';
import { partitionFor } from '../../src/index.ts';
import { changeOf, recordOf } from '../../src/log/group-change.ts';
import { commitAsk, deleteGroupAsk, describeAsk, fetchAsk } from '../support/asks.ts';
import { GoldenUuids, generationsOf, liveThrough } from '../support/golden-group-client.ts';
import { goldenGroups, goldenLogOf, goldenLogs } from '../support/golden-offsets-topic.ts';
import { ShardHost } from '../support/shard-host.ts';

const PARTITIONS = 5;
/** Long after the records were written, and before their offsets expire. */
const NOW_MS = 1_795_300_000_000;

const hostOf = (partition: number) => new ShardHost({ log: goldenLogOf(partition), nowMs: NOW_MS });

describe('the __consumer_offsets of Kafka', () => {
  it.each(goldenLogs())('gives the same bytes when its changes are written again, partition $partition', ({ log }) => {
    for (const { key, value } of log) {
      const change = changeOf(decodeOffsetsRecord(key, value));
      if (change === undefined) throw new Error('a record of an unknown kind');
      expect(recordOf(change)).toEqual({ key, value });
    }
  });

  it.each(goldenGroups())('replays to the state and members of %s', (groupId, expected) => {
    expect(partitionFor(groupId, PARTITIONS)).toBe(expected.offsetsPartition);
    const [group] = hostOf(expected.offsetsPartition).call(describeAsk(groupId)).groups;
    expect(group).toMatchObject({ groupState: expected.state, protocolData: expected.assignor });
    const members = (group?.members ?? []).map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.groupInstanceId,
      clientId: member.clientId,
      host: member.clientHost,
      assignment: partitionsOf(member.memberAssignment),
    }));
    const byId = (a: { memberId: string }, b: { memberId: string }) => a.memberId.localeCompare(b.memberId);
    expect(members.sort(byId)).toEqual([...expected.members].sort(byId));
  });

  it.each(goldenGroups())('replays to the offsets of %s', (groupId, expected) => {
    const [group] = hostOf(expected.offsetsPartition).call(fetchAsk(null, { groupId })).groups;
    const offsets = (group?.topics ?? []).flatMap(({ name: topic, partitions }) =>
      partitions.map(({ partitionIndex: partition, committedOffset, committedLeaderEpoch, metadata }) => ({
        topic,
        partition,
        offset: Number(committedOffset),
        leaderEpoch: committedLeaderEpoch === -1 ? null : committedLeaderEpoch,
        metadata,
      })),
    );
    const place = ({ topic, partition }: { topic: string; partition: number }) => `${topic}-${partition}`;
    expect(offsets.sort((a, b) => place(a).localeCompare(place(b)))).toEqual(
      [...expected.offsets].sort((a, b) => place(a).localeCompare(place(b))),
    );
  });
});

describe('what is written for the same groups', () => {
  const groups = goldenGroups().flatMap(([groupId, { offsetsPartition }]) => {
    const generations = generationsOf(goldenLogOf(offsetsPartition), groupId);
    return generations.length === 0 ? [] : [{ groupId, offsetsPartition, generations }];
  });

  it.each(groups)('is the same bytes but for the times: $groupId', ({ groupId, offsetsPartition, generations }) => {
    const host = new ShardHost({ random: new GoldenUuids(generations), nowMs: NOW_MS });
    let before: GroupMetadataValue['members'] = [];
    for (const generation of generations) {
      if (generation === null) {
        host.call(deleteGroupAsk(groupId));
        continue;
      }
      liveThrough(host, groupId, before, generation);
      before = generation.members;
    }
    const expected = goldenLogOf(offsetsPartition).filter(({ key, value }) => isGroup(key, value, groupId));
    expect(host.log.map(withoutTimes)).toEqual(expected.map(withoutTimes));
  });

  it('is the same bytes but for the times: the offsets of a consumer without a group', () => {
    const host = new ShardHost({ nowMs: NOW_MS });
    const log = goldenLogOf(partitionFor('group-simple', PARTITIONS)).filter(({ key }) => key.includes('group-simple'));
    for (const { key, value } of log) {
      const record = decodeOffsetsRecord(key, value);
      if (record.type !== 'offset-commit' || record.value === null) throw new Error('not a commit');
      const { topic, partition } = record.key.data;
      const { offset, leaderEpoch, metadata } = record.value.data;
      host.call(commitAsk({ [topic]: [{ partition, offset, leaderEpoch, metadata }] }, { groupId: 'group-simple' }));
    }
    expect(host.log.map(withoutTimes)).toEqual(log.map(withoutTimes));
  });
});

const partitionsOf = (assignment: Buffer): string =>
  decodeAssignment(assignment)
    .data.assignedPartitions.flatMap(({ topic, partitions }) => partitions.map((partition) => `${topic}-${partition}`))
    .sort()
    .join(',');

const isGroup = (key: Buffer, value: Buffer | null, groupId: string): boolean => {
  const record = decodeOffsetsRecord(key, value);
  return record.type === 'group-metadata' && record.key.data.group === groupId;
};

/** The times of a record are those at which it was written. */
const withoutTimes = ({ key, value }: { key: Buffer; value: Buffer | null }) => {
  const record = decodeOffsetsRecord(key, value);
  if (value === null || record.type === 'unknown' || record.value === null) return { key, value };
  const at = record.type === 'offset-commit' ? value.length - 8 : stateTimestampAt(record.value.data);
  return { key, value: Buffer.concat([value.subarray(0, at), Buffer.alloc(8), value.subarray(at + 8)]) };
};

/** Behind the version, the type, the generation, the protocol and the leader. */
const stateTimestampAt = ({ protocolType, protocol, leader }: GroupMetadataValue): number =>
  [protocolType, protocol ?? '', leader ?? ''].reduce((at, text) => at + 2 + Buffer.byteLength(text), 2) + 4;
