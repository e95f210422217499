import { encodeSubscription } from '@barnabas/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { commitAsk, deleteGroupAsk, deleteOffsetsAsk, fetchAsk, joinAsk, leaveAsk } from '../support/asks.ts';
import { answered, newMember, stableGroup } from '../support/members.ts';
import { codeOf, ShardHost } from '../support/shard-host.ts';

const offsetsOf = (host: ShardHost, groupId = 'g') =>
  (host.call(fetchAsk(null, { groupId })).groups[0]?.topics ?? []).flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex }) => `${name}-${partitionIndex}`),
  );

const subscribesTo = (...topics: string[]) => ({
  protocols: [{ name: 'range', metadata: encodeSubscription({ topics, userData: null }) }],
});

describe('DeleteGroups', () => {
  let host: ShardHost;
  beforeEach(() => {
    host = new ShardHost();
  });
  const errorOf = (request: number) => answered(host, request).results[0]?.errorCode;
  const deletes = (groupId = 'g') => host.ask(deleteGroupAsk(groupId));

  it('knows no group that is not there', () => {
    expect(errorOf(deletes())).toBe(codeOf('GROUP_ID_NOT_FOUND'));
  });

  it('leaves a group alone that has members', () => {
    stableGroup(host);
    expect(errorOf(deletes())).toBe(codeOf('NON_EMPTY_GROUP'));
    newMember(host);
    expect(errorOf(deletes())).toBe(codeOf('NON_EMPTY_GROUP'));
  });

  it('deletes a group and its offsets, in the log as well', () => {
    stableGroup(host);
    host.advance(10_000);
    host.call(commitAsk({ t: [{ offset: 1n }], u: [{ offset: 1n }] }));
    expect(errorOf(deletes())).toBe(0);
    expect(host.shard.list()).toEqual([]);
    host.moveTo();
    expect(host.shard.list()).toEqual([]);
    expect(errorOf(deletes())).toBe(codeOf('GROUP_ID_NOT_FOUND'));
  });

  it('writes no group record of a group that never had members', () => {
    host.call(commitAsk({ t: [{ offset: 1n }] }));
    expect(errorOf(deletes())).toBe(0);
    expect(host.log).toHaveLength(2);
  });

  it('answers once that is committed, and leaves the group alone until then', () => {
    host.call(commitAsk({ t: [{ offset: 1n }] }));
    host.holdsWrites = true;
    const request = deletes();
    expect(host.answer(request)).toBeUndefined();
    expect(errorOf(deletes())).toBe(codeOf('COORDINATOR_NOT_AVAILABLE'));
    expect(host.shard.list()).toMatchObject([{ state: 'Dead' }]);
    host.commit();
    expect(errorOf(request)).toBe(0);
  });

  it('leaves the group as it was where it fails', () => {
    host.call(commitAsk({ t: [{ offset: 1n }] }));
    host.holdsWrites = true;
    const request = deletes();
    host.fail('REQUEST_TIMED_OUT');
    expect(errorOf(request)).toBe(codeOf('REQUEST_TIMED_OUT'));
    expect(host.shard.list()).toMatchObject([{ state: 'Empty' }]);
    expect(offsetsOf(host)).toEqual(['t-0']);
  });

  it('deletes what a commit under way is about to write', () => {
    host.holdsWrites = true;
    host.ask(commitAsk({ t: [{ offset: 1n }] }));
    const request = deletes();
    host.commit();
    host.commit();
    expect(errorOf(request)).toBe(0);
    host.moveTo();
    expect(host.shard.list()).toEqual([]);
  });

  it('takes member ids along that nobody has used yet', () => {
    host.call(joinAsk());
    expect(errorOf(deletes())).toBe(0);
    expect(host.timers.size).toBe(1);
  });

  it('comes in parts that fit into a batch, and has failed where one of them has', () => {
    const commits = Array.from({ length: 4000 }, (_, partition) => ({ partition, offset: 1n }));
    host.call(commitAsk({ ['t'.repeat(200)]: commits }));
    host.holdsWrites = true;
    const request = deletes();
    expect(host.underWay.length).toBeGreaterThan(3);
    host.fail('NOT_ENOUGH_REPLICAS');
    while (host.underWay.length > 0) host.commit();
    expect(errorOf(request)).toBe(codeOf('COORDINATOR_NOT_AVAILABLE'));
    host.holdsWrites = false;
    expect(errorOf(deletes())).toBe(0);
    host.moveTo();
    expect(host.shard.list()).toEqual([]);
  });
});

