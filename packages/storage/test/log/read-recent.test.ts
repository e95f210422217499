import { offset } from '@barnabas/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deleteBefore, truncateTo } from '../../src/log/truncation.ts';
import { EPOCH, produced, replicated, T0 } from './batches.ts';
import { LogContext } from './log-context.ts';

const OPTIONS = { maxBytes: 10_000, isolation: 'logEnd' } as const;

/** How many reads of files `act` takes. */
const readsOf = async (context: LogContext, act: () => Promise<unknown>): Promise<number> => {
  const before = context.disk.counters.reads;
  await act();
  return context.disk.counters.reads - before;
};

/** As leader, a batch of one record each; the high watermark stays where it is. */
const led = async (...valueBytes: readonly number[]): Promise<LogContext> => {
  const context = await LogContext.create();
  for (const [at, bytes] of valueBytes.entries()) {
    await context.append(produced({ valueBytes: bytes, timestamp: T0 + at }));
  }
  return context;
};

describe('reading what a leader has just written', () => {
  it('takes no read of a file', async () => {
    const context = await led(100, 200, 300);
    for (const from of [0, 1, 2]) expect(await readsOf(context, () => context.log.read(offset(from), OPTIONS))).toBe(0);
  });

  it('goes to the file once the high watermark is above it', async () => {
    const context = await led(100, 200, 300);
    context.log.updateHighWatermark(offset(2));
    expect(await readsOf(context, () => context.log.read(offset(1), OPTIONS))).toBeGreaterThan(0);
    expect(await readsOf(context, () => context.log.read(offset(2), OPTIONS))).toBe(0);
  });

  it('sees no batch that is not in the file yet', async () => {
    const context = await led(100);
    const goOn = context.disk.faults.stall('write', /\.log$/);
    const { acknowledged } = context.log.appendAsLeader(produced(), EPOCH);
    await context.disk.settled();
    expect((await context.log.read(offset(1), OPTIONS)).bytes.length).toBe(0);
    goOn();
    await acknowledged;
    expect((await context.log.read(offset(1), OPTIONS)).bytes.length).toBeGreaterThan(0);
  });

  it('forgets what was cut off, though batches of another leader take its place', async () => {
    const context = await led(100, 200, 300);
    await truncateTo(context.log, offset(1));
    const other = replicated(1, { valueBytes: 50 });
    await context.replicate(other);
    expect((await context.log.read(offset(1), OPTIONS)).bytes.equals(other)).toBe(true);
    expect((await context.log.read(offset(0), OPTIONS)).bytes.length).toBeGreaterThan(other.length);
  });

  it('answers what the file holds, whatever is asked for', async () => {
    const limits = fc.record({
      from: fc.nat(12),
      maxBytes: fc.nat(900),
      minOneBatch: fc.boolean(),
      highWatermark: fc.nat(12),
      isolation: fc.constantFrom('logEnd' as const, 'highWatermark' as const),
    });
    const sizes = fc.array(fc.record({ count: fc.integer({ min: 1, max: 3 }), valueBytes: fc.nat(200) }), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(sizes, limits, fc.boolean(), async (batches, { from, highWatermark, ...options }, rolls) => {
        const config = rolls ? { segmentBytes: 1000 } : {};
        const [kept, dropped] = [await LogContext.create({ config }), await LogContext.create({ config })];
        for (const batch of batches)
          for (const { log } of [kept, dropped]) await log.appendAsLeader(produced(batch), EPOCH).acknowledged;
        dropped.log.updateHighWatermark(dropped.log.endOffset);
        const at = offset(Math.min(from, kept.log.endOffset));
        for (const { log } of [kept, dropped]) log.updateHighWatermark(offset(Math.min(highWatermark, log.endOffset)));
        expect(await kept.log.read(at, options)).toEqual(await dropped.log.read(at, options));
      }),
      { numRuns: 100 },
    );
  });

  it('holds no more of a log than a mebibyte', async () => {
    const context = await led(400 * 1024, 400 * 1024, 400 * 1024);
    expect(await readsOf(context, () => context.log.read(offset(0), OPTIONS))).toBeGreaterThan(0);
    expect(await readsOf(context, () => context.log.read(offset(1), OPTIONS))).toBe(0);
  });

  it('has its memory back when logs are closed or cut', async () => {
    const context = await led(100);
    const { recent } = context.log.parts.writer;
    expect(recent.budget.usedBytes).toBeGreaterThan(0);
    await deleteBefore(context.log, offset(1));
    context.log.updateHighWatermark(offset(1));
    expect(recent.budget.usedBytes).toBe(0);
    await context.append(produced());
    await context.openManager.close();
    expect(recent.budget.usedBytes).toBe(0);
  });
});
