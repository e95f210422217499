import { brokerId, offset, producerId } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { MalformedFileError } from '../../src/malformed-file-error.ts';
import type { LogManager } from '../../src/manager/log-manager.ts';
import { LogDirFailedError } from '../../src/storage-errors.ts';
import { EPOCH, produced, sequenced, T0 } from '../log/batches.ts';
import { DIRS, IDENTITY, ManagerContext, partition } from './manager-context.ts';

const pathsOf = (manager: LogManager): string[] => manager.dirs.map(({ path }) => path).sort();

describe('LogManager.open', () => {
  it('makes the directories, says whose they are, and finds the logs of all of them again', async () => {
    const context = new ManagerContext();
    const manager = await context.withLogs(7);
    await manager.close();
    for (const dir of DIRS)
      expect(context.text(`${dir}/meta.properties`)).toContain(`cluster.id=${IDENTITY.clusterId}`);
    const again = await context.open();
    expect([...again.logs()].map((log) => [log.name, log.endOffset]).sort()).toEqual(
      Array.from({ length: 7 }, (_, i) => [`t-${i}`, 1]),
    );
    expect(again.dirs.every(({ wasClean }) => wasClean)).toBe(true);
    expect(context.failures).toEqual([]);
  });

  it('leaves new directories to anybody until it is to claim them', async () => {
    const context = new ManagerContext();
    await (await context.open()).close();
    const another = { ...IDENTITY, brokerId: brokerId(2) };
    const manager = await context.open({ identity: another });
    await manager.claim();
    await manager.close();
    await expect(context.open()).rejects.toMatchObject({ error: 'INVALID_CONFIG' });
    await (await context.open({ identity: another })).close();
  });

  it('takes a directory offline that it cannot claim', async () => {
    const context = new ManagerContext();
    const manager = await context.open();
    context.disk.faults.fail('write', /^\/b\/meta/, 'EIO');
    await manager.claim();
    expect(context.failures.map(({ dir }) => dir)).toEqual(['/b']);
    expect(context.text('/a/meta.properties')).toContain(`cluster.id=${IDENTITY.clusterId}`);
  });

  it.each([
    ['broker', { ...IDENTITY, brokerId: brokerId(2) }, 'INVALID_CONFIG'],
    ['cluster', { ...IDENTITY, clusterId: 'anotheranotheranothera' }, 'INCONSISTENT_CLUSTER_ID'],
  ])('refuses the directories of another %s, and leaves them as they are', async (_, identity, error) => {
    const context = new ManagerContext();
    await (await context.withLogs(1)).close();
    const before = context.disk.listing();
    await expect(context.open({ identity })).rejects.toMatchObject({ error });
    expect(context.disk.listing()).toEqual(before);
    expect([...(await context.open()).logs()]).toHaveLength(1);
  });

  it.each([
    ['cannot be made', (context: ManagerContext) => context.disk.faults.fail('makeDirectory', /^\/b$/, 'EACCES')],
    ['cannot be listed', (context: ManagerContext) => context.disk.faults.fail('list', /^\/b$/, 'EIO')],
    ['is a file', (context: ManagerContext) => context.disk.plantFile('/b', Buffer.alloc(1))],
    [
      'has a malformed meta.properties',
      (context: ManagerContext) => context.disk.plantFile('/b/meta.properties', Buffer.from('version=9')),
    ],
    [
      'has a malformed checkpoint',
      (context: ManagerContext) => context.disk.plantFile('/b/recovery-point-offset-checkpoint', Buffer.from('x')),
    ],
  ])('goes on without a directory that %s, and tells of it', async (_, damage) => {
    const context = new ManagerContext();
    damage(context);
    const manager = await context.open();
    expect(pathsOf(manager)).toEqual(['/a', '/c']);
    expect(context.failures.map(({ dir }) => dir)).toEqual(['/b']);
    expect(manager.failures).toEqual(context.failures);
    await manager.create(partition(0));
    await manager.close();
  });

  it('rejects with what is wrong where no directory can be used', async () => {
    const context = new ManagerContext();
    for (const dir of DIRS) context.disk.plantFile(`${dir}/meta.properties`, Buffer.from('version=9'));
    const opened = context.open();
    await expect(opened).rejects.toThrow(LogDirFailedError);
    await expect(opened).rejects.toMatchObject({ dir: '/a', cause: expect.any(MalformedFileError) });
    await expect(context.open({ dirs: [] })).rejects.toMatchObject({ error: 'INVALID_CONFIG' });
  });

  it('does not start where another manager has one of the directories open, in this process or another', async () => {
    const context = new ManagerContext();
    const first = await context.open({ dirs: ['/a', '/b'] });
    await expect(context.open({ dirs: ['/b', '/c'] })).rejects.toThrow(/\/b is in use by another process, which holds/);
    await first.close();
    expect(pathsOf(await context.open({ dirs: ['/a', '/b', '/c'] }))).toEqual(['/a', '/b', '/c']);
  });
});

