import { beforeEach, describe, expect, it } from 'vitest';
import { leaveAsk } from '../support/asks.ts';
import { answered, newMember, stableGroup } from '../support/members.ts';
import { ShardHost } from '../support/shard-host.ts';

describe('the first rebalance of a group that was empty', () => {
  let host: ShardHost;
  beforeEach(() => {
    host = new ShardHost();
  });

  it('waits group.initial.rebalance.delay.ms for others', () => {
    const { request } = newMember(host);
    host.advance(2999);
    expect(host.answer(request)).toBeUndefined();
    host.advance(1);
    expect(answered(host, request).generationId).toBe(1);
  });

  it('waits once more for as long as others keep coming', () => {
    const { request } = newMember(host);
    for (const _ of [1, 2, 3]) {
      host.advance(2000);
      newMember(host);
    }
    host.advance(5999);
    expect(host.answer(request)).toBeUndefined();
    host.advance(1);
    expect(answered(host, request).members).toHaveLength(4);
  });

  it('waits no longer than the longest rebalance time-out of those that began it', () => {
    const { request } = newMember(host, { rebalanceTimeoutMs: 7000 });
    const beganMs = host.nowMs;
    while (host.answer(request) === undefined) {
      newMember(host, { rebalanceTimeoutMs: 7000 });
      host.advance(500);
    }
    expect(host.nowMs - beganMs).toBeGreaterThanOrEqual(7000);
    expect(host.nowMs - beganMs).toBeLessThanOrEqual(7000 + 3000);
  });

  it('does not wait longer for others in a group that had a generation before', () => {
    const { ids } = stableGroup(host);
    host.call(leaveAsk([{ memberId: ids[0] ?? '' }]));
    const { request } = newMember(host);
    host.advance(2000);
    newMember(host);
    host.advance(1000);
    expect(answered(host, request).members).toHaveLength(2);
  });

  it('ends with no members where all have left', () => {
    const { id, request } = newMember(host);
    host.call(leaveAsk([{ memberId: id }]));
    expect(host.error(request)).toBe('UNKNOWN_MEMBER_ID');
    host.advance(3000);
    expect(host.shard.list()).toMatchObject([{ state: 'Empty' }]);
  });

  it('can be without a delay', () => {
    const eager = new ShardHost({ limits: { initialRebalanceDelayMs: 0 } });
    const { request } = newMember(eager);
    eager.advance(0);
    expect(answered(eager, request).generationId).toBe(1);
  });
});
