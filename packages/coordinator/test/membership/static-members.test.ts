import { beforeEach, describe, expect, it } from 'vitest';
import { commitAsk, heartbeatAsk, joinAsk, leaveAsk, syncAsk } from '../support/asks.ts';
import { answered, newMember, stableGroup } from '../support/members.ts';
import { codeOf, ShardHost } from '../support/shard-host.ts';

const range = (says: string) => [{ name: 'range', metadata: Buffer.from(says) }];
const STATIC = [{ groupInstanceId: 'i0' }, { groupInstanceId: 'i1' }];

describe('a static member', () => {
  let host: ShardHost;
  let ids: string[];
  beforeEach(() => {
    host = new ShardHost();
    ids = stableGroup(host, STATIC).ids;
  });
  const state = () => host.shard.list()[0]?.state;
  const comesBack = (join: Parameters<typeof joinAsk>[0]) => host.ask(joinAsk(join));
  const assignmentOf = (memberId: string, groupInstanceId: string) =>
    String(host.call(syncAsk({ memberId, groupInstanceId })).assignment);

  it('gets an id made of its instance id at once', () => {
    expect(ids[1]).toMatch(/^i1-[0-9a-f-]{36}$/);
  });

  it('takes up its assignment under another id when it comes back, without a rebalance', () => {
    const answer = answered(host, comesBack({ groupInstanceId: 'i1' }));
    expect(answer).toMatchObject({ errorCode: 0, generationId: 1, leader: ids[0], members: [] });
    expect(answer.memberId).not.toBe(ids[1]);
    expect(state()).toBe('Stable');
    expect(assignmentOf(answer.memberId, 'i1')).toBe('m1');
  });

  it('is known by its new id when the group moves', () => {
    const { memberId } = answered(host, comesBack({ groupInstanceId: 'i1' }));
    host.moveTo();
    expect(assignmentOf(memberId, 'i1')).toBe('m1');
  });

  it('is told once that is in the log, and not before', () => {
    host.holdsWrites = true;
    const request = comesBack({ groupInstanceId: 'i1' });
    expect(host.answer(request)).toBeUndefined();
    host.commit();
    expect(answered(host, request).errorCode).toBe(0);
  });

  it('is fenced under its old id', () => {
    comesBack({ groupInstanceId: 'i1' });
    const old = { memberId: ids[1] ?? '', groupInstanceId: 'i1' };
    const fenced = codeOf('FENCED_INSTANCE_ID');
    expect(host.call(heartbeatAsk(old)).errorCode).toBe(fenced);
    expect(host.call(syncAsk(old)).errorCode).toBe(fenced);
    expect(host.call(joinAsk(old)).errorCode).toBe(fenced);
    const commit = host.call(commitAsk({ t: [{ offset: 1n }] }, { ...old, generationIdOrMemberEpoch: 1 }));
    expect(commit.topics[0]?.partitions[0]?.errorCode).toBe(fenced);
  });

  it('is told not to assign when it leads and comes back, from version 9 on', () => {
    const answer = answered(host, comesBack({ groupInstanceId: 'i0' }));
    expect(answer).toMatchObject({ skipAssignment: true, leader: answer.memberId });
    expect(answer.members.map(({ groupInstanceId }) => groupInstanceId).sort()).toEqual(['i0', 'i1']);
  });

  it('is not told that it leads when it comes back with an older version', () => {
    const answer = answered(host, comesBack({ version: 8, groupInstanceId: 'i0' }));
    expect(answer).toMatchObject({ leader: ids[0], members: [] });
    expect(answer.skipAssignment ?? false).toBe(false);
    const rejoined = comesBack({ groupInstanceId: 'i0', memberId: answer.memberId });
    expect(host.answer(rejoined)).toBeUndefined();
    expect(state()).toBe('PreparingRebalance');
  });

  it('begins a rebalance where its coming back changes the protocol', () => {
    const offers = (...names: string[]) => names.map((name) => ({ name, metadata: Buffer.alloc(0) }));
    const other = new ShardHost();
    const protocols = offers('range', 'sticky');
    stableGroup(
      other,
      STATIC.map((member) => ({ ...member, protocols })),
    );
    const request = other.ask(joinAsk({ groupInstanceId: 'i1', protocols: offers('sticky') }));
    expect(other.answer(request)).toBeUndefined();
    expect(other.shard.list()).toMatchObject([{ state: 'PreparingRebalance' }]);
  });

  it('begins a rebalance when it comes back while the leader assigns', () => {
    host.ask(joinAsk({ memberId: ids[0] ?? '', groupInstanceId: 'i0' }));
    const joined = host.ask(joinAsk({ memberId: ids[1] ?? '', groupInstanceId: 'i1' }));
    expect(state()).toBe('CompletingRebalance');
    const syncs = host.ask(syncAsk({ memberId: ids[1] ?? '', groupInstanceId: 'i1', generationId: 2 }));
    comesBack({ groupInstanceId: 'i1' });
    expect(answered(host, joined).generationId).toBe(2);
    expect(host.error(syncs)).toBe('FENCED_INSTANCE_ID');
    expect(state()).toBe('PreparingRebalance');
  });

  it('takes the place of itself where it waits to join', () => {
    host.ask(joinAsk({ memberId: ids[0] ?? '', groupInstanceId: 'i0' }));
    const again = newMember(host, { groupInstanceId: 'i2' });
    const back = comesBack({ groupInstanceId: 'i2' });
    expect(host.error(again.request)).toBe('FENCED_INSTANCE_ID');
    host.ask(joinAsk({ memberId: ids[1] ?? '', groupInstanceId: 'i1' }));
    expect(answered(host, back)).toMatchObject({ generationId: 2 });
  });

  it('is not removed for not joining again in time, but when its session ends', () => {
    const { ids: others } = stableGroup(host, [
      { groupId: 'h', groupInstanceId: 'i', sessionTimeoutMs: 200_000 },
      { groupId: 'h', sessionTimeoutMs: 200_000 },
    ]);
    const request = host.ask(joinAsk({ groupId: 'h', memberId: others[1] ?? '', protocols: range('new') }));
    host.advance(60_000);
    const answer = answered(host, request);
    expect(answer).toMatchObject({ generationId: 2, leader: others[1] });
    expect(answer.members.map(({ memberId }) => memberId).sort()).toEqual([...others].sort());
  });

  it('keeps the group waiting while none of them has joined again', () => {
    const other = new ShardHost();
    const { ids: members } = stableGroup(other, [
      { groupInstanceId: 'i', sessionTimeoutMs: 200_000 },
      { sessionTimeoutMs: 6000 },
    ]);
    other.advance(6000);
    other.advance(60_000);
    expect(other.shard.list()).toMatchObject([{ state: 'PreparingRebalance' }]);
    const request = other.ask(joinAsk({ memberId: members[0] ?? '', groupInstanceId: 'i' }));
    expect(answered(other, request)).toMatchObject({ generationId: 2, leader: members[0] });
  });

  it('does not keep its group busy by saying that it needs no time to join', () => {
    const other = new ShardHost();
    const { ids: members } = stableGroup(other, [{ groupInstanceId: 'i', rebalanceTimeoutMs: 0 }, {}]);
    other.call(leaveAsk([{ memberId: members[1] ?? '' }]));
    other.advance(1);
    expect(other.shard.list()).toMatchObject([{ state: 'PreparingRebalance' }]);
    expect([...other.timers.values()].every((atMs) => atMs >= other.nowMs + 999)).toBe(true);
    other.advance(10_000);
    expect(other.shard.list()).toMatchObject([{ state: 'Empty' }]);
  });

  it('is again who it was where its new id could not be stored', () => {
    host.holdsWrites = true;
    const request = comesBack({ groupInstanceId: 'i0', sessionTimeoutMs: 20_000 });
    host.fail('NOT_ENOUGH_REPLICAS');
    expect(answered(host, request)).toMatchObject({
      errorCode: codeOf('COORDINATOR_NOT_AVAILABLE'),
      memberId: '',
      leader: ids[0],
    });
    expect(host.call(heartbeatAsk({ memberId: ids[0] ?? '', groupInstanceId: 'i0' })).errorCode).toBe(0);
    expect(assignmentOf(ids[0] ?? '', 'i0')).toBe('m0');
    host.advance(10_000);
    expect(state()).not.toBe('Stable');
  });

  it('joins the rebalance that began while its new id was being stored', () => {
    host.holdsWrites = true;
    const request = comesBack({ groupInstanceId: 'i1' });
    newMember(host);
    host.fail('NOT_ENOUGH_REPLICAS');
    expect(host.answer(request)).toBeUndefined();
    host.ask(joinAsk({ memberId: ids[0] ?? '', groupInstanceId: 'i0' }));
    expect(answered(host, request)).toMatchObject({ errorCode: 0, generationId: 2 });
  });

  it('keeps its assignment when it comes back twice before either is stored', () => {
    host.holdsWrites = true;
    const [first, second] = [comesBack({ groupInstanceId: 'i1' }), comesBack({ groupInstanceId: 'i1' })];
    expect(host.error(first)).toBe('FENCED_INSTANCE_ID');
    host.commit();
    host.commit();
    expect(assignmentOf(answered(host, second).memberId, 'i1')).toBe('m1');
  });
});
