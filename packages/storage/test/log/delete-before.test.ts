import { leaderEpoch, offset } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { deleteBefore } from '../../src/log/truncation.ts';
import { OffsetOutOfRangeError } from '../../src/storage-errors.ts';
import { EPOCH, produced, replicated } from './batches.ts';
import { LogContext } from './log-context.ts';

const CONFIG = { segmentBytes: 200, fileDeleteDelayMs: 1000 };

/** Ten batches of one record, two in each segment. */
const filled = async (): Promise<LogContext> => {
  const context = await LogContext.create({ config: CONFIG });
  for (let at = 0; at < 10; at++) {
    await context.replicate(replicated(at, { leaderEpoch: leaderEpoch(Math.floor(at / 5)), valueBytes: 20 }));
  }
  context.log.updateHighWatermark(offset(10));
  return context;
};

describe('deleteBefore', () => {
  it.each([
    0, 1, 2, 3, 5, 8, 9, 10,
  ])('at %i removes the segments that lie wholly below, and no other', async (start) => {
    const context = await filled();
    const bases = context.logFiles.map((name) => Number.parseInt(name, 10));
    const removed = await deleteBefore(context.log, offset(start));
    const left = bases.filter((_, index) => start < (bases[index + 1] ?? 11));
    expect(bases.slice(removed)).toEqual(left);
    expect(context.logFiles.map((name) => Number.parseInt(name, 10))).toEqual(left);
    expect(context.log.startOffset).toBe(start);
    await context.reopen('crashed');
    expect((await context.ranges(offset(start))).map(([first]) => first)).toEqual(
      Array.from({ length: 10 - start }, (_, index) => start + index),
    );
  });

  it('keeps a start in the middle of a segment once it is checkpointed', async () => {
    const context = await filled();
    await deleteBefore(context.log, offset(3));
    await context.openManager.checkpoint();
    await context.reopen('crashed');
    expect(context.log.startOffset).toBe(3);
    await expect(context.log.read(offset(2), { maxBytes: 1, isolation: 'logEnd' })).rejects.toThrow(
      OffsetOutOfRangeError,
    );
  });

  it('answers no timestamp query from below the start', async () => {
    const context = await filled();
    await deleteBefore(context.log, offset(3));
    expect(await context.log.offsetForTimestamp(0)).toMatchObject({ offset: 3 });
    expect(await context.log.offsetForTimestamp(-2)).toMatchObject({ offset: 3, leaderEpoch: 0 });
  });

  it('moves the first leader epoch up', async () => {
    const context = await filled();
    await deleteBefore(context.log, offset(6));
    expect(context.log.parts.epochs.entries).toEqual([{ epoch: 1, startOffset: 6 }]);
    await context.reopen('crashed');
    expect(context.log.parts.epochs.entries).toEqual([{ epoch: 1, startOffset: 6 }]);
  });

  it('does nothing at or below the start, and refuses an offset beyond the end', async () => {
    const context = await filled();
    await deleteBefore(context.log, offset(4));
    expect(await deleteBefore(context.log, offset(4))).toBe(0);
    expect(await deleteBefore(context.log, offset(1))).toBe(0);
    await expect(deleteBefore(context.log, offset(11))).rejects.toThrow(OffsetOutOfRangeError);
    expect(context.log.startOffset).toBe(4);
  });

  it('leaves the segments that the writer has still to close, while appends go on', async () => {
    const context = await filled();
    const goOn = context.disk.faults.stall('write', /index$/);
    const appended = [produced({ valueBytes: 90 }), produced({ valueBytes: 90 })].map((bytes) =>
      context.log.appendAsLeader(bytes, leaderEpoch(2)),
    );
    const deleted = deleteBefore(context.log, offset(10));
    await context.disk.settled();
    goOn();
    await deleted;
    await Promise.all(appended.map(({ acknowledged }) => acknowledged));
    await context.scheduler.advanceBy(CONFIG.fileDeleteDelayMs);
    expect(context.logFiles.map((name) => Number.parseInt(name, 10))).toEqual([10, 11]);
    await context.reopen('crashed');
    expect(context.log.startOffset).toBe(10);
    expect(await context.ranges()).toEqual([
      [10, 10],
      [11, 11],
    ]);
  });

  it("and the beginning of an epoch do not get in each other's way", async () => {
    const context = await filled();
    const deleted = deleteBefore(context.log, offset(6));
    context.log.beginEpoch(leaderEpoch(7));
    await deleted;
    await context.reopen('crashed');
    expect(context.log.parts.epochs.entries).toEqual([{ epoch: 1, startOffset: 6 }]);
    expect(context.log.latestEpoch).toBe(1);
  });

  it('lets a read of what it removes end in peace, or says that it is out of range', async () => {
    const context = await filled();
    const read = context.log.read(offset(0), { maxBytes: 1000, isolation: 'logEnd' });
    await deleteBefore(context.log, offset(8));
    await read.catch((error: unknown) => expect(error).toBeInstanceOf(OffsetOutOfRangeError));
    await context.append(produced());
    expect(context.log.latestEpoch).toBe(EPOCH + 1);
  });
});
