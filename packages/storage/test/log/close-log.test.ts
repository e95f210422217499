import { describe, expect, it } from 'vitest';
import { produced, sequenced, T0 } from './batches.ts';
import { LOG_DIR, LogContext } from './log-context.ts';

const CONFIG = { segmentBytes: 250, indexIntervalBytes: 100 };

describe('closeLog', () => {
  it('leaves whole indexes, the closing time entry and the snapshots of the segments and of the end', async () => {
    const context = await LogContext.create({ config: CONFIG });
    for (let i = 0; i < 8; i++) await context.append(sequenced(i, { timestamp: T0 + i }));
    await context.openManager.close();
    const base = (at: number): string => String(at).padStart(20, '0');
    expect(context.files.filter((name) => name.endsWith('.snapshot'))).toEqual(
      [3, 6, 8].map((at) => `${base(at)}.snapshot`),
    );
    for (const [at, last] of [
      [0, 2],
      [3, 5],
      [6, 7],
    ] as const) {
      const times = await context.file(`${base(at)}.timeindex`);
      expect(times.readBigInt64BE(times.length - 12)).toBe(BigInt(T0 + last));
      expect(times.readInt32BE(times.length - 4)).toBe(last - at);
    }
  });

  it('flushes all that it leaves', async () => {
    const context = await LogContext.create({ config: CONFIG, flushMode: 'os' });
    for (let i = 0; i < 8; i++) await context.append(produced());
    await context.openManager.close();
    const before = await Promise.all(context.files.map((name) => context.file(name)));
    const names = context.files;
    context.disk.crash();
    expect(context.files).toEqual(names);
    expect(names.map((name) => context.disk.readDurable(`${LOG_DIR}/${name}`))).toEqual(before);
  });

  it('removes the snapshots of earlier ends', async () => {
    const context = await LogContext.create();
    for (let i = 1; i <= 3; i++) {
      await context.append(sequenced(i - 1));
      await context.reopen('closed');
    }
    await context.openManager.close();
    expect(context.files.filter((name) => name.endsWith('.snapshot'))).toEqual(['00000000000000000003.snapshot']);
  });

  it('leaves no snapshot of a log that has nothing in it', async () => {
    const context = await LogContext.create();
    await context.openManager.close();
    expect(context.files.filter((name) => name.endsWith('.snapshot'))).toEqual([]);
  });
});
