import { beforeEach, describe, expect, it } from 'vitest';
import { deleteGroupAsk, joinAsk, syncAsk } from '../support/asks.ts';
import { answered, newMember, stableGroup } from '../support/members.ts';
import { codeOf, ShardHost } from '../support/shard-host.ts';

const protocols = (...names: string[]) => names.map((name) => ({ name, metadata: Buffer.from(`says ${name}`) }));

describe('JoinGroup', () => {
  let host: ShardHost;
  beforeEach(() => {
    host = new ShardHost();
  });

  it.each([5999, 1_800_001])('refuses a session time-out of %d ms', (sessionTimeoutMs) => {
    expect(host.call(joinAsk({ sessionTimeoutMs }))).toMatchObject({ errorCode: codeOf('INVALID_SESSION_TIMEOUT') });
    expect(host.shard.list()).toEqual([]);
  });

  it('refuses a member id of a group that it does not know', () => {
    expect(host.error(host.ask(joinAsk({ memberId: 'm' })))).toBe('UNKNOWN_MEMBER_ID');
  });

  it('gives a new member an id made of its client and a UUID, with which it has to come again', () => {
    const answer = host.call(joinAsk({ clientId: 'console' }));
    expect(answer).toMatchObject({ errorCode: codeOf('MEMBER_ID_REQUIRED'), protocolName: null });
    expect(answer.memberId).toMatch(/^console-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(host.answer(host.ask(joinAsk({ memberId: answer.memberId })))).toBeUndefined();
  });

  it('takes a new member of version 3 at once, which has no place for a protocol that is null', () => {
    const request = host.ask(joinAsk({ version: 3 }));
    host.advance(3000);
    expect(answered(host, request)).toMatchObject({ errorCode: 0, generationId: 1, protocolName: 'range' });
    expect(host.call(joinAsk({ version: 3, memberId: 'x' })).protocolName).toBe('');
  });

  it('lets a member of version 0 take as long to join again as its session', () => {
    const { ids } = stableGroup(host, [{ version: 0, sessionTimeoutMs: 20_000, rebalanceTimeoutMs: -1 }]);
    newMember(host, { rebalanceTimeoutMs: 1 });
    host.advance(19_999);
    expect(host.shard.list()).toMatchObject([{ state: 'PreparingRebalance' }]);
    host.advance(1);
    expect(host.error(host.ask(joinAsk({ memberId: ids[0] ?? '' })))).toBe('UNKNOWN_MEMBER_ID');
  });

  it('tells the leader alone who the members are and what they say', () => {
    const first = newMember(host, { protocols: protocols('range') });
    const second = newMember(host, { protocols: protocols('range', 'sticky') });
    host.advance(3000);
    host.advance(3000);
    const [leader, other] = [answered(host, first.request), answered(host, second.request)];
    expect(leader).toMatchObject({
      generationId: 1,
      protocolType: 'consumer',
      protocolName: 'range',
      leader: first.id,
    });
    expect(leader.members).toEqual(
      [first, second].map(({ id: memberId }) => ({
        memberId,
        groupInstanceId: null,
        metadata: Buffer.from('says range'),
      })),
    );
    expect(other).toMatchObject({ leader: first.id, memberId: second.id, members: [] });
  });

  it('chooses the protocol that most members prefer, of those that all have', () => {
    const joins = [protocols('only-mine', 'a', 'b'), protocols('b', 'a'), protocols('b', 'a')];
    const members = joins.map((offered) => newMember(host, { protocols: offered }));
    host.advance(9000);
    expect(members.map(({ request }) => answered(host, request).protocolName)).toEqual(['b', 'b', 'b']);
  });

  it.each([
    ['of another type', { protocolType: 'connect' }],
    ['that has no protocol in common with the others', { protocols: protocols('sticky') }],
    ['that has no protocols', { protocols: [] }],
  ])('refuses a member %s', (_, join) => {
    stableGroup(host);
    expect(host.error(newMember(host, join).request)).toBe('INCONSISTENT_GROUP_PROTOCOL');
    expect(host.shard.list()).toMatchObject([{ state: 'Stable' }]);
  });

  it.each([{ protocolType: '' }, { protocols: [] }])('refuses %j in an empty group, and forgets the group', (join) => {
    expect(host.error(host.ask(joinAsk(join)))).toBe('INCONSISTENT_GROUP_PROTOCOL');
    expect(host.shard.list()).toEqual([]);
  });

  it('refuses names that no record has room for', () => {
    expect(host.error(host.ask(joinAsk({ clientId: 'x'.repeat(32_001) })))).toBe('INVALID_REQUEST');
    expect(host.error(host.ask(joinAsk({ groupInstanceId: 'ö'.repeat(16_001) })))).toBe('INVALID_REQUEST');
  });

  it('takes the protocol that Kafka would where several have as many votes', () => {
    const offers = [protocols('roundrobin', 'sticky'), protocols('sticky', 'roundrobin')];
    const members = offers.map((offered) => newMember(host, { protocols: offered }));
    host.advance(6000);
    expect(members.map(({ request }) => answered(host, request).protocolName)).toEqual(['sticky', 'sticky']);
  });

  it('counts a protocol once that a member names twice', () => {
    const members = [protocols('a', 'a', 'b'), protocols('b')].map((offered) =>
      newMember(host, { protocols: offered }),
    );
    host.advance(6000);
    expect(members.map(({ request }) => answered(host, request).protocolName)).toEqual(['b', 'b']);
  });

  it('makes the others join again when a new member comes', () => {
    const { ids } = stableGroup(host);
    const second = newMember(host);
    expect(host.answer(second.request)).toBeUndefined();
    const first = host.ask(joinAsk({ memberId: ids[0] ?? '' }));
    expect(answered(host, first)).toMatchObject({ generationId: 2, leader: ids[0] });
    expect(answered(host, second.request)).toMatchObject({ generationId: 2, memberId: second.id });
  });

  it('begins a rebalance when the leader of a stable group comes again', () => {
    const { ids } = stableGroup(host, [{}, {}]);
    const leader = host.ask(joinAsk({ memberId: ids[0] ?? '' }));
    expect(host.answer(leader)).toBeUndefined();
    host.ask(joinAsk({ memberId: ids[1] ?? '' }));
    expect(answered(host, leader).generationId).toBe(2);
  });

  it('tells another member that comes again with nothing new of the generation that there is', () => {
    const { ids } = stableGroup(host, [{}, {}]);
    const answer = host.call(joinAsk({ memberId: ids[1] ?? '' }));
    expect(answer).toMatchObject({ generationId: 1, leader: ids[0], members: [] });
    expect(host.shard.list()).toMatchObject([{ state: 'Stable' }]);
  });

  it('begins a rebalance when a member has something new to say', () => {
    const { ids } = stableGroup(host, [{}, {}]);
    const changed = host.ask(joinAsk({ memberId: ids[1] ?? '', protocols: protocols('range') }));
    expect(host.answer(changed)).toBeUndefined();
    expect(host.shard.list()).toMatchObject([{ state: 'PreparingRebalance' }]);
  });

  it('gives a member that lost its answer the same again while the leader assigns', () => {
    const first = newMember(host);
    host.advance(3000);
    const again = host.call(joinAsk({ memberId: first.id }));
    expect(again).toEqual(answered(host, first.request));
    expect(host.shard.list()).toMatchObject([{ state: 'CompletingRebalance' }]);
  });

  it('makes the leader another member when the leader does not come again in time', () => {
    const { ids } = stableGroup(host, [{}, {}]);
    const changed = host.ask(joinAsk({ memberId: ids[1] ?? '', protocols: protocols('range') }));
    host.advance(60_000);
    expect(answered(host, changed)).toMatchObject({ leader: ids[1], generationId: 2, members: [{ memberId: ids[1] }] });
  });

  it('waits for the longest of the rebalance time-outs', () => {
    stableGroup(host, [{ rebalanceTimeoutMs: 90_000, sessionTimeoutMs: 600_000 }, {}]);
    const third = newMember(host, { sessionTimeoutMs: 600_000 });
    host.advance(89_999);
    expect(host.answer(third.request)).toBeUndefined();
    host.advance(1);
    expect(answered(host, third.request).generationId).toBe(2);
  });

  it('answers what a member has asked before when it asks again', () => {
    stableGroup(host);
    const second = newMember(host);
    const again = host.ask(joinAsk({ memberId: second.id }));
    expect(host.error(second.request)).toBe('REBALANCE_IN_PROGRESS');
    expect(host.answer(again)).toBeUndefined();
  });

  it('answers SyncGroups that wait in vain when the members have to join again', () => {
    const members = [newMember(host), newMember(host)];
    host.advance(6000);
    const waits = host.ask(syncAsk({ memberId: members[1]?.id ?? '' }));
    expect(host.answer(waits)).toBeUndefined();
    newMember(host);
    expect(host.error(waits)).toBe('REBALANCE_IN_PROGRESS');
  });

  it('is to be asked again while the group is being deleted', () => {
    stableGroup(host);
    host.advance(100_000);
    host.holdsWrites = true;
    host.ask(deleteGroupAsk());
    expect(host.error(host.ask(joinAsk()))).toBe('COORDINATOR_NOT_AVAILABLE');
  });
});
