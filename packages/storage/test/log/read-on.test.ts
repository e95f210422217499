import { offset } from '@barnabas/model';
import { lastOffsetOf } from '@barnabas/protocol';
import { describe, expect, it } from 'vitest';
import { truncateTo } from '../../src/log/truncation.ts';
import { replicated, T0 } from './batches.ts';
import { LogContext } from './log-context.ts';

const filled = async (sizes: readonly number[]): Promise<LogContext> => {
  const context = await LogContext.create({ config: { indexIntervalBytes: 100 } });
  await context.replicate(...sizes.map((valueBytes, at) => replicated(at, { valueBytes, timestamp: T0 + at })));
  return context;
};

const readAt = async (context: LogContext, at: number, maxBytes = 1): Promise<Buffer> =>
  (await context.log.read(offset(at), { maxBytes, isolation: 'logEnd' })).bytes;

describe('reading on', () => {
  it('takes one read of the file where the last one ended', async () => {
    const context = await filled([200, 200, 200, 200, 200]);
    const oneBatch = (await readAt(context, 1)).length;
    for (const at of [2, 3]) {
      const { reads } = context.disk.counters;
      expect(lastOffsetOf(await readAt(context, at, oneBatch))).toBe(at);
      expect(context.disk.counters.reads - reads).toBe(1);
    }
  });

  it('does not skip a batch that begins before the offset', async () => {
    const context = await LogContext.create({ config: { indexIntervalBytes: 100 } });
    await context.replicate(replicated(0, { count: 5, valueBytes: 100 }), replicated(5, { count: 5, valueBytes: 100 }));
    for (const at of [4, 5, 9, 0, 7]) expect(lastOffsetOf(await readAt(context, at))).toBe(at < 5 ? 4 : 9);
  });

  it('forgets where it was when the log is cut and filled anew', async () => {
    const context = await filled([200, 200, 200, 200]);
    await readAt(context, 2);
    await truncateTo(context.log, offset(1));
    const others = [90, 350, 40].map((valueBytes, each) => replicated(1 + each, { valueBytes, timestamp: T0 + each }));
    await context.replicate(...others.map((bytes) => Buffer.from(bytes)));
    expect((await readAt(context, 3)).equals(others[2] as Buffer)).toBe(true);
  });
});
