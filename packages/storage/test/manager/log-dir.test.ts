import { describe, expect, it } from 'vitest';
import { CorruptLogError } from '../../src/storage-errors.ts';
import { EPOCH, produced } from '../log/batches.ts';
import { ManagerContext, partition } from './manager-context.ts';

const ONE = { dirs: ['/a'] };
const MARKER = '/a/.kafka_cleanshutdown';
const HEX = '0123456789abcdef0123456789abcdef';

const withLog = async (context: ManagerContext) => {
  const manager = await context.open(ONE);
  const log = await manager.create(partition(0));
  for (let i = 0; i < 3; i++) await log.appendAsLeader(produced(), EPOCH).acknowledged;
  return manager;
};

describe('LogDir', () => {
  it('has its clean-shutdown marker only while it is closed, on the disk too', async () => {
    const context = new ManagerContext();
    const manager = await withLog(context);
    expect(context.exists(MARKER)).toBe(false);
    await manager.close();
    expect(context.disk.durableListing()).toContain(MARKER);
    const again = await context.open(ONE);
    expect(again.dirs[0]?.wasClean).toBe(true);
    expect(context.disk.durableListing()).not.toContain(MARKER);
    context.disk.crash();
    expect((await context.open(ONE)).dirs[0]?.wasClean).toBe(false);
  });

  it('passes over checkpoint entries of partitions that are not there, and drops them', async () => {
    const context = new ManagerContext();
    for (const name of ['recovery-point', 'replication', 'log-start']) {
      context.disk.plantFile(`/a/${name}-offset-checkpoint`, Buffer.from('0\n1\ngone 0 5\n'));
    }
    const manager = await context.open(ONE);
    expect([...manager.logs()]).toEqual([]);
    for (const name of ['recovery-point', 'replication', 'log-start']) {
      expect(context.text(`/a/${name}-offset-checkpoint`)).toBe('0\n0\n');
    }
  });

  it('tells which of the logs in its checkpoint are missing, and which of those were on their way out', async () => {
    const context = new ManagerContext();
    const manager = await withLog(context);
    await manager.create(partition(1));
    await manager.create(partition(2));
    await manager.close();
    const process = context.disk.newProcess();
    await process.removeDirectory('/a/t-1');
    await process.rename('/a/t-2', `/a/t-2.${HEX}-delete`);
    const again = await context.open(ONE);
    expect(again.dirs[0]?.missing).toEqual(['t-1']);
    await again.close();
    expect((await context.open(ONE)).dirs[0]?.missing).toEqual([]);
  });

  it('removes `-delete` leftovers after the delay, and leaves `-stray`, `-future` and all else alone', async () => {
    const context = new ManagerContext();
    const kept = [`/a/t-0.${HEX}-stray/x`, `/a/t-0.${HEX}-future/x`, '/a/lost+found/x', '/a/t-01/x', '/a/notes'];
    for (const path of [`/a/t-0.${HEX}-delete/x`, ...kept]) context.disk.plantFile(path, Buffer.alloc(1));
    const manager = await context.open(ONE);
    expect([...manager.logs()]).toEqual([]);
    expect(context.exists(`/a/t-0.${HEX}-delete/x`)).toBe(true);
    await context.scheduler.advanceBy(1000);
    expect(context.exists(`/a/t-0.${HEX}-delete/x`)).toBe(false);
    for (const path of kept) expect(context.exists(path)).toBe(true);
  });

  describe('with a log that is damaged', () => {
    /** Below the recovery point, so that recovery refuses it. */
    const damaged = async () => {
      const context = new ManagerContext();
      const manager = await withLog(context);
      await manager.create(partition(1));
      await manager.checkpoint();
      context.disk.crash();
      context.disk.corrupt('/a/t-0/00000000000000000000.log', 100, 3);
      return context;
    };

    it('serves the others, says what is wrong, and keeps the files', async () => {
      const context = await damaged();
      const before = context.disk.readDurable('/a/t-0/00000000000000000000.log');
      const manager = await context.open(ONE);
      expect(manager.get(partition(0))).toBeUndefined();
      expect(manager.get(partition(1))?.endOffset).toBe(0);
      const unusable = manager.dirs[0]?.unusable.get('t-0');
      expect(unusable?.error).toBeInstanceOf(CorruptLogError);
      expect(unusable?.error).toMatchObject({ file: '/a/t-0/00000000000000000000.log', position: 79 });
      await expect(manager.create(partition(0))).rejects.toThrow(/has a log of t-0 already/);
      expect(context.disk.readDurable('/a/t-0/00000000000000000000.log')).toEqual(before);
    });

    it('finds it damaged at every start, with the same recovery point', async () => {
      const context = await damaged();
      for (let i = 0; i < 2; i++) {
        const manager = await context.open(ONE);
        expect(manager.dirs[0]?.unusable.size).toBe(1);
        await manager.close();
        expect(context.exists(MARKER)).toBe(false);
        expect(context.text('/a/recovery-point-offset-checkpoint')).toContain('t 0 3\n');
      }
    });

    it('sets it aside on request, with its files, so that its name is free', async () => {
      const context = await damaged();
      const manager = await context.open(ONE);
      await manager.setAside(partition(0));
      expect((await manager.create(partition(0))).endOffset).toBe(0);
      await context.scheduler.advanceBy(100_000);
      expect(context.partitionDirs.filter((path) => path.endsWith('-stray'))).toHaveLength(1);
      await manager.close();
      expect(context.exists(MARKER)).toBe(true);
    });

    it('goes on without what is damaged once an operator accepts the loss, at the next start too', async () => {
      const context = await damaged();
      const manager = await context.open(ONE);
      const log = await manager.acceptLoss(partition(0));
      expect(log.endOffset).toBe(1);
      expect(manager.get(partition(0))).toBe(log);
      expect(manager.dirs[0]?.cuts).toMatchObject([{ position: 79, endOffset: 1, lostBytes: 158 }]);
      context.disk.crash();
      expect((await context.open(ONE)).get(partition(0))?.endOffset).toBe(1);
    });

    it('accepts a loss that lies below the segment of the recovery point', async () => {
      const context = new ManagerContext();
      Object.assign(context.config, { segmentBytes: 200 });
      await (await withLog(context)).close();
      context.disk.plantFile('/a/t-0/00000000000000000002.log', Buffer.alloc(10));
      context.disk.corrupt('/a/t-0/00000000000000000000.log', 100, 3);
      const manager = await context.open(ONE);
      expect(manager.dirs[0]?.unusable.size).toBe(1);
      expect((await manager.acceptLoss(partition(0))).endOffset).toBe(1);
    });
  });
});
