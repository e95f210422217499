import { leaderEpoch, offset, producerId } from '@barnabas/model';
import { lastOffsetOf } from '@barnabas/protocol';
import { describe, expect, it } from 'vitest';
import { truncateFullyAndStartAt, truncateTo } from '../../src/log/truncation.ts';
import { EPOCH, marker, replicated, sequenced, T0, transactional } from './batches.ts';
import { LogContext } from './log-context.ts';

const CONFIG = { segmentBytes: 400, indexIntervalBytes: 100, fileDeleteDelayMs: 1000 };
/** Ten batches of three records, in segments of several batches, with an epoch for every ten offsets. */
const BATCHES = Array.from({ length: 10 }, (_, i) =>
  replicated(3 * i, { count: 3, leaderEpoch: leaderEpoch(Math.floor((3 * i) / 10)), timestamp: T0 + ((7 * i) % 10) }),
);

const filled = async (): Promise<LogContext> => {
  const context = await LogContext.create({ config: CONFIG });
  await context.replicate(...BATCHES);
  return context;
};

/** What a log tells that holds these batches and nothing else. */
const tale = async (context: LogContext): Promise<unknown> => ({
  end: context.log.endOffset,
  written: context.log.writtenEndOffset,
  epochs: context.log.parts.epochs.entries,
  batches: (await context.readAll()).map((bytes) => bytes.toString('hex')),
  times: await Promise.all(Array.from({ length: 12 }, (_, ms) => context.log.offsetForTimestamp(T0 + ms))),
  latest: await context.log.offsetForTimestamp(-3),
  producers: context.log.parts.producers.states.snapshotEntries(),
});

describe('truncateTo', () => {
  it.each(
    Array.from({ length: 31 }, (_, end) => end),
  )('at offset %i leaves the log that it would be without the later batches, now and opened again', async (end) => {
    const context = await filled();
    expect(await truncateTo(context.log, offset(end))).toBe(end < 30);
    const twin = await LogContext.create({ config: CONFIG });
    await twin.replicate(...BATCHES.filter((bytes) => lastOffsetOf(bytes) < end));
    expect(await tale(context)).toEqual(await tale(twin));
    await context.reopen('closed');
    expect(await tale(context)).toEqual(await tale(twin));
  });

  it.each([3, 10, 12, 29])('to %i is not taken for a loss after a power cut', async (end) => {
    const context = await filled();
    await truncateTo(context.log, offset(end));
    await context.openManager.checkpoint();
    await context.reopen('crashed');
    expect(context.log.endOffset).toBe(3 * Math.floor(end / 3));
  });

  it('goes on where it cut', async () => {
    const context = await filled();
    await truncateTo(context.log, offset(12));
    await context.replicate(
      replicated(12, { leaderEpoch: leaderEpoch(5) }),
      replicated(13, { leaderEpoch: leaderEpoch(5) }),
    );
    expect((await context.ranges()).slice(-2)).toEqual([
      [12, 12],
      [13, 13],
    ]);
    await context.reopen('crashed');
    expect((await context.ranges()).slice(-2)).toEqual([
      [12, 12],
      [13, 13],
    ]);
    expect(context.log.endOffsetForEpoch(leaderEpoch(1))).toEqual({ epoch: 0, endOffset: 12 });
  });

  it('forgets what producers and transactions did beyond', async () => {
    const context = await LogContext.create({ config: CONFIG });
    for (const bytes of [sequenced(0), transactional(8, 0), sequenced(1), transactional(9, 0), marker('abort', 8)]) {
      await context.log.appendAsLeader(bytes, EPOCH, 'coordinator').acknowledged;
    }
    expect(await context.log.abortedTransactions(offset(0), await readFrom0(context))).toHaveLength(1);
    await truncateTo(context.log, offset(2));
    context.log.updateHighWatermark(offset(2));
    expect(context.log.lastStableOffset).toBe(1);
    expect(await context.log.abortedTransactions(offset(0), await readFrom0(context))).toEqual([]);
    expect(() => context.log.appendAsLeader(sequenced(2), EPOCH)).toThrow(/sequence 2 came, 1 was to come/);
    await context.append(sequenced(1));
    expect(context.log.parts.producers.states.snapshotEntries().map((entry) => entry.producerId)).toEqual([
      producerId(7),
      producerId(8),
    ]);
  });

  it('starts anew where nothing would be left', async () => {
    const context = new LogContext({ config: CONFIG });
    await context.open();
    await context.openManager.create({ topic: 't', partition: 0 });
    await truncateFullyAndStartAt(context.log, offset(100));
    await context.replicate(replicated(100), replicated(101));
    await truncateTo(context.log, offset(40));
    expect([context.log.startOffset, context.log.endOffset]).toEqual([40, 40]);
    await context.replicate(replicated(40));
    await context.reopen('closed');
    expect(await context.ranges()).toEqual([[40, 40]]);
  });

  it('keeps the high watermark within the log', async () => {
    const context = await filled();
    context.log.updateHighWatermark(offset(30));
    await truncateTo(context.log, offset(12));
    expect(context.log.highWatermark).toBe(12);
  });

  it('renames the segments that go, and removes them after the delay', async () => {
    const context = await filled();
    const before = context.logFiles;
    await truncateTo(context.log, offset(0));
    expect(context.files.filter((name) => name.endsWith('.log.deleted'))).toEqual(
      before.slice(1).map((name) => `${name}.deleted`),
    );
    await context.scheduler.advanceBy(CONFIG.fileDeleteDelayMs);
    expect(context.files.filter((name) => name.endsWith('.deleted'))).toEqual([]);
    expect(context.logFiles).toEqual(before.slice(0, 1));
  });

  it('survives an offset index that lies', async () => {
    const context = await filled();
    await context.openManager.close();
    for (const name of context.files.filter((each) => each.endsWith('.index'))) {
      context.disk.plantFile(`/data/t-0/${name}`, Buffer.from('00000000ffffff0000000001fffffff0', 'hex'));
    }
    await context.open();
    expect(await truncateTo(context.log, offset(15))).toBe(true);
    expect(context.log.endOffset).toBe(15);
    expect(await context.log.offsetForTimestamp(-3)).toMatchObject({ timestamp: T0 + 8, offset: 12 });
  });
});

describe('truncateFullyAndStartAt', () => {
  it('empties the log, and keeps that over a power cut', async () => {
    const context = await filled();
    await truncateFullyAndStartAt(context.log, offset(1000));
    expect(await tale(context)).toMatchObject({ end: 1000, epochs: [], batches: [], producers: [] });
    await context.replicate(replicated(1000, { leaderEpoch: leaderEpoch(9) }));
    await context.reopen('crashed');
    expect(await context.ranges()).toEqual([[1000, 1000]]);
    expect(context.log.startOffset).toBe(1000);
  });

  it('may start at the very offset where the log began', async () => {
    const context = await filled();
    await truncateFullyAndStartAt(context.log, offset(0));
    await context.replicate(replicated(0));
    await context.scheduler.advanceBy(CONFIG.fileDeleteDelayMs);
    expect(await context.ranges()).toEqual([[0, 0]]);
    await context.reopen('closed');
    expect(await context.ranges()).toEqual([[0, 0]]);
  });
});

const readFrom0 = (context: LogContext) => context.log.read(offset(0), { maxBytes: 10_000, isolation: 'logEnd' });
