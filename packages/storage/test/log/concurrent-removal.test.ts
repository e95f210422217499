import { offset } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { deleteBefore, truncateTo } from '../../src/log/truncation.ts';
import { OffsetOutOfRangeError, SegmentReleasedError } from '../../src/storage-errors.ts';
import { EPOCH, marker, produced, replicated, T0, transactional } from './batches.ts';
import { LogContext } from './log-context.ts';
import { turns } from './turns.ts';

const segmentFiles = (context: LogContext): string[] =>
  context.files.filter((name) => /\.(log|index|timeindex)$/.test(name));

const filesOfSegments = (context: LogContext): string[] =>
  context.log.parts.segments.all.flatMap(({ baseOffset }) =>
    ['.index', '.log', '.timeindex'].map((suffix) => `${String(baseOffset).padStart(20, '0')}${suffix}`),
  );

describe('deleteBefore', () => {
  it.each([
    'killed',
    'crashed',
    'closed',
  ] as const)('and a roll leave the start and the files right: %s', async (how) => {
    for (let seed = 1; seed <= 40; seed++) {
      const context = await LogContext.create({ seed, config: { segmentBytes: 400 } });
      for (let i = 0; i < 4; i++) await context.append(produced());
      const deleted = deleteBefore(context.log, offset(4));
      await turns(seed);
      await context.append(produced({ valueBytes: 100 }));
      await deleted;
      await context.append(produced());
      expect(segmentFiles(context)).toEqual(filesOfSegments(context));
      await context.reopen(how);
      expect([context.log.startOffset, context.log.endOffset]).toEqual([4, 6]);
      expect(segmentFiles(context)).toEqual(filesOfSegments(context));
    }
  });

  it('waits for a roll that the writer has in hand, so that no file of what is gone comes back', async () => {
    const context = await LogContext.create({ config: { segmentBytes: 400 } });
    for (let i = 0; i < 4; i++) await context.append(produced());
    const goOn = context.disk.faults.stall('write', /00000004\.snapshot$/);
    const rolled = context.append(produced({ valueBytes: 100 }));
    const deleted = deleteBefore(context.log, offset(4));
    await context.disk.settled();
    goOn();
    await Promise.all([rolled, deleted]);
    expect(await deleted).toBe(1);
    expect(segmentFiles(context)).toEqual(filesOfSegments(context));
    expect(context.openManager.failures).toEqual([]);
  });
});

describe('offsetForTimestamp', () => {
  it.each([
    ['a time', T0 + 6, 6],
    ['the largest time', -3, 9],
  ])('answers %s rightly while segments are removed', async (_, timestamp, expected) => {
    for (let seed = 1; seed <= 100; seed++) {
      const context = await LogContext.create({ seed, config: { segmentBytes: 150 } });
      for (let i = 0; i < 10; i++) await context.append(produced({ timestamp: T0 + i, valueBytes: 60 }));
      await context.reopen('closed');
      const found = context.log.offsetForTimestamp(timestamp);
      await turns(seed % 50);
      await deleteBefore(context.log, offset(4));
      expect((await found)?.offset).toBe(expected);
      expect(context.openManager.failures).toEqual([]);
    }
  });
});

describe('abortedTransactions', () => {
  /** A transaction that was aborted, in the first of several segments, and what a consumer reads of it. */
  const withAborted = async () => {
    const context = await LogContext.create({ config: { segmentBytes: 400 } });
    for (const bytes of [produced(), transactional(7, 0), transactional(7, 1), marker('abort', 7)]) {
      await context.log.appendAsLeader(bytes, EPOCH, 'coordinator').acknowledged;
    }
    for (let i = 0; i < 6; i++) await context.append(produced({ valueBytes: 100 }));
    context.log.updateHighWatermark(context.log.endOffset);
    const read = await context.log.read(offset(1), { maxBytes: 1000, isolation: 'lastStable' });
    expect(await context.log.abortedTransactions(offset(1), read)).toHaveLength(1);
    return { context, read };
  };

  it('rejects for a segment that was removed, instead of calling all committed', async () => {
    const { context, read } = await withAborted();
    await deleteBefore(context.log, offset(6));
    await expect(context.log.abortedTransactions(offset(1), read)).rejects.toThrow(OffsetOutOfRangeError);
    expect(context.openManager.failures).toEqual([]);
  });

  it('rejects for a segment whose offsets are in others by now', async () => {
    const { context } = await withAborted();
    const last = context.log.parts.segments.active.baseOffset;
    const read = await context.log.read(last, { maxBytes: 1000, isolation: 'logEnd' });
    await truncateTo(context.log, offset(last - 1));
    context.config = { ...context.config, segmentBytes: 10_000 };
    context.log.config = context.config;
    await context.fillTo(last + 5, (at) => replicated(at));
    await expect(context.log.abortedTransactions(last, read)).rejects.toThrow(SegmentReleasedError);
    expect(context.openManager.failures).toEqual([]);
  });
});