describe('LogManager.create', () => {
  it('places each log in the directory that has the fewest, also when many come at a time', async () => {
    const context = new ManagerContext();
    const manager = await context.open();
    await manager.create(partition(0));
    await Promise.all([1, 2, 3, 4, 5, 6, 7].map((number) => manager.create(partition(number))));
    expect(manager.dirs.map((dir) => dir.logs.size).sort()).toEqual([2, 3, 3]);
  });

  it('makes a log once, though it is asked for twice at a time', async () => {
    const context = new ManagerContext();
    const manager = await context.open();
    const outcomes = await Promise.allSettled([manager.create(partition(0)), manager.create(partition(0))]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(outcomes[1]).toMatchObject({ reason: { error: 'KAFKA_STORAGE_ERROR' } });
    expect([...manager.logs()]).toHaveLength(1);
  });

  it('passes over a directory that has failed, and rejects when none is left', async () => {
    const context = new ManagerContext();
    const manager = await context.open();
    for (const dir of manager.dirs.slice(0, 2)) dir.fail(new Error('EIO'));
    const log = await manager.create(partition(0));
    expect(log.dir).toBe(`${manager.dirs[2]?.path}/t-0`);
    manager.dirs[2]?.fail(new Error('EIO'));
    await expect(manager.create(partition(1))).rejects.toThrow(/no log directory is online/);
    expect(context.failures).toHaveLength(3);
  });

  it('has the log and the topic id on the disk when it resolves', async () => {
    const context = new ManagerContext();
    const manager = await context.open();
    await manager.create(partition(0), 'AAAAAAAAAAAAAAAAAAAAAQ');
    context.disk.crash();
    const again = await context.open();
    const log = again.get(partition(0));
    expect(log?.endOffset).toBe(0);
    expect(context.text(`${log?.dir}/partition.metadata`)).toBe('version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ');
  });
});

describe('LogManager.delete', () => {
  it('keeps nobody waiting for the delay once the manager is closed, and removes the files in the next life', async () => {
    const context = new ManagerContext();
    const manager = await context.withLogs(1);
    await manager.delete(partition(0));
    await manager.close();
    expect(context.scheduler.pendingTimers).toBe(0);
    expect(context.partitionDirs).toHaveLength(1);
    await context.open();
    await context.scheduler.advanceBy(1000);
    expect(context.partitionDirs).toEqual([]);
  });

  it('frees the name at once, for a log that begins anew, and the space after the delay', async () => {
    const context = new ManagerContext();
    const manager = await context.withLogs(1);
    await manager.delete(partition(0));
    expect(manager.get(partition(0))).toBeUndefined();
    const log = await manager.create(partition(0));
    expect([log.startOffset, log.endOffset]).toEqual([0, 0]);
    expect(context.partitionDirs.filter((path) => path.endsWith('-delete'))).toHaveLength(1);
    await context.scheduler.advanceBy(1000);
    expect(context.partitionDirs).toEqual([log.dir]);
    await log.appendAsLeader(produced(), EPOCH).acknowledged;
    context.disk.crash();
    expect((await context.open()).get(partition(0))?.endOffset).toBe(1);
  });

  it('does not let a new log begin in the directory that is about to go', async () => {
    const context = new ManagerContext();
    const manager = await context.withLogs(1);
    const deleted = manager.delete(partition(0));
    let created = await manager.create(partition(0)).catch(() => undefined);
    while (created === undefined) {
      await new Promise((resolve) => setImmediate(resolve));
      created = await manager.create(partition(0)).catch(() => undefined);
    }
    await deleted;
    await created.appendAsLeader(produced(), EPOCH).acknowledged;
    await context.scheduler.advanceBy(1000);
    expect(context.exists(`${created.dir}/00000000000000000000.log`)).toBe(true);
    await manager.close();
  });

  it('forgets the offsets of the log, so that one of the same name does not inherit them', async () => {
    const context = new ManagerContext();
    const manager = await context.withLogs(1);
    manager.get(partition(0))?.updateHighWatermark(offset(1));
    await manager.checkpoint();
    await manager.delete(partition(0));
    for (const dir of DIRS) {
      expect(context.text(`${dir}/recovery-point-offset-checkpoint`)).toBe('0\n0\n');
      expect(context.text(`${dir}/replication-offset-checkpoint`)).toBe('0\n0\n');
    }
  });

  it('rejects for a log that is not there', async () => {
    const manager = await new ManagerContext().open();
    await expect(manager.delete(partition(9))).rejects.toMatchObject({ error: 'UNKNOWN_TOPIC_OR_PARTITION' });
  });
});

describe('LogManager.close', () => {
  it('may be called twice, and leaves what the first call left', async () => {
    const context = new ManagerContext();
    const manager = await context.withLogs(2);
    await Promise.all([manager.close(), manager.close()]);
    const files = context.disk.listing();
    await manager.close();
    expect(context.disk.listing()).toEqual(files);
    expect(DIRS.every((dir) => context.exists(`${dir}/.kafka_cleanshutdown`))).toBe(true);
    expect((await context.open()).dirs.every(({ wasClean }) => wasClean)).toBe(true);
  });

  it('closes the other directories where one fails, and rejects with that', async () => {
    const context = new ManagerContext();
    const manager = await context.withLogs(3);
    const [failing] = manager.dirs;
    context.disk.faults.fail('sync', new RegExp(`^${failing?.path}/.*index$`), 'EIO');
    await expect(manager.close()).rejects.toMatchObject({ dir: failing?.path, systemCode: 'EIO' });
    const clean = DIRS.filter((dir) => context.exists(`${dir}/.kafka_cleanshutdown`));
    expect(clean).toEqual(DIRS.filter((dir) => dir !== failing?.path));
  });
});

describe('the timers of a LogManager', () => {
  it('checkpoint the offsets', async () => {
    const context = new ManagerContext();
    const manager = await context.withLogs(1);
    const log = manager.get(partition(0));
    log?.updateHighWatermark(offset(1));
    await context.scheduler.advanceBy(1000);
    const dir = log?.dir.slice(0, 2);
    expect(context.text(`${dir}/replication-offset-checkpoint`)).toBe('0\n1\nt 0 1\n');
    expect(context.text(`${dir}/recovery-point-offset-checkpoint`)).toBe('0\n1\nt 0 1\n');
  });

  it('forget producers that have been silent for long', async () => {
    const context = new ManagerContext();
    const manager = await context.open({ producerExpirationMs: 1_000_000, checkpointIntervalMs: 600_000 });
    const log = await manager.create(partition(0));
    await log.appendAsLeader(sequenced(0, { timestamp: T0 }), EPOCH).acknowledged;
    await log.appendAsLeader(sequenced(0, { timestamp: T0 + 900_000, producerId: producerId(8) }), EPOCH).acknowledged;
    await context.scheduler.advanceBy(1_200_000);
    expect(log.parts.producers.states.snapshotEntries().map((entry) => entry.producerId)).toEqual([8]);
  });

  it('are gone when it is closed', async () => {
    const context = new ManagerContext();
    await (await context.withLogs(1)).close();
    expect(context.scheduler.pendingTimers).toBe(0);
  });
});
