import { beforeEach, describe, expect, it } from 'vitest';
import { commitAsk, describeAsk, heartbeatAsk, joinAsk, syncAsk } from '../support/asks.ts';
import { answered, newMember, stableGroup, syncAll } from '../support/members.ts';
import { ShardHost } from '../support/shard-host.ts';

describe('SyncGroup', () => {
  let host: ShardHost;
  let ids: string[];
  beforeEach(() => {
    host = new ShardHost();
    ids = [newMember(host), newMember(host)].map(({ id }) => id);
    host.advance(6000);
  });
  const memberId = (index: number) => ids[index] ?? '';
  const assigned = (request: number) => String(answered(host, request).assignment);

  it('waits for the leader, and gives everybody its own', () => {
    const named = { version: 5, protocolType: 'consumer', protocolName: 'range' };
    const second = host.ask(syncAsk({ memberId: memberId(1), ...named }));
    expect(host.answer(second)).toBeUndefined();
    const [first] = syncAll(host, ids, 1);
    expect([first ?? -1, second].map(assigned)).toEqual(['m0', 'm1']);
    expect(answered(host, second)).toMatchObject({ errorCode: 0, protocolType: 'consumer', protocolName: 'range' });
    expect(host.shard.list()).toMatchObject([{ state: 'Stable' }]);
  });

  it('answers once the assignment is committed in the log, and not before', () => {
    host.holdsWrites = true;
    const requests = syncAll(host, ids, 1);
    expect(requests.map((request) => host.answer(request))).toEqual([undefined, undefined]);
    expect(host.shard.list()).toMatchObject([{ state: 'CompletingRebalance' }]);
    host.commit();
    expect(requests.map(assigned)).toEqual(['m0', 'm1']);
  });

  it('assigns nothing to a member that the leader has left out', () => {
    const assignments = [{ memberId: memberId(0), assignment: Buffer.from('all') }];
    const second = host.ask(syncAsk({ memberId: memberId(1) }));
    host.ask(syncAsk({ memberId: memberId(0), assignments }));
    expect(assigned(second)).toBe('');
  });

  it('pays no heed to what the leader assigns to others than members', () => {
    const assignments = [{ memberId: 'stranger', assignment: Buffer.from('all') }];
    host.ask(syncAsk({ memberId: memberId(0), assignments }));
    expect(host.call(describeAsk()).groups[0]?.members.map((member) => member.memberId)).toEqual(ids);
  });

  it('tells a member that comes late what it is assigned', () => {
    host.ask(
      syncAsk({ memberId: memberId(0), assignments: [{ memberId: memberId(1), assignment: Buffer.from('x') }] }),
    );
    expect(String(host.call(syncAsk({ memberId: memberId(1) })).assignment)).toBe('x');
  });

  it('takes one assignment for a generation, though the leader sends another', () => {
    host.holdsWrites = true;
    const assigning = (assignment: string) =>
      host.ask(
        syncAsk({
          memberId: memberId(0),
          assignments: [{ memberId: memberId(1), assignment: Buffer.from(assignment) }],
        }),
      );
    const first = assigning('x');
    assigning('y');
    expect(host.error(first)).toBe('REBALANCE_IN_PROGRESS');
    expect(host.underWay).toHaveLength(1);
    host.commit();
    expect(String(host.call(syncAsk({ memberId: memberId(1) })).assignment)).toBe('x');
  });

  it.each([
    ['of an older generation', { generationId: 0 }, 'ILLEGAL_GENERATION'],
    ['of no member', { memberId: 'stranger' }, 'UNKNOWN_MEMBER_ID'],
    ['of a group that is not there', { groupId: 'other' }, 'UNKNOWN_MEMBER_ID'],
    ['of an instance that is not there', { groupInstanceId: 'i' }, 'UNKNOWN_MEMBER_ID'],
    ['for another type', { version: 5, protocolType: 'connect', protocolName: 'range' }, 'INCONSISTENT_GROUP_PROTOCOL'],
    [
      'for another protocol',
      { version: 5, protocolType: 'consumer', protocolName: 'sticky' },
      'INCONSISTENT_GROUP_PROTOCOL',
    ],
    ['for no protocol, in version 5', { version: 5, protocolType: 'consumer' }, 'INCONSISTENT_GROUP_PROTOCOL'],
  ])('refuses a request %s', (_, asked, error) => {
    expect(host.error(host.ask(syncAsk({ memberId: memberId(0), ...asked })))).toBe(error);
  });

  it('is told to join again in a rebalance', () => {
    newMember(host);
    expect(host.error(host.ask(syncAsk({ memberId: memberId(0) })))).toBe('REBALANCE_IN_PROGRESS');
  });

  it('is waited for by the group as long as for a member to join, then the member is gone', () => {
    const second = host.ask(syncAsk({ memberId: memberId(1) }));
    const beats = () => host.ask(heartbeatAsk({ memberId: memberId(0) }));
    for (let passedMs = 0; passedMs < 55_000; passedMs += 5000) {
      host.advance(5000);
      beats();
    }
    expect(host.answer(second)).toBeUndefined();
    host.advance(5000);
    expect(host.error(second)).toBe('REBALANCE_IN_PROGRESS');
    expect(host.error(beats())).toBe('UNKNOWN_MEMBER_ID');
  });

  it('is no longer waited for once all have asked', () => {
    syncAll(host, ids, 1);
    for (let passedMs = 0; passedMs < 120_000; passedMs += 5000) {
      host.advance(5000);
      for (const id of ids) host.call(heartbeatAsk({ memberId: id }));
    }
    expect(host.shard.list()).toMatchObject([{ state: 'Stable' }]);
  });

  it('makes a member wait with its commits until it knows its assignment', () => {
    const commit = commitAsk({ t: [{ offset: 1n }] }, { memberId: memberId(0), generationIdOrMemberEpoch: 1 });
    expect(host.call(commit).topics[0]?.partitions[0]?.errorCode).toBe(27);
  });

  it('leaves an assignment to itself that is committed after the group has gone on', () => {
    host.holdsWrites = true;
    const requests = syncAll(host, ids, 1);
    newMember(host);
    host.commit();
    expect(requests.map((request) => host.error(request))).toEqual(['REBALANCE_IN_PROGRESS', 'REBALANCE_IN_PROGRESS']);
    expect(host.shard.list()).toMatchObject([{ state: 'PreparingRebalance' }]);
  });
});

