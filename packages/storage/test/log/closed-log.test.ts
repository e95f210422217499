import { offset } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import type { Log } from '../../src/log/log.ts';
import { deleteBefore, truncateFullyAndStartAt, truncateTo } from '../../src/log/truncation.ts';
import { LogClosedError } from '../../src/storage-errors.ts';
import { EPOCH, produced, replicated } from './batches.ts';
import { LogContext, TOPIC_PARTITION } from './log-context.ts';

const CONFIG = { segmentBytes: 200 };
const READ = { maxBytes: 1000, isolation: 'logEnd' as const };

/** Six batches of one record, two in each segment. */
const fill = async (context: LogContext): Promise<Log> => {
  for (let i = 0; i < 6; i++) await context.append(produced());
  return context.log;
};

const CUTS: readonly (readonly [string, (log: Log) => Promise<unknown>])[] = [
  ['deleteBefore', (log) => deleteBefore(log, offset(5))],
  ['truncateTo', (log) => truncateTo(log, offset(1))],
  ['truncateTo its end', (log) => truncateTo(log, offset(6))],
  ['truncateFullyAndStartAt', (log) => truncateFullyAndStartAt(log, offset(0))],
];

const OTHERS: readonly (readonly [string, (log: Log) => Promise<unknown>])[] = [
  ['read', (log) => log.read(offset(0), READ)],
  ['offsetForTimestamp', (log) => log.offsetForTimestamp(0)],
  [
    'abortedTransactions',
    (log) => log.abortedTransactions(offset(0), { segmentBaseOffset: offset(0), position: 0, bytes: produced() }),
  ],
  ['appendAsLeader', async (log) => log.appendAsLeader(produced(), EPOCH).acknowledged],
  ['appendAsFollower', async (log) => log.appendAsFollower(replicated(6)).acknowledged],
];

describe('a log that was closed', () => {
  it.each([...OTHERS, ...CUTS])('refuses %s, and leaves its directory clean', async (_, use) => {
    const context = await LogContext.create({ config: CONFIG });
    const log = await fill(context);
    await context.openManager.close();
    await expect(use(log)).rejects.toThrow(LogClosedError);
    await context.disk.settled();
    expect(context.openManager.failures).toEqual([]);
    context.process = context.disk.newProcess();
    await context.open();
    expect(context.openManager.dirs[0]?.wasClean).toBe(true);
    expect((await context.ranges()).length).toBe(6);
  });
});

describe('a log that was deleted', () => {
  it.each(CUTS)('does not touch a new one of its name by %s', async (_, cut) => {
    const context = await LogContext.create({ config: CONFIG });
    const old = await fill(context);
    await context.openManager.delete(TOPIC_PARTITION);
    await context.openManager.create(TOPIC_PARTITION);
    await fill(context);
    const files = context.files;
    await expect(cut(old)).rejects.toThrow(LogClosedError);
    await context.disk.settled();
    expect(context.files).toEqual(files);
    expect(context.openManager.failures).toEqual([]);
    await context.reopen('crashed');
    expect((await context.ranges()).length).toBe(6);
  });

  it('does not touch a new one by a deleteBefore that was under way', async () => {
    const context = await LogContext.create({ config: CONFIG });
    const old = await fill(context);
    const goOn = context.disk.faults.stall('write', /log-start-offset-checkpoint/);
    const cut = deleteBefore(old, offset(5)).catch((error: unknown) => error);
    const deleted = context.openManager.delete(TOPIC_PARTITION);
    await context.disk.settled();
    goOn();
    await deleted;
    await context.openManager.create(TOPIC_PARTITION);
    await fill(context);
    expect(await cut).toBeInstanceOf(LogClosedError);
    expect(context.openManager.failures).toEqual([]);
    expect((await context.ranges()).length).toBe(6);
  });
});
