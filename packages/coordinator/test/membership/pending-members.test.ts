import { beforeEach, describe, expect, it } from 'vitest';
import { GROUP_BOUNDS } from '../../src/group/group-bounds.ts';
import { joinAsk, leaveAsk } from '../support/asks.ts';
import { answered, newMember, stableGroup } from '../support/members.ts';
import { ShardHost } from '../support/shard-host.ts';

describe('a member id that nobody has used yet', () => {
  let host: ShardHost;
  beforeEach(() => {
    host = new ShardHost();
  });

  it('holds up a rebalance', () => {
    const { ids } = stableGroup(host);
    const { memberId } = host.call(joinAsk());
    const first = host.ask(joinAsk({ memberId: ids[0] ?? '' }));
    expect(host.answer(first)).toBeUndefined();
    host.ask(joinAsk({ memberId }));
    expect(answered(host, first)).toMatchObject({ generationId: 2, members: [{ memberId: ids[0] }, { memberId }] });
  });

  it('is given up after one session time-out', () => {
    const { ids } = stableGroup(host);
    const { memberId } = host.call(joinAsk({ sessionTimeoutMs: 6000 }));
    const first = host.ask(joinAsk({ memberId: ids[0] ?? '' }));
    host.advance(6000);
    expect(answered(host, first).generationId).toBe(2);
    expect(host.error(host.ask(joinAsk({ memberId })))).toBe('UNKNOWN_MEMBER_ID');
  });

  it('is given up when its client leaves', () => {
    const { ids } = stableGroup(host);
    const { memberId } = host.call(joinAsk());
    const first = host.ask(joinAsk({ memberId: ids[0] ?? '' }));
    expect(host.call(leaveAsk([{ memberId }])).members).toMatchObject([{ errorCode: 0 }]);
    expect(answered(host, first).generationId).toBe(2);
  });

  it('makes a group be remembered no longer than itself', () => {
    host.call(joinAsk({ sessionTimeoutMs: 6000 }));
    expect(host.shard.list()).toMatchObject([{ groupId: 'g', state: 'Empty' }]);
    host.advance(6000);
    expect(host.shard.list()).toEqual([]);
    expect(host.timers.size).toBe(1);
  });

  it('is of no use to a static member', () => {
    const { memberId } = host.call(joinAsk());
    expect(host.error(host.ask(joinAsk({ memberId, groupInstanceId: 'i' })))).toBe('UNKNOWN_MEMBER_ID');
  });

  it('makes room when there are too many, over all groups', () => {
    const [oldest] = [host.call(joinAsk({ groupId: 'oldest' })).memberId];
    const second = host.call(joinAsk({ groupId: 'second' })).memberId;
    for (let count = 2; count <= GROUP_BOUNDS.pendingMembers; count++) host.call(joinAsk());
    expect(host.error(host.ask(joinAsk({ groupId: 'oldest', memberId: oldest ?? '' })))).toBe('UNKNOWN_MEMBER_ID');
    expect(host.answer(host.ask(joinAsk({ groupId: 'second', memberId: second })))).toBeUndefined();
    expect(host.timers.size).toBeLessThan(GROUP_BOUNDS.pendingMembers + 5);
  });

  it('does not keep another from joining', () => {
    host.call(joinAsk());
    const { request } = newMember(host);
    host.advance(10_000);
    expect(answered(host, request).generationId).toBe(1);
  });
});
