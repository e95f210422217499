import { decodeOffsetsRecord } from '@barnabas/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { commitAsk, deleteGroupAsk, fetchAsk } from '../support/asks.ts';
import { answered, newMember, stableGroup } from '../support/members.ts';
import { codeOf, ShardHost } from '../support/shard-host.ts';

describe('OffsetCommit', () => {
  let host: ShardHost;
  beforeEach(() => {
    host = new ShardHost();
  });
  const errorOf = (asked: Parameters<ShardHost['call']>[0]) => host.call(asked).topics[0]?.partitions[0]?.errorCode;
  const commit = (offset: bigint, asked: Parameters<typeof commitAsk>[1] = {}) => commitAsk({ t: [{ offset }] }, asked);
  const committed = () => host.call(fetchAsk({ t: [0] })).groups[0]?.topics[0]?.partitions[0];
  const lastValue = () => {
    const last = host.log.at(-1);
    const record = last && decodeOffsetsRecord(last.key, last.value);
    return record?.type === 'offset-commit' ? record.value : undefined;
  };

  it('is for anybody where the group has no members', () => {
    expect(errorOf(commitAsk({ t: [{ offset: 7n, leaderEpoch: 3, metadata: 'm' }] }))).toBe(0);
    expect(committed()).toMatchObject({ committedOffset: 7n, committedLeaderEpoch: 3, metadata: 'm', errorCode: 0 });
    expect(host.shard.list()).toEqual([{ groupId: 'g', protocolType: '', state: 'Empty' }]);
  });

  it('is answered once it is in the log, and does not count before', () => {
    host.holdsWrites = true;
    const request = host.ask(commit(7n));
    expect(host.answer(request)).toBeUndefined();
    expect(committed()).toMatchObject({ committedOffset: -1n, errorCode: 0 });
    host.commit();
    expect(answered(host, request).topics).toEqual([{ name: 't', partitions: [{ partitionIndex: 0, errorCode: 0 }] }]);
    expect(committed()).toMatchObject({ committedOffset: 7n });
  });

  it.each([
    [
      'of a generation of a group that is not there',
      { groupId: 'other', generationIdOrMemberEpoch: 1 },
      'ILLEGAL_GENERATION',
    ],
    ['of nobody, where there are members', {}, 'UNKNOWN_MEMBER_ID'],
    ['of no member', { memberId: 'stranger', generationIdOrMemberEpoch: 1 }, 'UNKNOWN_MEMBER_ID'],
    ['of an instance that is not there', { groupInstanceId: 'i' }, 'UNKNOWN_MEMBER_ID'],
  ] as const)('is refused %s', (_, asked, error) => {
    stableGroup(host);
    expect(errorOf(commit(1n, asked))).toBe(codeOf(error));
  });

  it('is refused of a member of an older generation, and taken of one of this', () => {
    const { ids } = stableGroup(host);
    const memberId = ids[0] ?? '';
    expect(errorOf(commit(1n, { memberId, generationIdOrMemberEpoch: 0 }))).toBe(codeOf('ILLEGAL_GENERATION'));
    expect(errorOf(commit(1n, { memberId, generationIdOrMemberEpoch: 1 }))).toBe(0);
  });

  it('is taken of a member that has yet to hear of a rebalance', () => {
    const { ids } = stableGroup(host);
    newMember(host);
    expect(errorOf(commit(1n, { memberId: ids[0] ?? '', generationIdOrMemberEpoch: 1 }))).toBe(0);
  });

  it('is refused of a member that is gone, though the group is empty', () => {
    const { ids } = stableGroup(host);
    host.advance(10_000);
    expect(errorOf(commit(1n, { memberId: ids[0] ?? '', generationIdOrMemberEpoch: 1 }))).toBe(
      codeOf('UNKNOWN_MEMBER_ID'),
    );
  });

  it('is refused while the group is being deleted', () => {
    host.call(commit(1n));
    host.holdsWrites = true;
    host.ask(deleteGroupAsk());
    expect(errorOf(commit(2n))).toBe(codeOf('COORDINATOR_NOT_AVAILABLE'));
  });

  it('refuses the partitions whose metadata is too long, and them alone', () => {
    const answer = host.call(
      commitAsk({
        t: [
          { partition: 0, offset: 1n, metadata: 'x'.repeat(4097) },
          { partition: 1, offset: 2n, metadata: 'ü'.repeat(4096) },
          { partition: 2, offset: 3n, metadata: null },
        ],
      }),
    );
    expect(answer.topics[0]?.partitions.map(({ errorCode }) => errorCode)).toEqual([12, 0, 0]);
    const fetched = host.call(fetchAsk(null)).groups[0]?.topics[0]?.partitions;
    expect(fetched?.map(({ partitionIndex, metadata }) => [partitionIndex, metadata.length])).toEqual([
      [1, 4096],
      [2, 0],
    ]);
  });

  it('writes nothing and remembers nothing where the metadata of all is too long', () => {
    expect(errorOf(commitAsk({ t: [{ offset: 1n, metadata: 'x'.repeat(4097) }] }))).toBe(12);
    expect(host.log).toEqual([]);
    expect(host.shard.list()).toEqual([]);
  });

  it('refuses metadata that no record has room for, however much is allowed', () => {
    const generous = new ShardHost({ limits: { offsetMetadataMaxBytes: 100_000 } });
    const answer = generous.call(commitAsk({ t: [{ offset: 1n, metadata: 'ü'.repeat(20_000) }] }));
    expect(answer.topics[0]?.partitions[0]?.errorCode).toBe(12);
  });

  it('is stamped with the time, or with that of the client in version 1', () => {
    host.call(commit(1n));
    expect(lastValue()).toMatchObject({
      version: 3,
      data: { commitTimestamp: BigInt(host.nowMs), expireTimestamp: -1n },
    });
    host.call(commitAsk({ t: [{ offset: 1n, commitTimestamp: 5n }] }, { version: 1 }));
    expect(lastValue()?.data.commitTimestamp).toBe(5n);
  });

  it.each([
    [1000n, 1_001_000n],
    [2n ** 63n - 1n, 2n ** 63n - 1n],
  ])('says when it expires where the client asks to keep it for %d ms', (retentionTimeMs, expireTimestamp) => {
    host.call(commitAsk({ t: [{ offset: 1n, leaderEpoch: 4 }] }, { version: 3, retentionTimeMs }));
    expect(lastValue()).toMatchObject({ version: 1, data: { expireTimestamp } });
    expect(committed()).toMatchObject({ committedOffset: 1n, committedLeaderEpoch: -1 });
  });

  it('keeps all 64 bits of an offset', () => {
    host.call(commit(2n ** 63n - 1n));
    host.moveTo();
    expect(committed()?.committedOffset).toBe(2n ** 63n - 1n);
  });

  it.each([
    ['NOT_LEADER_OR_FOLLOWER', 'NOT_COORDINATOR'],
    ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'COORDINATOR_NOT_AVAILABLE'],
    ['MESSAGE_TOO_LARGE', 'INVALID_COMMIT_OFFSET_SIZE'],
    ['REQUEST_TIMED_OUT', 'REQUEST_TIMED_OUT'],
  ] as const)('that fails for %s is as if it had not been, and told %s', (error, told) => {
    host.call(commit(1n));
    host.holdsWrites = true;
    const request = host.ask(commit(2n));
    host.fail(error);
    expect(answered(host, request).topics[0]?.partitions[0]?.errorCode).toBe(codeOf(told));
    expect(committed()).toMatchObject({ committedOffset: 1n });
    expect(host.call(fetchAsk({ t: [0] }, { requireStable: true })).groups[0]?.topics[0]?.partitions[0]).toMatchObject({
      committedOffset: 1n,
    });
  });

  it('leaves nothing behind of a group that was only made for a commit that failed', () => {
    host.holdsWrites = true;
    host.ask(commit(1n));
    host.fail('NOT_ENOUGH_REPLICAS');
    expect(host.shard.list()).toEqual([]);
  });

  it('never goes back: of two under way the later in the log counts, in whichever order they end', () => {
    host.holdsWrites = true;
    const requests = [host.ask(commit(1n)), host.ask(commit(2n))];
    const [first, second] = host.underWay.map(({ writeId }) => writeId);
    host.commit(second);
    expect(requests.map((request) => host.answer(request))).toEqual([undefined, undefined]);
    host.commit(first);
    expect(requests.map((request) => answered(host, request).topics[0]?.partitions[0]?.errorCode)).toEqual([0, 0]);
    expect(committed()).toMatchObject({ committedOffset: 2n });
  });
});
