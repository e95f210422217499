import { describe, expect, it } from 'vitest';
import { EPOCH, marker, produced, transactional } from '../log/batches.ts';
import { LogContext } from '../log/log-context.ts';

const PRODUCERS = Array.from({ length: 50 }, (_, index) => 100 + index);

describe('flush.messages', () => {
  it('holds from the moment that it is changed', async () => {
    const context = await LogContext.create({ flushMode: 'os' });
    await context.append(produced());
    expect(context.log.durableEndOffset).toBe(0);
    context.log.config = { ...context.log.config, flushMessages: 1 };
    await context.append(produced());
    expect(context.log.durableEndOffset).toBe(2);
    context.log.config = { ...context.log.config, flushMessages: 1000 };
    await context.append(produced());
    expect(context.log.durableEndOffset).toBe(2);
  });
});

describe('abort markers', () => {
  const withOpenTransactions = async (flushMode: 'os' | 'group'): Promise<LogContext> => {
    const context = await LogContext.create({ flushMode });
    for (const id of PRODUCERS) await context.append(transactional(id, 0));
    await context.log.flush();
    return context;
  };

  const abortAll = async (context: LogContext): Promise<number> => {
    const { syncs } = context.disk.counters;
    const aborts = PRODUCERS.map((id) => context.log.appendAsLeader(marker('abort', id), EPOCH, 'coordinator'));
    await Promise.all(aborts.map(({ acknowledged }) => acknowledged));
    return context.disk.counters.syncs - syncs;
  };

  it('cost no flush where the others cost none', async () => {
    expect(await abortAll(await withOpenTransactions('os'))).toBe(0);
  });

  it('share one flush of the log and one of the transaction index, and are safe then', async () => {
    const context = await withOpenTransactions('group');
    expect(await abortAll(context)).toBe(2);
    await context.openManager.checkpoint();
    const { length } = await context.file('00000000000000000000.txnindex');
    expect(context.disk.readDurable(`${context.log.dir}/00000000000000000000.txnindex`)).toHaveLength(length);
    expect(length).toBe(PRODUCERS.length * 34);
  });
});
