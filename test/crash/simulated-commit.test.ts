/** Moments that chance seldom finds: what the disk does is held back until the log is in just that state. */
import { offset } from '@barnabas/model';
import { deleteBefore } from '@barnabas/storage';
import { describe, expect, it } from 'vitest';
import { ORDERS, SimulatedLogs } from './simulated-logs.ts';

const SEEDS = 20;
const ORDERS_LOG = /orders-0\/\d+\.log$/;

describe('an append that is written while a flush begins', () => {
  it('is acknowledged by the next flush only, and is there after a crash', async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const logs = await SimulatedLogs.create({ seed });
      const { disk } = logs;
      disk.faults.writeBackChance = 0;
      const releaseSync = disk.faults.stall('sync', ORDERS_LOG);
      const first = logs.append(ORDERS);
      await disk.settled();
      const second = logs.append(ORDERS);
      await disk.settled();
      const releaseWrite = disk.faults.stall('write', ORDERS_LOG);
      const third = logs.append(ORDERS);
      await disk.settled();
      releaseSync();
      await Promise.all([first.acknowledged, second.acknowledged]);
      releaseWrite();
      await third.acknowledged;
      await logs.crashAndOpen();
      expect(logs.log(ORDERS).endOffset, `seed ${seed}`).toBe(3);
    }
  });
});

describe('records that are deleted before they are written', () => {
  it('stay deleted: no file of theirs is made behind the back of the log', async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const logs = await SimulatedLogs.create({ seed });
      const release = logs.disk.faults.stall('write', ORDERS_LOG);
      const appended = Array.from({ length: 40 }, () => logs.append(ORDERS).acknowledged);
      await logs.disk.settled();
      const deleted = deleteBefore(logs.log(ORDERS), offset(30));
      await logs.disk.settled();
      release();
      await Promise.all([...appended, deleted]);
      const [first] = logs.log(ORDERS).parts.segments.all;
      await logs.manager.checkpoint();
      await logs.crashAndOpen();
      expect(logs.log(ORDERS).parts.segments.first.baseOffset, `seed ${seed}`).toBe(first?.baseOffset);
      expect([logs.log(ORDERS).startOffset, logs.log(ORDERS).endOffset]).toEqual([30, 40]);
    }
  });
});
