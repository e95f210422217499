import type { TopicPartition } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { LogDirFailedError } from '../../src/storage-errors.ts';
import { EPOCH, produced } from '../log/batches.ts';
import { type ContextOptions, LogContext } from '../log/log-context.ts';

const LOG = /\.log$/;
const OTHER: TopicPartition = { topic: 'u', partition: 3 };

/** A log on a disk whose writes and syncs are counted from here on. */
class WriterContext {
  readonly logs: LogContext;
  #before: { writes: number; syncs: number };

  constructor(logs: LogContext) {
    this.logs = logs;
    this.#before = { ...logs.disk.counters };
  }

  static async create(options: ContextOptions = {}): Promise<WriterContext> {
    return new WriterContext(await LogContext.create(options));
  }

  /** Writes and syncs since it was last asked. */
  counted(): { writes: number; syncs: number } {
    const { writes, syncs } = this.logs.disk.counters;
    const counted = { writes: writes - this.#before.writes, syncs: syncs - this.#before.syncs };
    this.#before = { writes, syncs };
    return counted;
  }

  append(log = this.logs.log): Promise<void> {
    return log.appendAsLeader(produced(), EPOCH).acknowledged;
  }

  appendMany(count: number): Promise<void>[] {
    return Array.from({ length: count }, () => this.append());
  }
}

/** A context whose first append, with what it writes of the epoch, is done. */
const warm = async (options: ContextOptions = {}): Promise<WriterContext> => {
  const context = await WriterContext.create(options);
  await context.append();
  await context.logs.log.flush();
  context.counted();
  return context;
};

describe('LogWriter', () => {
  it('writes all that comes at a time with one writev and flushes it with one sync', async () => {
    const context = await warm();
    await Promise.all(context.appendMany(50));
    expect(context.counted()).toEqual({ writes: 1, syncs: 1 });
  });

  it('flushes all that comes while a flush is under way with the next one', async () => {
    const context = await warm();
    const goOn = context.logs.disk.faults.stall('sync', LOG);
    const appends: Promise<void>[] = [];
    for (let i = 0; i < 10; i++) {
      appends.push(...context.appendMany(3));
      await context.logs.disk.settled();
    }
    expect(context.counted()).toEqual({ writes: 10, syncs: 0 });
    goOn();
    await Promise.all(appends);
    expect(context.counted()).toEqual({ writes: 0, syncs: 2 });
    await context.logs.reopen('crashed');
    expect(context.logs.log.endOffset).toBe(31);
  });

  it('takes several logs in one turn', async () => {
    const context = await warm();
    const other = await context.logs.openManager.create(OTHER);
    await context.append(other);
    context.counted();
    await Promise.all([context.append(), context.append(other), context.append(), context.append(other)]);
    expect(context.counted()).toEqual({ writes: 2, syncs: 2 });
  });

  it('acknowledges with `os` what is written, and flushes nothing', async () => {
    const context = await warm({ flushMode: 'os' });
    const goOn = context.logs.disk.faults.stall('sync', LOG);
    await Promise.all(context.appendMany(5));
    expect(context.counted()).toEqual({ writes: 1, syncs: 0 });
    expect(context.logs.log.writtenEndOffset).toBe(6);
    expect(context.logs.log.durableEndOffset).toBe(1);
    goOn();
  });

  it('flushes with `os` before more than flush.messages records would be unflushed', async () => {
    const context = await warm({ flushMode: 'os', config: { flushMessages: 3 } });
    await context.append();
    await context.append();
    expect(context.counted().syncs).toBe(0);
    await context.append();
    expect(context.counted().syncs).toBe(1);
    expect(context.logs.log.durableEndOffset).toBe(4);
  });

  it('flushes what was appended before `flush`, though a write was under way when it was called', async () => {
    const context = await warm({ flushMode: 'os' });
    const goOn = context.logs.disk.faults.stall('write', LOG);
    const first = context.append();
    await context.logs.disk.settled();
    const second = context.append();
    const flushed = context.logs.log.flush();
    goOn();
    await Promise.all([first, second, flushed]);
    expect(context.logs.log.durableEndOffset).toBe(3);
  });

  it('has flushed a closed segment soon after, and names its follower on the disk', async () => {
    const context = await warm({ flushMode: 'os', config: { segmentBytes: 200 } });
    await Promise.all(context.appendMany(5));
    await context.logs.log.flush();
    await context.logs.reopen('crashed');
    expect(context.logs.log.endOffset).toBe(6);
    expect(context.logs.logFiles.length).toBeGreaterThan(2);
  });

  it.each([
    ['write', LOG, 'EIO'],
    ['write', LOG, 'ENOSPC'],
    ['sync', LOG, 'EIO'],
    ['write', /\.snapshot$/, 'EIO'],
    ['open', /0{19}[1-9]\.log$/, 'EMFILE'],
    ['syncDirectory', /t-0$/, 'EIO'],
  ] as const)('acknowledges nothing after a failed %s of %s (%s)', async (operation, path, code) => {
    const context = await warm({ config: { segmentBytes: 200 } });
    context.logs.disk.faults.fail(operation, path, code, 1);
    const appends = [
      ...context.appendMany(3),
      context.logs.log.appendAsLeader(produced({ valueBytes: 100 }), EPOCH).acknowledged,
    ];
    const outcomes = await Promise.allSettled(appends);
    expect(outcomes.at(-1)).toMatchObject({ status: 'rejected', reason: { systemCode: code } });
    expect(() => context.logs.log.appendAsLeader(produced(), EPOCH)).toThrow(LogDirFailedError);
    await expect(context.logs.log.flush()).rejects.toThrow(LogDirFailedError);
    const acknowledged = outcomes.filter(({ status }) => status === 'fulfilled').length;
    await context.logs.reopen('crashed');
    expect(context.logs.log.endOffset).toBeGreaterThanOrEqual(1 + acknowledged);
  });

  it('writes on where a write was short', async () => {
    const context = await warm();
    context.logs.disk.faults.shortWriteChance = 0.9;
    await Promise.all(context.appendMany(20));
    await context.logs.reopen('crashed');
    expect((await context.logs.ranges()).map(([first]) => first)).toEqual(Array.from({ length: 21 }, (_, i) => i));
  });
});
