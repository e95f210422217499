import {
  ProcessDiedError,
  SimulatedClock,
  SimulatedDisk,
  type SimulatedFileSystem,
  SimulatedProcess,
  SimulatedScheduler,
  seededRandom,
} from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';

describe('sync', () => {
  it('flushes what was written when it was called, not what is written while it runs', async () => {
    const { disk, files } = prepared();
    disk.faults.writeBackChance = 0;
    const file = await files.open('/data/a', 'write');
    await files.syncDirectory('/data');
    await file.write([Buffer.from('before')], 0);
    const letGo = disk.faults.stall('sync', /a$/);
    const syncing = file.sync();
    await file.write([Buffer.from('while')], 6);
    letGo();
    await syncing;
    expect(disk.readDurable('/data/a')?.toString()).toBe('before');
    await file.sync();
    expect(disk.readDurable('/data/a')?.toString()).toBe('beforewhile');
  });

  it('that ends after a later one does not bring older bytes back', async () => {
    for (let seed = 1; seed <= 50; seed++) {
      const { disk, files } = prepared(seed);
      const file = await files.open('/data/a', 'write');
      await files.syncDirectory('/data');
      await file.write([Buffer.alloc(9000, 1)], 0);
      const early = file.sync();
      await file.write([Buffer.alloc(9000, 2)], 0);
      await file.truncate(10);
      await Promise.all([early, file.sync()]);
      expect(disk.readDurable('/data/a')).toEqual(Buffer.alloc(10, 2));
      await file.truncate(9000);
      await file.sync();
      expect(disk.readDurable('/data/a')?.subarray(10)).toEqual(Buffer.alloc(8990));
    }
  });

  it('of a directory makes the names of the moment of its call durable', async () => {
    const { disk, files } = prepared();
    await files.open('/data/before', 'write');
    const letGo = disk.faults.stall('syncDirectory', /data/);
    const syncing = files.syncDirectory('/data');
    await files.open('/data/while', 'write');
    letGo();
    await syncing;
    expect(disk.durableListing()).toEqual(['/data/before']);
    expect(disk.listing()).toEqual(['/data/before', '/data/while']);
  });
});

describe('operations under way at the same time', () => {
  it('take effect in any order, which the seed decides', async () => {
    const orderOf = async (seed: number) => {
      const { files } = prepared(seed);
      const order: number[] = [];
      await Promise.all([0, 1, 2].map((index) => files.open(`/data/${index}`, 'write').then(() => order.push(index))));
      return order.join();
    };
    const orders = new Set<string>();
    for (let seed = 1; seed <= 100; seed++) {
      const order = await orderOf(seed);
      expect(await orderOf(seed)).toBe(order);
      orders.add(order);
    }
    expect(orders.size).toBe(6);
  });

  it('take the bytes of a chunk when they take effect, so a chunk must not change meanwhile', async () => {
    const { files } = prepared();
    const file = await files.open('/data/a', 'write');
    const chunk = Buffer.from('first');
    const writing = file.write([chunk], 0);
    chunk.write('other');
    await writing;
    expect((await files.readFile('/data/a')).toString()).toBe('other');
  });

  it('have all ended when the disk has settled', async () => {
    const { disk, files } = prepared();
    let ended = 0;
    const work = async () => {
      await files.makeDirectory('/data/a/b');
      await files.syncDirectory('/data/a');
      ended++;
    };
    const all = [work(), work()];
    await disk.settled();
    expect(ended).toBe(2);
    await Promise.all(all);
  });
});

describe('a process that is killed', () => {
  it('leaves all that it had written', async () => {
    const { disk, files } = prepared();
    const file = await files.open('/data/a', 'write');
    await file.write([Buffer.from('unflushed')], 0);
    files.kill();
    expect((await disk.newProcess().readFile('/data/a')).toString()).toBe('unflushed');
  });

  it('may have done what it was about, in part or not', async () => {
    const sizes = new Set<string>();
    for (let seed = 1; seed <= 100; seed++) {
      const { disk, files } = prepared(seed);
      const file = await files.open('/data/a', 'write');
      const writing = file.write([Buffer.alloc(100)], 0);
      files.kill();
      await expect(writing).rejects.toThrow(ProcessDiedError);
      const { sizeBytes } = await disk.newProcess().stat('/data/a');
      sizes.add(sizeBytes === 0 ? 'none' : sizeBytes === 100 ? 'all' : 'part');
    }
    expect(sizes).toEqual(new Set(['none', 'part', 'all']));
  });

  it('can do nothing any longer, while another goes on', async () => {
    const { disk, files } = prepared();
    const other = disk.newProcess();
    const [file, otherFile] = [await files.open('/data/a', 'write'), await other.open('/data/a', 'write')];
    files.kill();
    const dead = [files.list('/data'), files.removeFile('/data/a'), file.write([Buffer.alloc(1)], 0), file.close()];
    for (const attempt of dead) await expect(attempt).rejects.toMatchObject({ code: 'EBADF' });
    expect(await otherFile.write([Buffer.alloc(1)], 0)).toBe(1);
  });

  it('loses its locks, as in a crash', async () => {
    const { disk, files } = prepared();
    const other = disk.newProcess();
    expect(await files.lock('/data/.lock')).toBeDefined();
    expect(await other.lock('/data/.lock')).toBeUndefined();
    files.kill();
    expect(await other.lock('/data/.lock')).toBeDefined();
    disk.crash();
    expect(await disk.newProcess().lock('/data/.lock')).toBeDefined();
  });
});

