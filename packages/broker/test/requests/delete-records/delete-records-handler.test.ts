import { ERRORS, type ErrorName, offset } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import type { DeletedRecords, RecordsToDelete } from '../../../src/replication/deletion/record-deletion.ts';
import { deleteRecordsHandler } from '../../../src/requests/delete-records/delete-records-handler.ts';
import { ask } from '../../support/ask.ts';
import { recordingLog } from '../../support/recording-log.ts';

function begin(answers: readonly DeletedRecords[] | Error) {
  const asked: RecordsToDelete[] = [];
  const log = recordingLog();
  const handler = deleteRecordsHandler({
    replicas: {
      deleteRecords: async (records, { timeoutMs }) => {
        expect(timeoutMs).toBe(700);
        asked.push(...records);
        if (answers instanceof Error) throw answers;
        return answers;
      },
    },
    log,
  });
  const deleteRecords = async (version: number, topics: Readonly<Record<string, readonly bigint[]>>) => {
    const request = {
      timeoutMs: 700,
      topics: Object.entries(topics).map(([name, offsets]) => ({
        name,
        partitions: offsets.map((each, partitionIndex) => ({ partitionIndex, offset: each })),
      })),
    };
    const response = await ask('DeleteRecords', handler, version, request);
    return response.topics.map(({ name, partitions }) => [
      name,
      ...partitions.map(({ errorCode, lowWatermark }) => `${nameOf(errorCode)} ${lowWatermark}`),
    ]);
  };
  return { deleteRecords, asked };
}

const nameOf = (code: number): ErrorName | undefined => Object.values(ERRORS).find((row) => row.code === code)?.name;

describe('DeleteRecords', () => {
  it.each([
    0, 1, 2,
  ])('asks the replicas, -1 for the high watermark, and answers what became of each in version %i', async (version) => {
    const { deleteRecords, asked } = begin([
      { kind: 'deleted', lowWatermark: 7 },
      { kind: 'failed', error: 'REQUEST_TIMED_OUT', message: 'no', lowWatermark: 3 },
      { kind: 'failed', error: 'NOT_LEADER_OR_FOLLOWER', message: 'no', lowWatermark: -1 },
    ]);
    expect(await deleteRecords(version, { t: [7n, -1n], u: [0n] })).toEqual([
      ['t', 'NONE 7', 'REQUEST_TIMED_OUT 3'],
      ['u', 'NOT_LEADER_OR_FOLLOWER -1'],
    ]);
    expect(asked).toEqual([
      { topic: 't', partition: 0, before: offset(7) },
      { topic: 't', partition: 1, before: 'highWatermark' },
      { topic: 'u', partition: 0, before: offset(0) },
    ]);
  });

  it('does not delete records of the topics that brokers keep their own state in', async () => {
    const { deleteRecords, asked } = begin([{ kind: 'deleted', lowWatermark: 1 }]);
    expect(await deleteRecords(2, { __consumer_offsets: [-1n], t: [1n] })).toEqual([
      ['__consumer_offsets', 'INVALID_TOPIC_EXCEPTION -1'],
      ['t', 'NONE 1'],
    ]);
    expect(asked).toHaveLength(1);
  });

  it.each([-2n, -(2n ** 63n), 2n ** 53n])('answers OFFSET_OUT_OF_RANGE for %i, which is no offset', async (asked) => {
    const { deleteRecords } = begin([]);
    expect(await deleteRecords(2, { t: [asked] })).toEqual([['t', 'OFFSET_OUT_OF_RANGE -1']]);
  });

  it('answers for each partition where the replicas fail', async () => {
    const { deleteRecords } = begin(new Error('no'));
    expect(await deleteRecords(2, { t: [1n, 2n] })).toEqual([
      ['t', 'UNKNOWN_SERVER_ERROR -1', 'UNKNOWN_SERVER_ERROR -1'],
    ]);
  });
});