describe('OffsetDelete', () => {
  let host: ShardHost;
  beforeEach(() => {
    host = new ShardHost();
    host.call(commitAsk({ t: [{ offset: 1n }], u: [{ offset: 1n }, { partition: 1, offset: 2n }] }));
  });

  it('knows no group that is not there', () => {
    expect(host.call(deleteOffsetsAsk({ t: [0] }, 'other'))).toMatchObject({ errorCode: codeOf('GROUP_ID_NOT_FOUND') });
  });

  it('deletes offsets of a group without members; those that are not there are no error', () => {
    const answer = host.call(deleteOffsetsAsk({ u: [0, 9] }));
    expect(answer.topics).toEqual([
      {
        name: 'u',
        partitions: [
          { partitionIndex: 0, errorCode: 0 },
          { partitionIndex: 9, errorCode: 0 },
        ],
      },
    ]);
    host.moveTo();
    expect(offsetsOf(host)).toEqual(['t-0', 'u-1']);
  });

  it('leaves those alone of topics that a member subscribes to', () => {
    stableGroup(host, [subscribesTo('t')]);
    const answer = host.call(deleteOffsetsAsk({ t: [0], u: [0] }));
    expect(answer.topics.map(({ partitions }) => partitions[0]?.errorCode)).toEqual([86, 0]);
    expect(offsetsOf(host)).toEqual(['t-0', 'u-1']);
  });

  it('leaves all alone where nobody knows what the members subscribe to', () => {
    stableGroup(host);
    expect(host.call(deleteOffsetsAsk({ u: [0] })).topics[0]?.partitions[0]?.errorCode).toBe(86);
  });

  it('is for groups of consumers, and groups without members', () => {
    stableGroup(host, [{ protocolType: 'connect' }]);
    expect(host.call(deleteOffsetsAsk({ u: [0] })).errorCode).toBe(codeOf('NON_EMPTY_GROUP'));
  });

  it('answers once that is committed, and leaves them as they were where it fails', () => {
    host.holdsWrites = true;
    const request = host.ask(deleteOffsetsAsk({ t: [0] }));
    expect(host.answer(request)).toBeUndefined();
    host.fail('NOT_LEADER_OR_FOLLOWER');
    expect(answered(host, request).topics[0]?.partitions[0]?.errorCode).toBe(codeOf('NOT_COORDINATOR'));
    expect(offsetsOf(host)).toEqual(['t-0', 'u-0', 'u-1']);
  });

  it('takes the group along with the last offset, where it had members once and has none now', () => {
    const { ids } = stableGroup(host);
    host.call(leaveAsk([{ memberId: ids[0] ?? '' }]));
    host.call(deleteOffsetsAsk({ t: [0] }));
    expect(host.shard.list()).toHaveLength(1);
    host.holdsWrites = true;
    const fails = host.ask(deleteOffsetsAsk({ u: [0, 1] }));
    expect(host.shard.list()).toMatchObject([{ state: 'Dead' }]);
    host.fail('NOT_ENOUGH_REPLICAS');
    expect(answered(host, fails).topics[0]?.partitions[0]?.errorCode).toBe(codeOf('COORDINATOR_NOT_AVAILABLE'));
    expect(host.shard.list()).toMatchObject([{ state: 'Empty' }]);
    host.holdsWrites = false;
    host.call(deleteOffsetsAsk({ u: [0, 1] }));
    expect(host.shard.list()).toEqual([]);
    host.moveTo();
    expect(host.shard.list()).toEqual([]);
  });

  it('says of each offset what was done, though a member has come since', () => {
    host.holdsWrites = true;
    const request = host.ask(deleteOffsetsAsk({ t: [0] }));
    newMember(host, subscribesTo('t'));
    host.advance(3000);
    host.commit();
    expect(answered(host, request).topics[0]?.partitions[0]?.errorCode).toBe(0);
  });

  it('takes a group along that had members once and has no offsets', () => {
    const { ids } = stableGroup(host, [{ groupId: 'h' }]);
    host.call(leaveAsk([{ memberId: ids[0] ?? '' }], 'h'));
    host.call(deleteOffsetsAsk({ t: [0] }, 'h'));
    expect(host.shard.list()).toMatchObject([{ groupId: 'g' }]);
  });

  it('forgets a group that never had members with its last offset', () => {
    host.call(deleteOffsetsAsk({ t: [0], u: [0, 1] }));
    expect(host.shard.list()).toEqual([]);
  });

  it('deletes what a commit under way is about to write', () => {
    host.holdsWrites = true;
    host.ask(commitAsk({ v: [{ offset: 1n }] }));
    host.ask(deleteOffsetsAsk({ v: [0] }));
    host.commit();
    host.commit();
    expect(offsetsOf(host)).not.toContain('v-0');
  });
});

describe('a topic that is deleted', () => {
  it('takes its offsets along, of all groups, and forgets groups that had nothing else', () => {
    const host = new ShardHost();
    host.call(commitAsk({ t: [{ offset: 1n }], u: [{ offset: 1n }] }));
    host.call(commitAsk({ t: [{ offset: 1n }] }, { groupId: 'h' }));
    host.deleteTopic('t');
    expect(offsetsOf(host)).toEqual(['u-0']);
    expect(host.shard.list()).toMatchObject([{ groupId: 'g' }]);
    host.moveTo();
    expect(host.shard.list()).toMatchObject([{ groupId: 'g' }]);
    host.deleteTopic('unknown');
  });
});
