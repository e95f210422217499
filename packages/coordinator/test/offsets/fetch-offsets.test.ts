import { beforeEach, describe, expect, it } from 'vitest';
import { CLIENT, commitAsk, deleteGroupAsk, fetchAsk } from '../support/asks.ts';
import { codeOf, ShardHost } from '../support/shard-host.ts';

const NONE = { committedOffset: -1n, committedLeaderEpoch: -1, metadata: '', errorCode: 0 };

describe('OffsetFetch', () => {
  let host: ShardHost;
  beforeEach(() => {
    host = new ShardHost();
    host.call(commitAsk({ t: [{ partition: 1, offset: 5n }], u: [{ partition: 0, offset: 6n }] }));
  });
  const topicsOf = (asked: Parameters<ShardHost['call']>[0]) => host.call(asked).groups[0]?.topics;

  it('answers what was asked, in its order; no offset is no error', () => {
    expect(topicsOf(fetchAsk({ u: [1, 0], t: [1] }))).toMatchObject([
      {
        name: 'u',
        partitions: [
          { partitionIndex: 1, ...NONE },
          { partitionIndex: 0, committedOffset: 6n },
        ],
      },
      { name: 't', partitions: [{ partitionIndex: 1, committedOffset: 5n }] },
    ]);
  });

  it('answers all that the group has', () => {
    expect(topicsOf(fetchAsk(null))).toMatchObject([
      { name: 't', partitions: [{ partitionIndex: 1, committedOffset: 5n }] },
      { name: 'u', partitions: [{ partitionIndex: 0, committedOffset: 6n }] },
    ]);
  });

  it('knows no offsets of a group that is not there, and no error', () => {
    expect(topicsOf(fetchAsk({ t: [1] }, { groupId: 'other' }))).toEqual([
      { name: 't', partitions: [{ partitionIndex: 1, ...NONE }] },
    ]);
    expect(topicsOf(fetchAsk(null, { groupId: 'other' }))).toEqual([]);
    expect(host.shard.list()).toHaveLength(1);
  });

  it('is about one group on its own up to version 7', () => {
    const request = { groupId: 'g', topics: [{ name: 't', partitionIndexes: [1] }], groups: [], requireStable: false };
    const answer = host.call({ api: 'OffsetFetch', version: 7, request, ...CLIENT });
    expect(answer).toMatchObject({ errorCode: 0, topics: [{ name: 't', partitions: [{ committedOffset: 5n }] }] });
  });

  it('says that an offset is not stable while a commit is under way, to those that ask for it', () => {
    host.holdsWrites = true;
    host.ask(commitAsk({ t: [{ partition: 1, offset: 7n }] }));
    const asked = { t: [1, 2] };
    expect(topicsOf(fetchAsk(asked))?.[0]?.partitions[0]).toMatchObject({ committedOffset: 5n, errorCode: 0 });
    expect(topicsOf(fetchAsk(asked, { requireStable: true }))?.[0]?.partitions).toMatchObject([
      { ...NONE, errorCode: codeOf('UNSTABLE_OFFSET_COMMIT') },
      NONE,
    ]);
    host.commit();
    expect(topicsOf(fetchAsk(asked, { requireStable: true }))?.[0]?.partitions[0]).toMatchObject({
      committedOffset: 7n,
    });
  });

  it('has an unstable offset until the last of several commits has ended', () => {
    host.holdsWrites = true;
    for (const offset of [7n, 8n]) host.ask(commitAsk({ t: [{ partition: 1, offset }] }));
    host.commit();
    expect(topicsOf(fetchAsk({ t: [1] }, { requireStable: true }))?.[0]?.partitions[0]?.errorCode).toBe(88);
    host.fail('NOT_ENOUGH_REPLICAS');
    expect(topicsOf(fetchAsk({ t: [1] }, { requireStable: true }))?.[0]?.partitions[0]).toMatchObject({
      committedOffset: 7n,
    });
  });

  it('knows the offsets of a group until its deletion is in the log', () => {
    host.holdsWrites = true;
    host.ask(deleteGroupAsk());
    expect(topicsOf(fetchAsk({ t: [1] }))?.[0]?.partitions[0]?.committedOffset).toBe(5n);
    host.commit();
    expect(topicsOf(fetchAsk({ t: [1] }))?.[0]?.partitions[0]?.committedOffset).toBe(-1n);
  });
});
