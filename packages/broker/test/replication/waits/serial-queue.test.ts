import { describe, expect, it } from 'vitest';
import { SerialQueue } from '../../../src/replication/waits/serial-queue.ts';

describe('SerialQueue', () => {
  it('begins a task when the one before it has ended, also where that has failed', async () => {
    const queue = new SerialQueue();
    const seen: string[] = [];
    let release = (): void => {};
    const first = queue.run(async () => {
      seen.push('first begins');
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      seen.push('first fails');
      throw new Error('first');
    });
    const second = queue.run(async () => {
      seen.push('second');
      return 2;
    });
    await Promise.resolve();
    expect(seen).toEqual(['first begins']);
    release();
    await expect(first).rejects.toThrow('first');
    expect(await second).toBe(2);
    expect(seen).toEqual(['first begins', 'first fails', 'second']);
  });

  it('is idle when nothing runs or waits', async () => {
    const queue = new SerialQueue();
    expect(queue.isIdle).toBe(true);
    const task = queue.run(() => Promise.resolve());
    expect(queue.isIdle).toBe(false);
    await task;
    expect(queue.isIdle).toBe(true);
  });
});
