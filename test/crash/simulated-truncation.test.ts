import { offset } from '@barnabas/model';
import { truncateTo } from '@barnabas/storage';
import { seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { readAll } from './read-all.ts';
import { ORDERS, SimulatedLogs } from './simulated-logs.ts';

const SEEDS = 50;

/** Where the segments of the log begin. */
const basesOf = (logs: SimulatedLogs): number[] =>
  logs.log(ORDERS).parts.segments.all.map(({ baseOffset }) => baseOffset);

describe('a log that was truncated', () => {
  it('shows nothing of a removed segment again, though it has grown to where that began', async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const logs = await SimulatedLogs.create({ seed });
      await logs.appendMany(ORDERS, 40);
      const [, second = 0] = basesOf(logs);
      await truncateTo(logs.log(ORDERS), offset(second - 1));
      await logs.append(ORDERS, 'y'.repeat(100)).acknowledged;
      await logs.crashAndOpen();
      expect(logs.log(ORDERS).endOffset, `seed ${seed}`).toBe(second);
      expect(await readAll(logs.log(ORDERS), seededRandom(seed))).toHaveLength(second);
    }
  });
});

describe('a log whose tail was torn', () => {
  it('shows nothing of a segment again that went with it, though it has grown to where that began', async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const logs = await SimulatedLogs.create({ seed });
      await logs.appendMany(ORDERS, 40);
      const [, second = 0] = basesOf(logs);
      logs.disk.crash();
      // As the disk is if it had known nothing of the last flushes.
      logs.disk.plantFile('/a/recovery-point-offset-checkpoint', Buffer.from('0\n0\n'));
      const first = '/a/orders-0/00000000000000000000.log';
      const bytes = logs.disk.readDurable(first) ?? Buffer.alloc(0);
      logs.disk.plantFile(first, bytes.subarray(0, bytes.length - 1));
      await logs.open();
      expect(logs.log(ORDERS).endOffset).toBe(second - 1);
      await logs.append(ORDERS, 'y'.repeat(100)).acknowledged;
      await logs.crashAndOpen();
      expect(logs.log(ORDERS).endOffset, `seed ${seed}`).toBe(second);
    }
  });
});
