import { encodeSubscription } from '@barnabas/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { commitAsk, fetchAsk, heartbeatAsk, joinAsk, leaveAsk } from '../support/asks.ts';
import { stableGroup } from '../support/members.ts';
import { ShardHost } from '../support/shard-host.ts';

const CHECK_MS = 1000;
const RETENTION_MS = 100_000;

describe('offsets.retention.minutes', () => {
  let host: ShardHost;
  beforeEach(() => {
    host = new ShardHost({ limits: { retentionCheckIntervalMs: CHECK_MS, offsetsRetentionMs: RETENTION_MS } });
  });
  const offsets = (groupId = 'g') =>
    (host.call(fetchAsk(null, { groupId })).groups[0]?.topics ?? []).map(({ name }) => name);

  it('counts from the commit where the group never had members', () => {
    host.call(commitAsk({ t: [{ offset: 1n }] }));
    host.advance(RETENTION_MS / 2);
    host.call(commitAsk({ u: [{ offset: 1n }] }));
    host.advance(RETENTION_MS / 2);
    expect(offsets()).toEqual(['u']);
    host.advance(RETENTION_MS / 2);
    expect(host.shard.list()).toEqual([]);
    host.moveTo();
    expect(host.shard.list()).toEqual([]);
  });

  it('counts from when the group became empty, though the coordinator moves', () => {
    const { ids } = stableGroup(host, [{ sessionTimeoutMs: RETENTION_MS * 4 }]);
    const memberId = ids[0] ?? '';
    host.call(commitAsk({ t: [{ offset: 1n }] }, { memberId, generationIdOrMemberEpoch: 1 }));
    host.advance(RETENTION_MS * 2);
    host.call(leaveAsk([{ memberId }]));
    host.advance(RETENTION_MS / 2);
    host.moveTo();
    expect(offsets()).toEqual(['t']);
    host.advance(RETENTION_MS / 2 - CHECK_MS);
    expect(offsets()).toEqual(['t']);
    host.advance(CHECK_MS * 2);
    expect(host.shard.list()).toEqual([]);
    host.moveTo();
    expect(host.shard.list()).toEqual([]);
  });

  it('is over for topics that no consumer subscribes to any longer', () => {
    const protocols = [{ name: 'range', metadata: encodeSubscription({ topics: ['t'], userData: null }) }];
    const { ids } = stableGroup(host, [{ protocols }]);
    const memberId = ids[0] ?? '';
    host.call(commitAsk({ t: [{ offset: 1n }], u: [{ offset: 1n }] }, { memberId, generationIdOrMemberEpoch: 1 }));
    for (let passedMs = 0; passedMs < RETENTION_MS - 5000; passedMs += 5000) {
      expect(offsets()).toEqual(['t', 'u']);
      host.advance(5000);
      host.call(heartbeatAsk({ memberId }));
    }
    host.advance(6000);
    expect(offsets()).toEqual(['t']);
  });

  it('does not count for groups with members of which nobody knows what they read', () => {
    const { ids } = stableGroup(host, [{ protocolType: 'connect', sessionTimeoutMs: RETENTION_MS * 4 }]);
    host.call(commitAsk({ t: [{ offset: 1n }] }, { memberId: ids[0] ?? '', generationIdOrMemberEpoch: 1 }));
    host.advance(RETENTION_MS * 2);
    expect(offsets()).toEqual(['t']);
  });

  it('does not count where the commit said how long it was to be kept', () => {
    host.call(commitAsk({ t: [{ offset: 1n }] }, { version: 2, retentionTimeMs: 5000n }));
    host.call(commitAsk({ u: [{ offset: 1n }] }, { version: 2, retentionTimeMs: BigInt(RETENTION_MS * 3) }));
    host.advance(6000);
    expect(offsets()).toEqual(['u']);
    host.advance(RETENTION_MS * 2);
    expect(offsets()).toEqual(['u']);
  });

  it('spares an offset while a commit is under way', () => {
    host.call(commitAsk({ t: [{ offset: 1n }] }));
    host.advance(RETENTION_MS - CHECK_MS);
    host.holdsWrites = true;
    host.ask(commitAsk({ t: [{ offset: 2n }] }));
    host.advance(CHECK_MS * 2);
    expect(host.underWay).toHaveLength(1);
    host.commit();
    expect(offsets()).toEqual(['t']);
  });

  it('ends a group of which nothing is left', () => {
    const { ids } = stableGroup(host);
    host.call(leaveAsk([{ memberId: ids[0] ?? '' }]));
    expect(host.shard.list()).toHaveLength(1);
    host.advance(CHECK_MS);
    expect(host.shard.list()).toEqual([]);
    host.moveTo();
    expect(host.shard.list()).toEqual([]);
  });

  it('spares a group that somebody is about to join', () => {
    const { ids } = stableGroup(host);
    host.call(leaveAsk([{ memberId: ids[0] ?? '' }]));
    const { memberId } = host.call(joinAsk());
    host.advance(CHECK_MS * 2);
    expect(host.answer(host.ask(joinAsk({ memberId })))).toBeUndefined();
  });

  it('is tried again where the deletion could not be written', () => {
    host.call(commitAsk({ t: [{ offset: 1n }] }));
    host.holdsWrites = true;
    host.advance(RETENTION_MS);
    host.fail('NOT_ENOUGH_REPLICAS');
    expect(offsets()).toEqual(['t']);
    host.holdsWrites = false;
    host.advance(CHECK_MS);
    expect(offsets()).toEqual([]);
  });
});
