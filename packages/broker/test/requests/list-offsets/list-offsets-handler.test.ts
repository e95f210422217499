import { ERRORS, KafkaError, leaderEpoch, offset } from '@barnabas/model';
import type { PeerRequest } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import type { OffsetAnswer, OffsetQuery } from '../../../src/replication/replicas.ts';
import { listOffsetsHandler } from '../../../src/requests/list-offsets/list-offsets-handler.ts';
import { ask } from '../../support/ask.ts';
import { recordingLog } from '../../support/recording-log.ts';

const [LATEST, EARLIEST, MAX_TIMESTAMP, EARLIEST_LOCAL, LATEST_TIERED] = [-1n, -2n, -3n, -4n, -5n];
const FOUND: OffsetAnswer = { kind: 'found', offset: offset(36), timestamp: 1700, leaderEpoch: leaderEpoch(4) };

describe('ListOffsets', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9])('answers what was found in version %i', async (version) => {
    const { listOffsets } = begin(FOUND);
    const answer = await listOffsets(version, 1600n);
    expect(answer).toMatchObject({ errorCode: 0, offset: 36n, timestamp: 1700n });
    expect(answer?.leaderEpoch).toBe(version >= 4 ? 4 : -1);
  });

  it('answers a list with the one offset in version 0', async () => {
    expect((await begin(FOUND).listOffsets(0, LATEST))?.oldStyleOffsets).toEqual([36n]);
    expect((await begin({ kind: 'none' }).listOffsets(0, 1n))?.oldStyleOffsets).toEqual([]);
  });

  it('answers -1 where there is no such record', async () => {
    const answer = await begin({ kind: 'none' }).listOffsets(9, 4_000_000_000_000n);
    expect(answer).toMatchObject({ errorCode: 0, offset: -1n, timestamp: -1n, leaderEpoch: -1 });
  });

  it.each([
    ['a consumer', { replicaId: -1 }, { asker: 'consumer', isolation: 'read_uncommitted' }],
    ['a careful consumer', { replicaId: -1, isolationLevel: 1 }, { asker: 'consumer', isolation: 'read_committed' }],
    ['a follower', { replicaId: 3, isolationLevel: 1 }, { asker: 'follower', isolation: 'read_uncommitted' }],
    ['a debugger', { replicaId: -2 }, { asker: 'debugger', isolation: 'read_uncommitted' }],
  ])('asks for %s', async (_, request, expected) => {
    const { listOffsets, queries } = begin(FOUND);
    await listOffsets(9, LATEST, request);
    expect(queries).toEqual([{ topic: 't', partition: 0, timestamp: -1, currentLeaderEpoch: undefined, ...expected }]);
  });

  it('passes on the leader epoch that the asker goes by', async () => {
    const { listOffsets, queries } = begin(FOUND);
    await listOffsets(9, LATEST, {}, 7);
    expect(queries[0]?.currentLeaderEpoch).toBe(7);
  });

  it.each([
    ['the latest', LATEST, 0],
    ['the earliest', EARLIEST, 0],
    ['the record with the largest timestamp', MAX_TIMESTAMP, 7],
    ['the earliest here', EARLIEST_LOCAL, 8],
    ['the latest elsewhere', LATEST_TIERED, 9],
  ])('answers for %s from the version on that has it', async (_, timestamp, since) => {
    const { listOffsets, queries } = begin(FOUND);
    for (let version = 0; version <= 9; version++) {
      const expected = version < since ? ERRORS.UNSUPPORTED_VERSION.code : 0;
      expect((await listOffsets(version, timestamp))?.errorCode).toBe(expected);
    }
    expect(queries).toHaveLength(10 - since);
  });

  it('takes the start of the log for the start of what is here, and finds nothing elsewhere', async () => {
    const { listOffsets, queries } = begin(FOUND);
    expect((await listOffsets(9, EARLIEST_LOCAL))?.offset).toBe(36n);
    expect(await listOffsets(9, LATEST_TIERED)).toMatchObject({ errorCode: 0, offset: -1n, leaderEpoch: -1 });
    expect(queries.map(({ timestamp }) => timestamp)).toEqual([-2, -2]);
  });

  it.each([
    [4, 'LEADER_NOT_AVAILABLE'],
    [5, 'OFFSET_NOT_AVAILABLE'],
  ] as const)('says in words of version %i that a new leader cannot tell yet', async (version, error) => {
    const { listOffsets } = begin({ kind: 'failed', error: 'OFFSET_NOT_AVAILABLE', message: 'not yet' });
    expect((await listOffsets(version, LATEST))?.errorCode).toBe(ERRORS[error].code);
  });

  it.each([
    ['an isolation level that is none', 1n, { isolationLevel: 2 }, 'INVALID_REQUEST'],
    ['a replica id that is none', 1n, { replicaId: -3 }, 'INVALID_REQUEST'],
    ['a time that is none', -6n, {}, 'UNSUPPORTED_VERSION'],
    ['a time beyond 2^53', 2n ** 60n, {}, 'INVALID_REQUEST'],
    ['a time before -2^53', -(2n ** 60n), {}, 'INVALID_REQUEST'],
  ] as const)('refuses %s', async (_, timestamp, request, error) => {
    const { listOffsets, queries, lines } = begin(FOUND);
    expect((await listOffsets(9, timestamp, request))?.errorCode).toBe(ERRORS[error].code);
    expect([queries, lines]).toEqual([[], []]);
  });

  it('refuses a partition that is asked for twice, and answers the others', async () => {
    const { handler } = begin(FOUND);
    const partitions = [0, 1, 0].map((partitionIndex) => ({ partitionIndex, timestamp: LATEST }));
    const { topics } = await ask('ListOffsets', handler, 9, { replicaId: -1, topics: [{ name: 't', partitions }] });
    expect(topics[0]?.partitions.map(({ partitionIndex, errorCode }) => [partitionIndex, errorCode])).toEqual([
      [0, ERRORS.INVALID_REQUEST.code],
      [1, 0],
      [0, ERRORS.INVALID_REQUEST.code],
    ]);
  });

  it.each([
    ['NOT_LEADER_OR_FOLLOWER', new KafkaError('NOT_LEADER_OR_FOLLOWER', 'no'), []],
    ['UNKNOWN_SERVER_ERROR', new Error('no'), ['error: ListOffsets of t-1 failed unexpectedly']],
  ] as const)('answers %s for one partition and goes on with the others', async (error, failure, lines) => {
    const begun = begin(FOUND, ({ partition }) => (partition === 1 ? failure : undefined));
    const partitions = [0, 1, 2].map((partitionIndex) => ({ partitionIndex, timestamp: LATEST }));
    const { topics } = await ask('ListOffsets', begun.handler, 9, {
      replicaId: -1,
      topics: [{ name: 't', partitions }],
    });
    expect(topics[0]?.partitions.map(({ errorCode }) => errorCode)).toEqual([0, ERRORS[error].code, 0]);
    expect(begun.lines).toEqual(lines);
  });
});

function begin(answer: OffsetAnswer, failureOf: (query: OffsetQuery) => Error | undefined = () => undefined) {
  const log = recordingLog();
  const queries: OffsetQuery[] = [];
  const handler = listOffsetsHandler({
    log,
    replicas: {
      offsetFor: async (query) => {
        queries.push(query);
        const failure = failureOf(query);
        if (failure !== undefined) throw failure;
        return answer;
      },
    },
  });
  const listOffsets = async (
    version: number,
    timestamp: bigint,
    request: Partial<PeerRequest<'ListOffsets'>> = {},
    currentLeaderEpoch = -1,
  ) => {
    const partitions = [{ partitionIndex: 0, timestamp, currentLeaderEpoch }];
    const topics = [{ name: 't', partitions }];
    const response = await ask('ListOffsets', handler, version, { replicaId: -1, topics, ...request });
    return response.topics[0]?.partitions[0];
  };
  return { handler, listOffsets, queries, lines: log.lines };
}
