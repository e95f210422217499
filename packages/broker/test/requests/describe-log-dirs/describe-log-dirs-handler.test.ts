import { DEFAULT_LOG_CONFIG, ERRORS, leaderEpoch } from '@barnabas/model';
import { LogManager } from '@barnabas/storage';
import { SimulatedClock, SimulatedDisk, SimulatedScheduler, seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { describeLogDirsHandler } from '../../../src/requests/describe-log-dirs/describe-log-dirs-handler.ts';
import { ask } from '../../support/ask.ts';
import { batchOf } from '../../support/batches.ts';
import { recordingLog } from '../../support/recording-log.ts';

const DIRS = ['/a', '/b', '/c'];
const TIB = 2n ** 40n;

/** `/a` and `/b` have a partition of `t` each, `/a` has 2 records; `/c` cannot be opened. */
async function begin() {
  const clock = new SimulatedClock();
  const disk = new SimulatedDisk(seededRandom(1), clock);
  disk.faults.fail('list', /^\/c$/);
  const fs = disk.newProcess();
  const logs = await LogManager.open({
    dirs: DIRS,
    fs,
    clock,
    scheduler: new SimulatedScheduler(clock),
    random: seededRandom(2),
    flushMode: 'group',
    configOf: () => DEFAULT_LOG_CONFIG,
  });
  const log = await logs.create({ topic: 't', partition: 0 });
  await logs.create({ topic: 't', partition: 1 });
  const batch = batchOf(2);
  const sizeBytes = BigInt(batch.length);
  await log.appendAsLeader(batch, leaderEpoch(0)).acknowledged;
  const handler = describeLogDirsHandler({ dirs: DIRS, logs, fs, log: recordingLog() });
  const describeDirs = (topics: { topic: string; partitions: number[] }[] | null, version = 4) =>
    ask('DescribeLogDirs', handler, version, { topics });
  return { describeDirs, sizeBytes, disk };
}

const partitionOf = (partitionIndex: number, partitionSize: bigint) => ({
  partitionIndex,
  partitionSize,
  offsetLag: 0n,
  isFutureKey: false,
});

describe('DescribeLogDirs', () => {
  it('tells of each directory what is in it and what it has left, and which has failed', async () => {
    const { describeDirs, sizeBytes } = await begin();
    const space = { totalBytes: TIB, usableBytes: TIB / 2n };
    expect(await describeDirs(null)).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
      results: [
        { errorCode: 0, logDir: '/a', topics: [{ name: 't', partitions: [partitionOf(0, sizeBytes)] }], ...space },
        { errorCode: 0, logDir: '/b', topics: [{ name: 't', partitions: [partitionOf(1, 0n)] }], ...space },
        {
          errorCode: ERRORS.KAFKA_STORAGE_ERROR.code,
          logDir: '/c',
          topics: [],
          totalBytes: -1n,
          usableBytes: -1n,
        },
      ],
    });
  });

  it.each([0, 1, 2, 3, 4])('tells of those partitions alone that are asked for in version %i', async (version) => {
    const { describeDirs } = await begin();
    const { results } = await describeDirs(
      [
        { topic: 't', partitions: [1, 7] },
        { topic: 'u', partitions: [0] },
      ],
      version,
    );
    expect(results.map(({ topics }) => topics)).toEqual([[], [{ name: 't', partitions: [partitionOf(1, 0n)] }], []]);
    expect((await describeDirs([], version)).results.map(({ topics }) => topics)).toEqual([[], [], []]);
  });

  it('takes a directory for failed whose file system does not answer', async () => {
    const { describeDirs, disk } = await begin();
    disk.faults.fail('stat', /^\/a$/);
    const { results } = await describeDirs(null);
    expect(results.map(({ errorCode }) => errorCode)).toEqual([
      ERRORS.KAFKA_STORAGE_ERROR.code,
      0,
      ERRORS.KAFKA_STORAGE_ERROR.code,
    ]);
  });
});
