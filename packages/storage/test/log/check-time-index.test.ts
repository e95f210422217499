import { offset } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { truncateTo } from '../../src/log/truncation.ts';
import { EPOCH, produced, replicated, T0 } from './batches.ts';
import { LOG_DIR, LogContext } from './log-context.ts';
import { turns } from './turns.ts';

const FIRST = `${LOG_DIR}/00000000000000000000`;
const SECOND = `${LOG_DIR}/00000000000000000002`;

/**
 * Two segments with offsets missing between them, as compaction leaves them: 0 and 1, 10 and 11. The time index of the
 * first one holds zeros, as if it had been preallocated.
 */
const withZeros = async (seed: number): Promise<LogContext> => {
  const context = await LogContext.create({ seed, config: { segmentBytes: 400 } });
  for (const at of [0, 1, 10, 11]) {
    await context.replicate(replicated(at, { valueBytes: 100, timestamp: T0 + at }));
  }
  await context.openManager.close();
  context.disk.plantFile(`${LOG_DIR}/00000000000000000010.log`, await context.process.readFile(`${SECOND}.log`));
  for (const suffix of ['.log', '.index', '.timeindex']) await context.process.removeFile(`${SECOND}${suffix}`);
  context.disk.plantFile(`${FIRST}.timeindex`, Buffer.alloc(36));
  context.process = context.disk.newProcess();
  context.config = { ...context.config, segmentBytes: 100_000 };
  await context.open();
  return context;
};

const oneByOne = (count: number): [number, number][] => Array.from({ length: count }, (_, at) => [at, at]);

describe('a time index that is made anew', () => {
  it.each([
    ['the end of the segment', 5, 2],
    ['the middle of the segment', 1, 1],
  ])('leaves the appends alone that come after a truncation to %s', async (_, target, end) => {
    for (let seed = 1; seed <= 10; seed++) {
      const context = await withZeros(seed);
      await truncateTo(context.log, offset(target));
      await context.append(produced({ valueBytes: 100, timestamp: T0 + 100 }));
      const found = context.log.offsetForTimestamp(T0 + 50);
      const appends: Promise<void>[] = [];
      for (let i = 0; i < 15; i++) {
        await turns(seed % 3);
        appends.push(context.log.appendAsLeader(produced({ timestamp: T0 + 200 + i }), EPOCH).acknowledged);
      }
      expect(await found).toMatchObject({ offset: end });
      await Promise.all(appends);
      expect(await context.ranges()).toEqual(oneByOne(end + 16));
      await context.reopen('killed');
      expect(context.openManager.dirs[0]?.cuts).toEqual([]);
      expect(await context.ranges()).toEqual(oneByOne(end + 16));
    }
  });

  it('is made so before the segment takes batches, not by the first search', async () => {
    const context = await withZeros(1);
    await truncateTo(context.log, offset(5));
    const times = await context.process.readFile(`${FIRST}.timeindex`);
    expect(times.readBigInt64BE(times.length - 12)).toBe(BigInt(T0 + 1));
  });

  it('is made from a segment that does not change meanwhile', async () => {
    const context = await withZeros(1);
    const { sizeBytes } = context.log;
    let isFound = false;
    const found = context.log.offsetForTimestamp(T0 + 1).finally(() => {
      isFound = true;
    });
    while (!isFound) {
      expect(context.log.sizeBytes).toBe(sizeBytes);
      await turns(1);
    }
    expect(await found).toMatchObject({ offset: 1 });
    const times = await context.process.readFile(`${FIRST}.timeindex`);
    expect(times.readBigInt64BE(times.length - 12)).toBe(BigInt(T0 + 1));
  });
});
