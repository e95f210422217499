import { decodeOffsetsRecord, encodeGroupMetadata, encodeOffsetCommit } from '@barnabas/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  commitAsk,
  deleteGroupAsk,
  deleteOffsetsAsk,
  describeAsk,
  heartbeatAsk,
  joinAsk,
  syncAsk,
} from '../support/asks.ts';
import { answered, newMember, stableGroup, syncAll } from '../support/members.ts';
import { codeOf, ShardHost } from '../support/shard-host.ts';

describe('a group that moves to another coordinator', () => {
  let host: ShardHost;
  beforeEach(() => {
    host = new ShardHost();
  });

  it('is stable, with its members, their assignments and its generation', () => {
    const { ids } = stableGroup(host, [{ groupInstanceId: 'i' }, {}]);
    const described = () => {
      const [group] = host.call(describeAsk()).groups;
      const members = [...(group?.members ?? [])].sort((a, b) => a.memberId.localeCompare(b.memberId));
      return { ...group, members };
    };
    const before = described();
    expect(before).toMatchObject({ groupState: 'Stable', protocolType: 'consumer', protocolData: 'range' });
    host.moveTo();
    expect(described()).toEqual(before);
    for (const memberId of ids.slice(1)) expect(host.error(host.ask(heartbeatAsk({ memberId })))).toBe('NONE');
  });

  it('begins the sessions of its members anew', () => {
    stableGroup(host);
    host.advance(9000);
    host.moveTo();
    host.advance(9999);
    expect(host.shard.list()).toMatchObject([{ state: 'Stable' }]);
    host.advance(1);
    expect(host.shard.list()).toMatchObject([{ state: 'Empty' }]);
  });

  it('goes on with the next generation', () => {
    const { ids } = stableGroup(host);
    host.moveTo();
    expect(answered(host, host.ask(joinAsk({ memberId: ids[0] ?? '' })))).toMatchObject({
      generationId: 2,
      leader: ids[0],
    });
  });

  it('tells everybody that waits that it has moved', () => {
    newMember(host, { groupId: 'syncs' });
    const second = newMember(host, { groupId: 'syncs' });
    host.advance(6000);
    const syncs = host.ask(syncAsk({ groupId: 'syncs', memberId: second.id }));
    const joins = newMember(host).request;
    for (const groupId of ['simple', 'other']) host.call(commitAsk({ t: [{ offset: 1n }] }, { groupId }));
    host.holdsWrites = true;
    const commits = host.ask(commitAsk({ t: [{ offset: 1n }] }, { groupId: 'other' }));
    const deletesOffsets = host.ask(deleteOffsetsAsk({ t: [0] }, 'simple'));
    const deletes = host.ask(deleteGroupAsk('simple'));
    host.resign();
    expect(host.error(joins)).toBe('NOT_COORDINATOR');
    expect(host.error(syncs)).toBe('NOT_COORDINATOR');
    expect(answered(host, commits).topics[0]?.partitions[0]?.errorCode).toBe(codeOf('NOT_COORDINATOR'));
    expect(host.error(deletesOffsets)).toBe('NOT_COORDINATOR');
    expect(answered(host, deletes).results[0]?.errorCode).toBe(codeOf('NOT_COORDINATOR'));
    expect(host.timers.size).toBe(0);
  });

  it('does not have what was not committed', () => {
    const ids = [newMember(host).id];
    host.advance(3000);
    host.holdsWrites = true;
    syncAll(host, ids, 1);
    host.ask(commitAsk({ t: [{ offset: 1n }] }, { groupId: 'other' }));
    host.moveTo();
    expect(host.shard.list()).toEqual([]);
  });
});

describe('a log that is read again', () => {
  const offset = (value: { offset: bigint } | null) =>
    encodeOffsetCommit(
      { group: 'g', topic: 't', partition: 0 },
      value && { ...value, metadata: '', commitTimestamp: 1n },
    );

  it('has the last of each key', () => {
    const host = new ShardHost({ log: [offset({ offset: 1n }), offset({ offset: 2n })] });
    expect(host.shard.list()).toEqual([{ groupId: 'g', protocolType: '', state: 'Empty' }]);
    expect(new ShardHost({ log: [...host.log, offset(null)] }).shard.list()).toEqual([]);
  });

  it('has no group that was deleted, but the offsets that were committed after', () => {
    const group = encodeGroupMetadata(
      { group: 'g' },
      { protocolType: 'consumer', generation: 3, protocol: null, leader: null, members: [] },
    );
    const deleted = encodeGroupMetadata({ group: 'g' }, null);
    expect(new ShardHost({ log: [group, deleted] }).shard.list()).toEqual([]);
    const { shard } = new ShardHost({ log: [group, deleted, offset({ offset: 1n })] });
    expect(shard.list()).toEqual([{ groupId: 'g', protocolType: '', state: 'Empty' }]);
  });

  it('may have groups of brokers so old that a member had one time-out', () => {
    const value = Buffer.concat([
      Buffer.from([0, 0]),
      text('consumer'),
      int32(4),
      text('range'),
      text('m'),
      int32(1),
      ...['m', 'client', '/host'].map(text),
      int32(7000),
      int32(0),
      int32(0),
    ]);
    const { key } = encodeGroupMetadata({ group: 'g' }, null);
    const host = new ShardHost({ log: [{ key, value }] });
    newMember(host, { rebalanceTimeoutMs: 1 });
    host.advance(6999);
    expect(host.shard.list()).toMatchObject([{ state: 'PreparingRebalance' }]);
    host.call(heartbeatAsk({ memberId: 'm', generationId: 4 }));
    host.advance(1);
    expect(host.shard.list()).toMatchObject([{ state: 'CompletingRebalance' }]);
  });

  it('may have records of kinds that are not known', () => {
    const unknown = { key: Buffer.from([0, 9]), value: Buffer.alloc(3) };
    expect(decodeOffsetsRecord(unknown.key, unknown.value)).toMatchObject({ type: 'unknown' });
    expect(new ShardHost({ log: [unknown] }).shard.list()).toEqual([]);
  });
});

describe('a client that is gone', () => {
  it('is not answered; the group goes on with it until its session ends', () => {
    const host = new ShardHost();
    const { request } = newMember(host);
    host.shard.gone(request);
    host.advance(3000);
    expect(host.answer(request)).toBeUndefined();
    expect(host.shard.list()).toMatchObject([{ state: 'CompletingRebalance' }]);
    host.advance(10_000);
    expect(host.shard.list()).toMatchObject([{ state: 'Empty' }]);
  });
});

describe('a timer that is over', () => {
  it('does nothing', () => {
    const host = new ShardHost();
    newMember(host);
    const keys = [...host.timers.keys()];
    host.advance(600_000);
    for (const key of [...keys, 'unknown']) {
      if (!host.timers.has(key)) expect(host.shard.timer(key, host.nowMs)).toEqual([]);
    }
  });
});

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

const text = (value: string): Buffer => Buffer.concat([int32(value.length).subarray(2), Buffer.from(value)]);