describe('a test', () => {
  it('can plant files that no crash takes away', async () => {
    const { disk } = prepared();
    disk.plantFile('/golden/t-0/00000000000000000000.log', Buffer.from('abc'));
    disk.plantDirectory('/golden/empty');
    disk.crash();
    expect(disk.readDurable('golden/t-0/00000000000000000000.log')?.toString()).toBe('abc');
    expect((await disk.newProcess().stat('/golden/empty')).isDirectory).toBe(true);
    expect(disk.readDurable('/golden/none')).toBeUndefined();
  });

  it('can flip a bit for processes and on the disk', async () => {
    const { disk, files } = prepared();
    disk.plantFile('/data/a', Buffer.alloc(5000));
    disk.corrupt('/data/a', 4999, 3);
    expect((await files.readFile('/data/a'))[4999]).toBe(8);
    expect(disk.readDurable('/data/a')?.[4999]).toBe(8);
    expect(() => disk.corrupt('/data/a', 5000, 0)).toThrow(RangeError);
  });

  it('can count what was done', async () => {
    const { disk, files } = prepared();
    const file = await files.open('/data/a', 'write');
    await file.write([Buffer.alloc(10), Buffer.alloc(5)], 0);
    await file.sync();
    await files.syncDirectory('/data');
    await file.read(Buffer.alloc(7), 0);
    const counted = { reads: 1, writes: 1, syncs: 1, directorySyncs: 1, bytesRead: 7, bytesWritten: 15 };
    expect(disk.counters).toEqual(counted);
  });

  it('can give files their times from a clock', async () => {
    let nowMs = 1000;
    const disk = new SimulatedDisk(seededRandom(1), { nowMs: () => nowMs });
    const file = await disk.newProcess().open('/a', 'write');
    expect((await disk.newProcess().stat('/a')).modifiedMs).toBe(1000);
    nowMs = 2000;
    await file.write([Buffer.alloc(1)], 0);
    expect((await disk.newProcess().stat('/a')).modifiedMs).toBe(2000);
  });
});

function prepared(seed = 1): { disk: SimulatedDisk; files: SimulatedFileSystem } {
  const disk = new SimulatedDisk(seededRandom(seed));
  disk.plantDirectory('/data');
  return { disk, files: disk.newProcess() };
}

describe('a disk in simulated time', () => {
  const inTime = () => {
    const clock = new SimulatedClock();
    const scheduler = new SimulatedScheduler(clock);
    const done: string[] = [];
    const disk = new SimulatedDisk(seededRandom(1), clock, {
      later: (turn) => void scheduler.after(10, turn),
      onDone: ({ name, path }) => done.push(`${name} ${path} at ${clock.steadyMs()}`),
    });
    return { scheduler, disk, done };
  };

  it('does one operation after the other, each in its time, and says so', async () => {
    const { scheduler, disk, done } = inTime();
    const files = disk.newProcess();
    const made = files.makeDirectory('/data').then(() => files.open('/data/a', 'write'));
    await scheduler.advanceBy(25);
    await made;
    expect(done).toEqual(['makeDirectory /data at 10', 'open /data/a at 20']);
    expect(disk.readCached('/data/a')).toEqual(Buffer.alloc(0));
    expect(disk.readCached('/data/b')).toBeUndefined();
  });

  it('lets a process that stands still hear of nothing until it goes on, and a dead one of nothing at all', async () => {
    const { scheduler, disk, done } = inTime();
    const process = new SimulatedProcess(scheduler);
    const files = disk.newProcess(process);
    const heard: string[] = [];
    void files.makeDirectory('/a').then(() => heard.push('a'));
    process.pause();
    await scheduler.advanceBy(50);
    expect([done.length, heard]).toEqual([1, []]);
    process.resume();
    await scheduler.advanceBy(1);
    expect(heard).toEqual(['a']);
    void files.makeDirectory('/b').then(
      () => heard.push('b'),
      () => heard.push('b failed'),
    );
    process.kill();
    files.kill();
    await scheduler.advanceBy(50);
    expect(heard).toEqual(['a']);
  });
});
