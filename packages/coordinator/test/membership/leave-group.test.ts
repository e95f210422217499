import { beforeEach, describe, expect, it } from 'vitest';
import { deleteGroupAsk, heartbeatAsk, joinAsk, leaveAsk, oldLeaveAsk, syncAsk } from '../support/asks.ts';
import { answered, newMember, stableGroup } from '../support/members.ts';
import { codeOf, ShardHost } from '../support/shard-host.ts';

describe('LeaveGroup', () => {
  let host: ShardHost;
  beforeEach(() => {
    host = new ShardHost();
  });
  const errorsOf = (asked: Parameters<typeof leaveAsk>[0]) =>
    host.call(leaveAsk(asked)).members.map(({ errorCode }) => errorCode);

  it('makes the others rebalance at once', () => {
    const { ids } = stableGroup(host, [{}, {}]);
    const [memberId = '', other = ''] = ids;
    expect(errorsOf([{ memberId: other }])).toEqual([0]);
    expect(host.error(host.ask(heartbeatAsk({ memberId })))).toBe('REBALANCE_IN_PROGRESS');
    expect(answered(host, host.ask(joinAsk({ memberId })))).toMatchObject({ generationId: 2, members: [{ memberId }] });
  });

  it('leaves a group without members empty, one generation later, and says so in the log', () => {
    const { ids } = stableGroup(host, [{}, {}]);
    expect(errorsOf(ids.map((memberId) => ({ memberId })))).toEqual([0, 0]);
    expect(host.shard.list()).toEqual([{ groupId: 'g', protocolType: 'consumer', state: 'Empty' }]);
    host.moveTo();
    expect(host.shard.list()).toEqual([{ groupId: 'g', protocolType: 'consumer', state: 'Empty' }]);
  });

  it('takes along a member whose JoinGroup waits, and completes the rebalance that waited for it', () => {
    const { ids } = stableGroup(host, [{}, {}]);
    const { id, request } = newMember(host);
    const first = host.ask(joinAsk({ memberId: ids[0] ?? '' }));
    expect(errorsOf([{ memberId: id }, { memberId: ids[1] ?? '' }])).toEqual([0, 0]);
    expect(answered(host, request)).toMatchObject({ errorCode: codeOf('UNKNOWN_MEMBER_ID'), memberId: '' });
    expect(answered(host, first).generationId).toBe(2);
  });

  it('answers the SyncGroup of the member that leaves', () => {
    newMember(host);
    const { id } = newMember(host);
    host.advance(6000);
    const syncs = host.ask(syncAsk({ memberId: id }));
    errorsOf([{ memberId: id }]);
    expect(host.error(syncs)).toBe('UNKNOWN_MEMBER_ID');
  });

  it('has an error for each member', () => {
    const { ids } = stableGroup(host, [{ groupInstanceId: 'i' }, {}]);
    const leaving = [
      { memberId: 'stranger' },
      { memberId: 'stranger', groupInstanceId: 'i' },
      { groupInstanceId: 'nobody' },
      { memberId: '' },
      { memberId: ids[1] ?? '' },
      { groupInstanceId: 'i' },
    ];
    const errors = [
      'UNKNOWN_MEMBER_ID',
      'FENCED_INSTANCE_ID',
      'UNKNOWN_MEMBER_ID',
      'UNKNOWN_MEMBER_ID',
      'NONE',
      'NONE',
    ] as const;
    expect(errorsOf(leaving)).toEqual(errors.map(codeOf));
    expect(host.shard.list()).toMatchObject([{ state: 'Empty' }]);
  });

  it('knows nobody of a group that is not there', () => {
    expect(errorsOf([{ memberId: 'm' }])).toEqual([codeOf('UNKNOWN_MEMBER_ID')]);
    expect(host.error(host.ask(oldLeaveAsk('m')))).toBe('UNKNOWN_MEMBER_ID');
  });

  it('is for one member alone up to version 2', () => {
    const { ids } = stableGroup(host);
    expect(host.error(host.ask(oldLeaveAsk(ids[0] ?? '')))).toBe('NONE');
    expect(host.shard.list()).toMatchObject([{ state: 'Empty' }]);
  });

  it('finds no coordinator while the group is being deleted', () => {
    const { ids } = stableGroup(host);
    errorsOf([{ memberId: ids[0] ?? '' }]);
    host.holdsWrites = true;
    host.ask(deleteGroupAsk());
    expect(host.error(host.ask(leaveAsk([{ memberId: ids[0] ?? '' }])))).toBe('COORDINATOR_NOT_AVAILABLE');
  });
});
