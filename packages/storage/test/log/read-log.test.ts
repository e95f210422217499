import { offset } from '@barnabas/model';
import { baseOffsetOf, lastOffsetOf } from '@barnabas/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReadOptions } from '../../src/log/log-answers.ts';
import { CorruptLogError, OffsetOutOfRangeError } from '../../src/storage-errors.ts';
import { EPOCH, marker, produced, rangesOf, replicated, transactional } from './batches.ts';
import { LOG_DIR, LogContext } from './log-context.ts';

/** Batches of one to three records and of several sizes, with gaps, over several segments. */
const BATCHES = [0, 3, 4, 6, 10, 11, 14, 20, 21, 24].map((at, i) =>
  replicated(at, { count: 1 + (i % 3 === 0 ? 2 : i % 3 === 2 ? 1 : 0), valueBytes: 30 * (i % 4) }),
);
const CONFIG = { segmentBytes: 500, indexIntervalBytes: 120 };

const filled = async (): Promise<LogContext> => {
  const context = await LogContext.create({ config: CONFIG });
  await context.replicate(...BATCHES);
  return context;
};

const read = (context: LogContext, from: number, options: Partial<ReadOptions> = {}) =>
  context.log.read(offset(from), { maxBytes: 10_000, isolation: 'logEnd', ...options });

describe('read', () => {
  it('begins with the batch that holds the offset, or the next one, and gives as much as fits', async () => {
    const context = await filled();
    const bases = context.logFiles.map((name) => Number.parseInt(name, 10));
    expect(bases.length).toBeGreaterThan(2);
    await fc.assert(
      fc.asyncProperty(fc.nat(26), fc.nat(700), fc.boolean(), async (from, maxBytes, minOneBatch) => {
        const first = BATCHES.findIndex((bytes) => lastOffsetOf(bytes) >= from);
        const segmentOf = (bytes: Buffer): number => bases.findLast((base) => base <= baseOffsetOf(bytes)) ?? -1;
        const start = BATCHES[first] ?? Buffer.alloc(0);
        const inSegment = BATCHES.slice(first).filter((bytes) => segmentOf(bytes) === segmentOf(start));
        const limit = minOneBatch ? Math.max(maxBytes, start.length) : maxBytes;
        const found = await read(context, from, { maxBytes, minOneBatch });
        expect(found.bytes.toString('hex')).toBe(Buffer.concat(inSegment).subarray(0, limit).toString('hex'));
        expect(found.segmentBaseOffset).toBe(segmentOf(start));
      }),
    );
  });

  it('gives nothing at the end of the log, and refuses what is beyond', async () => {
    const context = await filled();
    const end = context.log.endOffset;
    expect((await read(context, end)).bytes).toHaveLength(0);
    await expect(read(context, end + 1)).rejects.toThrow(OffsetOutOfRangeError);
    await expect(read(context, -1)).rejects.toThrow(OffsetOutOfRangeError);
  });

  it('gives nothing from an empty log', async () => {
    const context = await LogContext.create();
    expect(await read(context, 0)).toMatchObject({ segmentBaseOffset: 0, position: 0 });
  });

  it('never shows what is not written', async () => {
    const context = await filled();
    const end = context.log.endOffset;
    const goOn = context.disk.faults.stall('write', /\.log$/);
    const appended = context.log.appendAsFollower(replicated(end));
    await context.disk.settled();
    expect(context.log.endOffset).toBe(end + 1);
    expect(context.log.writtenEndOffset).toBe(end);
    expect((await read(context, end)).bytes).toHaveLength(0);
    goOn();
    await appended.acknowledged;
    expect(rangesOf((await read(context, end)).bytes)).toEqual([[end, end]]);
  });

  it('shows what is written before it is flushed', async () => {
    const context = await filled();
    const goOn = context.disk.faults.stall('sync', /\.log$/);
    const appended = context.log.appendAsFollower(replicated(30));
    await context.disk.settled();
    expect(rangesOf((await read(context, 30)).bytes)).toEqual([[30, 30]]);
    expect(context.log.durableEndOffset).toBe(BATCHES.at(-1) && lastOffsetOf(BATCHES.at(-1) ?? Buffer.alloc(0)) + 1);
    goOn();
    await appended.acknowledged;
    expect(context.log.durableEndOffset).toBe(31);
  });

  it('ends below the high watermark, wherever in or between batches that is', async () => {
    const context = await filled();
    for (let mark = 0; mark <= context.log.endOffset; mark++) {
      context.log.updateHighWatermark(offset(mark));
      const below = BATCHES.filter((bytes) => lastOffsetOf(bytes) < mark);
      const seen = await context.readAll(0, 300, 'highWatermark');
      expect(seen.map((bytes) => bytes.toString('hex'))).toEqual(below.map((bytes) => bytes.toString('hex')));
    }
  });

  it('keeps a read-committed reader before the first open transaction, until its marker is replicated', async () => {
    const context = await LogContext.create();
    for (const bytes of [produced(), transactional(8, 0), produced(), transactional(9, 0)]) await context.append(bytes);
    context.log.updateHighWatermark(offset(4));
    const seen = async (): Promise<unknown> => rangesOf((await read(context, 0, { isolation: 'lastStable' })).bytes);
    expect(await seen()).toEqual([[0, 0]]);
    await context.log.appendAsLeader(marker('commit', 8), EPOCH, 'coordinator').acknowledged;
    expect(await seen()).toEqual([[0, 0]]);
    context.log.updateHighWatermark(offset(5));
    expect(await seen()).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
    await context.log.appendAsLeader(marker('abort', 9), EPOCH, 'coordinator').acknowledged;
    context.log.updateHighWatermark(offset(6));
    expect(context.log.lastStableOffset).toBe(6);
  });

  it.each([
    ['a length that no batch has', (bytes: Buffer) => bytes.writeInt32BE(3, 8)],
    ['a negative length', (bytes: Buffer) => bytes.writeInt32BE(-1, 8)],
    ['a length beyond the end', (bytes: Buffer) => bytes.writeInt32BE(0x7fff_ffff, 8)],
    ['another magic', (bytes: Buffer) => bytes.writeInt8(1, 16)],
  ])('does not pass over %s in silence', async (_, damage) => {
    const context = await filled();
    const [first = ''] = context.logFiles;
    const bytes = await context.file(first);
    const second = BATCHES[0]?.length ?? 0;
    damage(bytes.subarray(second));
    await context.process.open(`${LOG_DIR}/${first}`, 'write').then(async (file) => {
      await file.write([bytes], 0);
      await file.close();
    });
    expect(rangesOf((await read(context, 0, { maxBytes: second })).bytes)).toEqual([[0, 2]]);
    await expect(read(context, 3)).rejects.toMatchObject({ file: `${LOG_DIR}/${first}`, position: second });
    await expect(read(context, 3)).rejects.toThrow(CorruptLogError);
  });
});