describe('an assignment that could not be stored', () => {
  it.each([
    ['NOT_LEADER_OR_FOLLOWER', 'NOT_COORDINATOR'],
    ['KAFKA_STORAGE_ERROR', 'NOT_COORDINATOR'],
    ['NOT_ENOUGH_REPLICAS', 'COORDINATOR_NOT_AVAILABLE'],
    ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'COORDINATOR_NOT_AVAILABLE'],
    ['UNKNOWN_TOPIC_OR_PARTITION', 'COORDINATOR_NOT_AVAILABLE'],
    ['REQUEST_TIMED_OUT', 'REBALANCE_IN_PROGRESS'],
    ['MESSAGE_TOO_LARGE', 'UNKNOWN_SERVER_ERROR'],
    ['UNKNOWN_SERVER_ERROR', 'UNKNOWN_SERVER_ERROR'],
  ] as const)('for %s is given to nobody: all are told %s, and rebalance', (error, told) => {
    const host = new ShardHost();
    const ids = [newMember(host), newMember(host)].map(({ id }) => id);
    host.advance(6000);
    host.holdsWrites = true;
    const requests = syncAll(host, ids, 1);
    host.fail(error);
    expect(requests.map((request) => host.error(request))).toEqual([told, told]);
    expect(host.shard.list()).toMatchObject([{ state: 'PreparingRebalance' }]);
    host.holdsWrites = false;
    const again = ids.map((memberId) => host.ask(joinAsk({ memberId })));
    expect(again.map((request) => answered(host, request).generationId)).toEqual([2, 2]);
  });

  it('leaves the generation before it in the log', () => {
    const host = new ShardHost();
    const { ids } = stableGroup(host);
    host.ask(joinAsk({ memberId: ids[0] ?? '' }));
    host.holdsWrites = true;
    syncAll(host, ids, 2);
    host.fail('NOT_LEADER_OR_FOLLOWER');
    host.moveTo();
    expect(String(host.call(syncAsk({ memberId: ids[0] ?? '', generationId: 1 })).assignment)).toBe('m0');
  });
});
