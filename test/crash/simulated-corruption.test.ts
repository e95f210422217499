import { offset, type TopicPartition } from '@barnabas/model';
import { CorruptLogError } from '@barnabas/storage';
import { seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { CheckFailure } from './check-failure.ts';
import { readAll } from './read-all.ts';
import { EVENTS, ORDERS, SimulatedLogs } from './simulated-logs.ts';

const FIRST_LOG = '/a/orders-0/00000000000000000000.log';
const ONE_SEGMENT = { segmentBytes: 1_000_000 };
const BATCHES = 20;

/** A log with so many batches in one segment, all below the recovery point that the disk has. */
const flushedLogs = async (seed: number): Promise<SimulatedLogs> => {
  const logs = await SimulatedLogs.create({ seed, config: ONE_SEGMENT });
  await logs.appendMany(ORDERS, BATCHES);
  await logs.appendMany(EVENTS, 3);
  await logs.manager.checkpoint();
  return logs;
};

const unusableOf = (logs: SimulatedLogs): unknown => logs.manager.dirs[0]?.unusable.get('orders-0')?.error;

const damages: [what: string, damage: (logs: SimulatedLogs, at: number, sizeBytes: number) => void][] = [
  ['a bit flipped', ({ disk }, at) => disk.corrupt(FIRST_LOG, at, at % 8)],
  ['the end cut off', ({ disk }, at) => disk.plantFile(FIRST_LOG, durable(disk).subarray(0, at))],
  [
    'bytes turned to zeros',
    ({ disk }, at, sizeBytes) => {
      const bytes = Buffer.from(durable(disk));
      disk.plantFile(FIRST_LOG, bytes.fill(0, at, Math.min(sizeBytes, at + 512)));
    },
  ],
];

const durable = (disk: SimulatedLogs['disk']): Buffer => disk.readDurable(FIRST_LOG) ?? Buffer.alloc(0);

/** The checksum leaves out the leader epoch, and the base offset, which the next batch would contradict. */
const isUnchecked = (at: number, batchBytes: number, hasNext: boolean): boolean => {
  const within = at % batchBytes;
  return (within >= 12 && within < 16) || (within < 8 && !hasNext);
};

describe.each(damages)('below the recovery point, %s', (what, damage) => {
  const afterDamage = async (
    seed: number,
  ): Promise<{ logs: SimulatedLogs; before: object; at: number } | undefined> => {
    const logs = await flushedLogs(seed);
    const sizeBytes = durable(logs.disk).length;
    const at = seededRandom(seed).below(sizeBytes);
    if (what === 'a bit flipped' && isUnchecked(at, sizeBytes / BATCHES, at < (sizeBytes * (BATCHES - 1)) / BATCHES))
      return undefined;
    logs.disk.crash();
    damage(logs, at, sizeBytes);
    const before = logs.logFiles('/a/orders-0');
    await logs.open();
    return { logs, before, at };
  };

  it('is reported, with the file and the position, and no .log is changed', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const found = await afterDamage(seed);
      if (found === undefined) continue;
      const { logs, before, at } = found;
      const error = unusableOf(logs);
      if (!(error instanceof CorruptLogError)) throw new CheckFailure(`seed ${seed}: ${what} at ${at} gives ${error}`);
      expect(error).toMatchObject({ error: 'KAFKA_STORAGE_ERROR', file: FIRST_LOG });
      expect(Math.abs(error.position - at)).toBeLessThan(200);
      expect(logs.logFiles('/a/orders-0')).toEqual(before);
      expect(logs.manager.get(ORDERS)).toBeUndefined();
    }
  });

  it('leaves the other partitions of the directory usable, and is reported again after a clean close', async () => {
    const found = await afterDamage(3);
    if (found === undefined) throw new Error('the seed damages nothing that is checked');
    const { logs, before } = found;
    await logs.appendMany(EVENTS, 3);
    await logs.closeAndOpen();
    expect(unusableOf(logs)).toBeInstanceOf(CorruptLogError);
    await logs.crashAndOpen();
    expect(unusableOf(logs)).toBeInstanceOf(CorruptLogError);
    expect(logs.logFiles('/a/orders-0')).toEqual(before);
    expect(logs.log(EVENTS).endOffset).toBe(6);
  });

  it('is cut where an operator accepts the loss, and the log goes on, over crashes too', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const found = await afterDamage(seed);
      if (found === undefined) continue;
      const { logs } = found;
      const { endOffset } = await logs.manager.acceptLoss(ORDERS);
      expect(endOffset).toBeLessThan(BATCHES);
      expect(await readAll(logs.log(ORDERS), seededRandom(seed))).toHaveLength(endOffset);
      await logs.appendMany(ORDERS, 3);
      await logs.crashAndOpen();
      expect(unusableOf(logs)).toBeUndefined();
      expect(logs.log(ORDERS).endOffset).toBe(endOffset + 3);
      await logs.closeAndOpen();
      expect(logs.manager.dirs[0]?.wasClean).toBe(true);
      expect(logs.log(ORDERS).endOffset).toBe(endOffset + 3);
    }
  });

  it('can be set aside: its files are kept, and a new log begins in its place', async () => {
    const found = await afterDamage(3);
    if (found === undefined) throw new Error('the seed damages nothing that is checked');
    const { logs, before } = found;
    await logs.manager.setAside(ORDERS);
    await logs.manager.create(ORDERS);
    await logs.appendMany(ORDERS, 2);
    await logs.crashAndOpen();
    expect(logs.log(ORDERS).endOffset).toBe(2);
    const aside = logs.disk.listing().find((path) => /orders-0\.[0-9a-f]{32}-stray\/.*\.log$/.test(path)) ?? '';
    expect(logs.disk.readDurable(aside)?.toString('hex')).toBe(Object.values(before)[0]);
  });
});

describe('beyond the recovery point that the disk has', () => {
  /** Flushed and acknowledged, but no checkpoint tells of it: damage cannot be told from a tear. */
  const damaged = async (seed: number, damage: (typeof damages)[number][1], partition: TopicPartition) => {
    const logs = await flushedLogs(seed);
    const safeBytes = durable(logs.disk).length;
    await logs.appendMany(partition, BATCHES);
    const sizeBytes = durable(logs.disk).length;
    const at = safeBytes + seededRandom(seed).below(sizeBytes - safeBytes);
    logs.disk.crash();
    if (!isUnchecked(at, safeBytes / BATCHES, false)) damage(logs, at, sizeBytes);
    await logs.open();
    return logs;
  };

  it.each(damages)('%s is cut off, and the cut is told', async (what, damage) => {
    for (let seed = 1; seed <= 30; seed++) {
      const logs = await damaged(seed, damage, ORDERS);
      expect(unusableOf(logs), `seed ${seed}: ${what}`).toBeUndefined();
      const log = logs.log(ORDERS);
      expect(log.endOffset).toBeGreaterThanOrEqual(BATCHES);
      expect(await readAll(log, seededRandom(seed))).toHaveLength(log.endOffset);
      if (log.endOffset === 2 * BATCHES) continue;
      const [cut] = logs.manager.dirs[0]?.cuts ?? [];
      const isWhole = durable(logs.disk).length % (durable(logs.disk).length / log.endOffset) === 0;
      expect(isWhole).toBe(true);
      if (cut !== undefined) expect(cut).toMatchObject({ file: FIRST_LOG, endOffset: log.endOffset });
      else expect(what).toBe('the end cut off');
      await logs.appendMany(ORDERS, 1);
      expect(log.endOffset).toBe(offset((await readAll(log, seededRandom(seed))).length));
    }
  });
});
