import { beforeEach, describe, expect, it } from 'vitest';
import { commitAsk, deleteGroupAsk, heartbeatAsk, joinAsk, syncAsk } from '../support/asks.ts';
import { answered, newMember, stableGroup } from '../support/members.ts';
import { ShardHost } from '../support/shard-host.ts';

const SESSION_MS = 10_000;

describe('Heartbeat', () => {
  let host: ShardHost;
  let memberId: string;
  beforeEach(() => {
    host = new ShardHost();
    memberId = stableGroup(host).ids[0] ?? '';
  });
  const beat = (asked: Parameters<typeof heartbeatAsk>[0] = {}) =>
    host.error(host.ask(heartbeatAsk({ memberId, ...asked })));

  it('is all that keeps a member in the group', () => {
    for (let beats = 0; beats < 10; beats++) {
      host.advance(SESSION_MS - 1);
      expect(beat()).toBe('NONE');
    }
    host.advance(SESSION_MS);
    expect(beat()).toBe('UNKNOWN_MEMBER_ID');
    expect(host.shard.list()).toMatchObject([{ state: 'Empty' }]);
  });

  it.each([
    ['of an older generation', { generationId: 0 }, 'ILLEGAL_GENERATION'],
    ['of no member', { memberId: 'stranger' }, 'UNKNOWN_MEMBER_ID'],
    ['of a group that is not there', { groupId: 'other' }, 'UNKNOWN_MEMBER_ID'],
    ['of an instance that is not there', { groupInstanceId: 'i' }, 'UNKNOWN_MEMBER_ID'],
  ])('refuses one %s', (_, asked, error) => {
    expect(beat(asked)).toBe(error);
  });

  it('hears of a rebalance, and counts all the same', () => {
    newMember(host);
    for (let beats = 0; beats < 3; beats++) {
      host.advance(SESSION_MS - 1);
      expect(beat()).toBe('REBALANCE_IN_PROGRESS');
    }
  });

  it('is good while the leader assigns', () => {
    host.ask(joinAsk({ memberId }));
    expect(host.shard.list()).toMatchObject([{ state: 'CompletingRebalance' }]);
    expect(beat({ generationId: 2 })).toBe('NONE');
  });

  it('finds no coordinator while the group is being deleted', () => {
    host.advance(SESSION_MS);
    host.holdsWrites = true;
    host.ask(deleteGroupAsk());
    expect(beat()).toBe('COORDINATOR_NOT_AVAILABLE');
  });
});

describe('the session of a member', () => {
  let host: ShardHost;
  beforeEach(() => {
    host = new ShardHost();
  });

  it('goes on with a commit', () => {
    const { ids } = stableGroup(host);
    const memberId = ids[0] ?? '';
    host.advance(SESSION_MS - 1);
    host.call(commitAsk({ t: [{ offset: 1n }] }, { memberId, generationIdOrMemberEpoch: 1 }));
    host.advance(SESSION_MS - 1);
    expect(host.shard.list()).toMatchObject([{ state: 'Stable' }]);
  });

  it('goes on with a SyncGroup', () => {
    const { ids } = stableGroup(host);
    host.advance(SESSION_MS - 1);
    host.call(syncAsk({ memberId: ids[0] ?? '' }));
    host.advance(SESSION_MS - 1);
    expect(host.shard.list()).toMatchObject([{ state: 'Stable' }]);
  });

  it('makes the others rebalance when it ends', () => {
    const { ids } = stableGroup(host, [{}, { sessionTimeoutMs: 6000 }]);
    const memberId = ids[0] ?? '';
    host.advance(6000);
    expect(host.error(host.ask(heartbeatAsk({ memberId })))).toBe('REBALANCE_IN_PROGRESS');
    expect(answered(host, host.ask(joinAsk({ memberId })))).toMatchObject({ generationId: 2, members: [{ memberId }] });
  });

  it('does not end while its JoinGroup waits for others', () => {
    const { ids } = stableGroup(host, [{}, { sessionTimeoutMs: 60_000 }]);
    const joins = host.ask(joinAsk({ memberId: ids[0] ?? '', rebalanceTimeoutMs: 50_000 }));
    host.advance(49_999);
    expect(host.answer(joins)).toBeUndefined();
    expect(host.shard.list()).toMatchObject([{ state: 'PreparingRebalance' }]);
  });

  it('does not end while its SyncGroup waits for the leader', () => {
    const { id } = newMember(host, { sessionTimeoutMs: 50_000 });
    const second = newMember(host);
    host.advance(6000);
    const syncs = host.ask(syncAsk({ memberId: second.id }));
    host.advance(SESSION_MS * 3);
    host.ask(syncAsk({ memberId: id, assignments: [{ memberId: second.id, assignment: Buffer.from('x') }] }));
    expect(String(answered(host, syncs).assignment)).toBe('x');
  });

  it('begins with the answer to what had waited', () => {
    const { id, request } = newMember(host);
    host.advance(3000);
    expect(answered(host, request).memberId).toBe(id);
    host.advance(SESSION_MS);
    expect(host.shard.list()).toMatchObject([{ state: 'Empty' }]);
  });

  it('is five minutes for a new member whose first JoinGroup waits', () => {
    const { ids } = stableGroup(host, [{ rebalanceTimeoutMs: 600_000, sessionTimeoutMs: 600_000 }]);
    const { request } = newMember(host);
    host.advance(299_999);
    expect(host.answer(request)).toBeUndefined();
    host.advance(1);
    expect(host.error(request)).toBe('UNKNOWN_MEMBER_ID');
    expect(answered(host, host.ask(joinAsk({ memberId: ids[0] ?? '' }))).members).toHaveLength(1);
  });
});
