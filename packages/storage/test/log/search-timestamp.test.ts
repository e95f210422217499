import { leaderEpoch, offset } from '@barnabas/model';
import { buildBatch, stampLogAppendTime } from '@barnabas/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CorruptLogError } from '../../src/storage-errors.ts';
import { produced, replicated, T0 } from './batches.ts';
import { LOG_DIR, LogContext } from './log-context.ts';

const batchOf = (base: number, times: readonly number[]): Buffer =>
  buildBatch({
    baseOffset: offset(base),
    leaderEpoch: leaderEpoch(base % 3),
    records: times.map((ms) => ({ key: null, value: Buffer.alloc(20), headers: [], timestamp: ms < 0 ? -1 : T0 + ms })),
  });

describe('offsetForTimestamp', () => {
  it('finds the first record that is late enough, and the first of the latest, in any order of times', async () => {
    const times = fc.array(fc.array(fc.integer({ min: -1, max: 20 }), { minLength: 1, maxLength: 4 }), {
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(times, fc.nat(30), async (batches, start) => {
        const context = await LogContext.create({ config: { segmentBytes: 400, indexIntervalBytes: 100 } });
        const records: { timestamp: number; offset: number; leaderEpoch: number }[] = [];
        for (const each of batches) {
          const base = records.length;
          for (const ms of each) {
            const timestamp = ms < 0 ? -1 : T0 + ms;
            records.push({ timestamp, offset: records.length, leaderEpoch: base % 3 });
          }
          await context.replicate(batchOf(base, each));
        }
        context.log.advanceStart(offset(Math.min(start, records.length)));
        for (let ms = 0; ms <= 21; ms++) {
          const expected = records.find((record) => record.offset >= start && record.timestamp >= T0 + ms);
          expect(await context.log.offsetForTimestamp(T0 + ms)).toEqual(expected);
        }
        const latest = Math.max(...records.map(({ timestamp }) => timestamp));
        const first = records.find(({ timestamp }) => timestamp === latest && timestamp >= 0);
        expect(await context.log.offsetForTimestamp(-3)).toEqual(first);
      }),
      { numRuns: 60 },
    );
  });

  it('answers the ends of the log, with the epochs there', async () => {
    const context = await LogContext.create();
    await context.replicate(
      replicated(0, { leaderEpoch: leaderEpoch(2) }),
      replicated(1, { leaderEpoch: leaderEpoch(5) }),
    );
    expect(await context.log.offsetForTimestamp(-1)).toEqual({ timestamp: -1, offset: 2, leaderEpoch: 5 });
    expect(await context.log.offsetForTimestamp(-2)).toEqual({ timestamp: -1, offset: 0, leaderEpoch: 2 });
  });

  it('takes the time of the append for that of the records where the batch has it', async () => {
    const context = await LogContext.create();
    const bytes = replicated(0, { count: 3, timestamp: T0 });
    stampLogAppendTime(bytes, 0, T0 + 50);
    await context.replicate(bytes);
    expect(await context.log.offsetForTimestamp(T0 + 1)).toMatchObject({ timestamp: T0 + 50, offset: 0 });
    expect(await context.log.offsetForTimestamp(-3)).toMatchObject({ timestamp: T0 + 50, offset: 0 });
  });

  it('waits for what is appended but not yet written', async () => {
    const context = await LogContext.create();
    const appended = context.log.appendAsLeader(produced(), leaderEpoch(0));
    expect(await context.log.offsetForTimestamp(T0)).toMatchObject({ offset: 0 });
    await appended.acknowledged;
  });

  it('says where the log is damaged', async () => {
    const context = await LogContext.create();
    await context.replicate(replicated(0), replicated(1, { timestamp: T0 + 5 }), replicated(2, { timestamp: T0 + 5 }));
    context.disk.corrupt(`${LOG_DIR}/00000000000000000000.log`, 79 + 8, 7);
    const found = context.log.offsetForTimestamp(T0 + 3);
    await expect(found).rejects.toThrow(CorruptLogError);
    await expect(found).rejects.toMatchObject({ position: 79 });
  });
});
