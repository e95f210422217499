import { describe, expect, it } from 'vitest';
import { EPOCH, produced } from './batches.ts';
import { LogContext } from './log-context.ts';

/** Written and safe end, as they are at each call of the listener. */
const watch = (context: LogContext): [number, number][] => {
  const seen: [number, number][] = [];
  const { log } = context;
  log.onProgress(() => seen.push([log.writtenEndOffset, log.safeEndOffset]));
  return seen;
};

describe('onProgress', () => {
  it('tells once of all that was written together, and once of the flush', async () => {
    const context = await LogContext.create();
    const seen = watch(context);
    await Promise.all(Array.from({ length: 5 }, () => context.append(produced())));
    expect(seen).toEqual([
      [5, 0],
      [5, 5],
    ]);
  });

  it('has told by the time an append is acknowledged', async () => {
    const context = await LogContext.create({ flushMode: 'os' });
    const seen = watch(context);
    await context.append(produced());
    expect(seen).toEqual([[1, 1]]);
  });
});

describe('safeEndOffset', () => {
  it('is what is flushed, with log.flush=group', async () => {
    const context = await LogContext.create();
    const release = context.disk.faults.stall('sync', /\.log$/);
    const appended = context.append(produced());
    await context.disk.settled();
    expect([context.log.writtenEndOffset, context.log.safeEndOffset]).toEqual([1, 0]);
    release();
    await appended;
    expect(context.log.safeEndOffset).toBe(1);
  });

  it('is what is written, with log.flush=os', async () => {
    const context = await LogContext.create({ flushMode: 'os' });
    context.disk.faults.stall('sync', /\.log$/);
    await context.append(produced());
    expect(context.log.safeEndOffset).toBe(1);
  });

  it('leaves fewer than flush.messages records beyond what is flushed, with log.flush=os', async () => {
    const context = await LogContext.create({ flushMode: 'os', config: { flushMessages: 3 } });
    const release = context.disk.faults.stall('sync', /\.log$/);
    const appends = Array.from({ length: 4 }, () => context.log.appendAsLeader(produced(), EPOCH).acknowledged);
    await context.disk.settled();
    expect([context.log.writtenEndOffset, context.log.safeEndOffset]).toEqual([4, 2]);
    release();
    await Promise.all(appends);
    expect(context.log.safeEndOffset).toBe(4);
  });
});
