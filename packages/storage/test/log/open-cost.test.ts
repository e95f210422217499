import { describe, expect, it } from 'vitest';
import { EPOCH, produced, sequenced, T0 } from './batches.ts';
import { LogContext } from './log-context.ts';

describe('opening a log that was closed cleanly', () => {
  it('does not read the batches, however many there are', async () => {
    const context = await LogContext.create();
    await context.append(sequenced(0, { timestamp: T0 }));
    for (let each = 1; each < 100; each++) {
      await context.log.appendAsLeader(produced({ timestamp: T0 + each, valueBytes: 10_000 }), EPOCH).acknowledged;
    }
    await context.openManager.close();
    const { bytesRead } = context.disk.counters;
    context.process = context.disk.newProcess();
    await context.open();
    expect(context.log.endOffset).toBe(100);
    expect(context.disk.counters.bytesRead - bytesRead).toBeLessThan(100_000);
    expect(context.log.parts.producers.states.producerCount).toBe(1);
  });

  it('reads no more than the headers of large batches', async () => {
    const context = await LogContext.create();
    for (let i = 0; i < 20; i++) await context.append(produced({ valueBytes: 500_000 }));
    await context.openManager.close();
    const { bytesRead } = context.disk.counters;
    context.process = context.disk.newProcess();
    await context.open();
    expect(context.log.sizeBytes).toBeGreaterThan(10_000_000);
    expect(context.disk.counters.bytesRead - bytesRead).toBeLessThan(250_000);
  });
});
