import { leaderEpoch, offset, producerId } from '@barnabas/model';
import { BatchError, buildBatch } from '@barnabas/protocol';
import { describe, expect, it } from 'vitest';
import { NonMonotonicOffsetError, OffsetGapError, OffsetLimitError } from '../../src/log/append-errors.ts';
import { truncateFullyAndStartAt } from '../../src/log/truncation.ts';
import { replicated, sequenced, T0 } from './batches.ts';
import { LogContext } from './log-context.ts';

const filled = async (): Promise<LogContext> => {
  const context = await LogContext.create();
  await context.replicate(replicated(0, { count: 3 }), replicated(3, { count: 2 }));
  return context;
};

/** The append is refused, and the log is as it was, now and opened again. */
const expectRefused = async (
  context: LogContext,
  bytes: Buffer,
  error: RegExp | (new (...args: never[]) => Error),
): Promise<void> => {
  expect(() => context.log.appendAsFollower(bytes)).toThrow(error as RegExp);
  const states = context.log.parts.producers.states.snapshotEntries();
  expect([context.log.endOffset, context.log.latestEpoch, states]).toEqual([5, 0, []]);
  await context.replicate(replicated(5));
  const ranges = [
    [0, 2],
    [3, 4],
    [5, 5],
  ];
  expect(await context.ranges()).toEqual(ranges);
  await context.reopen('crashed');
  expect(await context.ranges()).toEqual(ranges);
};

describe('appendAsFollower', () => {
  it('takes several batches with the offsets and epochs that they have', async () => {
    const context = await filled();
    const bytes = Buffer.concat([
      replicated(5, { count: 2, leaderEpoch: leaderEpoch(1) }),
      replicated(7, { leaderEpoch: leaderEpoch(4) }),
    ]);
    const appended = context.log.appendAsFollower(bytes);
    expect(appended).toMatchObject({ firstOffset: 5, lastOffset: 7, duplicate: false });
    await appended.acknowledged;
    expect(await context.ranges(5)).toEqual([
      [5, 6],
      [7, 7],
    ]);
    expect(context.log.parts.epochs.entries).toEqual([
      { epoch: 0, startOffset: 0 },
      { epoch: 1, startOffset: 5 },
      { epoch: 4, startOffset: 7 },
    ]);
  });

  it('takes the gaps that compaction left, within an append and between two', async () => {
    const context = await filled();
    await context.replicate(Buffer.concat([replicated(8), replicated(20, { count: 2 })]), replicated(100));
    expect(await context.ranges(5)).toEqual([
      [8, 8],
      [20, 21],
      [100, 100],
    ]);
    expect(await context.ranges(21)).toEqual([
      [20, 21],
      [100, 100],
    ]);
    expect(context.log.endOffset).toBe(101);
    await context.reopen('crashed');
    expect(await context.ranges(9)).toEqual([
      [20, 21],
      [100, 100],
    ]);
  });

  it('has nothing to do for no bytes', async () => {
    const context = await filled();
    const appended = context.log.appendAsFollower(Buffer.alloc(0));
    expect(appended).toMatchObject({ firstOffset: 5, lastOffset: 4 });
    await appended.acknowledged;
  });

  it('refuses offsets that go back', async () => {
    await expectRefused(await filled(), replicated(4), NonMonotonicOffsetError);
  });

  it('refuses all of an append in which a later batch goes back', async () => {
    const bytes = Buffer.concat([replicated(5, { count: 3, leaderEpoch: leaderEpoch(2) }), replicated(7)]);
    await expectRefused(await filled(), bytes, /the batch at byte 115 begins at offset 7; the log ends at 8/);
  });

  it('refuses all of an append in which a batch is damaged', async () => {
    const bad = sequenced(0, { baseOffset: offset(6) });
    bad.writeUInt8(bad.readUInt8(70) ^ 4, 70);
    await expectRefused(await filled(), Buffer.concat([replicated(5), bad, replicated(7)]), BatchError);
  });

  it('refuses an append that ends within a batch', async () => {
    const bytes = Buffer.concat([replicated(5), replicated(6)]);
    await expectRefused(await filled(), bytes.subarray(0, bytes.length - 1), BatchError);
  });

  it('refuses a control batch of a producer that holds no marker', async () => {
    const bad = buildBatch({
      baseOffset: offset(5),
      producerId: producerId(8),
      producerEpoch: 0,
      control: true,
      transactional: true,
      records: [{ key: Buffer.alloc(1), value: null, headers: [], timestamp: T0 }],
    });
    await expectRefused(await filled(), bad, /a control record's key of 1 bytes/);
  });

  it('refuses an offset after which the log could not go on', async () => {
    const last = Number.MAX_SAFE_INTEGER;
    await expectRefused(await filled(), replicated(last), OffsetLimitError);
    const context = await LogContext.create();
    await truncateFullyAndStartAt(context.log, offset(last - 1));
    await context.replicate(replicated(last - 1));
    expect(context.log.endOffset).toBe(last);
    await context.reopen('crashed');
    expect(await context.ranges(last - 1)).toEqual([[last - 1, last - 1]]);
  });

  it('refuses a batch that is farther from the end than the index of a segment reaches', async () => {
    await expectRefused(await filled(), replicated(5 + 2 ** 31), OffsetGapError);
  });

  it('keeps every offset of a segment within reach of its base', async () => {
    const context = await LogContext.create({ config: { indexIntervalBytes: 0 } });
    const far = 2 ** 31 - 7;
    await context.replicate(replicated(0), replicated(1), replicated(far), replicated(far + 1), replicated(2 * far));
    expect(context.logFiles.map((name) => Number.parseInt(name, 10))).toEqual([0, far + 2]);
    await context.reopen('crashed');
    expect((await context.ranges()).map(([first]) => first)).toEqual([0, 1, far, far + 1, 2 * far]);
  });
});
