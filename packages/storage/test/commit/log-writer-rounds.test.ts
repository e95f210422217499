import { describe, expect, it } from 'vitest';
import { EPOCH, produced } from '../log/batches.ts';
import { LogContext } from '../log/log-context.ts';

const LARGE = { valueBytes: 300 * 1024 };

describe('a round of the log writer', () => {
  it('ends before it grows too large, so that the first are told while the last are being written', async () => {
    const context = await LogContext.create({ flushMode: 'os' });
    await context.append(produced());
    const writesBefore = context.disk.counters.writes;
    const told: number[] = [];
    const appends = [0, 1, 2].map(async (each) => {
      await context.log.appendAsLeader(produced(LARGE), EPOCH).acknowledged;
      told.push(context.log.writtenEndOffset - each);
    });
    await Promise.all(appends);
    expect(context.disk.counters.writes - writesBefore).toBe(3);
    // Each was told when its own batch was the last one in the file.
    expect(told).toEqual([2, 2, 2]);
  });

  it('takes a batch that is larger than a round', async () => {
    const context = await LogContext.create({ flushMode: 'group' });
    await context.append(produced({ valueBytes: 900 * 1024 }));
    expect(context.log.durableEndOffset).toBe(1);
  });

  it('flushes all rounds that a flush is asked for, though the policy asks for none', async () => {
    const context = await LogContext.create({ flushMode: 'os' });
    const appends = [0, 1, 2].map(() => context.log.appendAsLeader(produced(LARGE), EPOCH).acknowledged);
    await context.log.flush();
    expect(context.log.durableEndOffset).toBe(3);
    await Promise.all(appends);
    expect((await context.reopen('crashed')).endOffset).toBe(3);
  });
});
