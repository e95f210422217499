import { writeFully } from '@barnabas/storage';
import { SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../outcome.ts';

describe('a fault', () => {
  it('of short writes takes some of the bytes and gives no error', async () => {
    const { disk, file } = await prepared();
    disk.faults.shortWriteChance = 1;
    const written = await file.write([Buffer.alloc(50, 1), Buffer.alloc(50, 2)], 0);
    expect(written).toBeGreaterThan(0);
    expect(written).toBeLessThan(100);
    expect(await file.sizeBytes()).toBe(written);
  });

  it('of a full disk is a short write, then ENOSPC, until there is space again', async () => {
    const { disk, file } = await prepared();
    disk.faults.spaceBytes = 700;
    expect(await file.write([Buffer.alloc(500)], 0)).toBe(500);
    expect(await file.write([Buffer.alloc(500)], 500)).toBe(200);
    expect(await codeOf(file.write([Buffer.alloc(500)], 700))).toBe('ENOSPC');
    expect(await codeOf(writeFully(file, [Buffer.alloc(1)], 700))).toBe('ENOSPC');
    disk.faults.spaceBytes = 1000;
    await writeFully(file, [Buffer.alloc(1000)], 700);
    expect(await file.sizeBytes()).toBe(1700);
  });

  it('of reading or writing is for the paths that match, until lifted', async () => {
    const { disk, files, file } = await prepared();
    const other = await files.open('/data/b', 'write');
    const lift = disk.faults.fail('write', /\/a$/);
    const liftRead = disk.faults.fail('read', /\/a$/, 'EIO');
    expect(await codeOf(file.write([Buffer.alloc(1)], 0))).toBe('EIO');
    expect(await codeOf(file.read(Buffer.alloc(1), 0))).toBe('EIO');
    expect(await codeOf(files.readFile('/data/a'))).toBe('EIO');
    expect(await other.write([Buffer.alloc(1)], 0)).toBe(1);
    lift();
    liftRead();
    expect(await file.write([Buffer.alloc(1)], 0)).toBe(1);
  });

  it('may be for so many times', async () => {
    const { disk, files } = await prepared();
    disk.faults.fail('rename', /a$/, 'EACCES', 2);
    expect(await codeOf(files.rename('/data/a', '/data/c'))).toBe('EACCES');
    expect(await codeOf(files.rename('/data/a', '/data/c'))).toBe('EACCES');
    await files.rename('/data/a', '/data/c');
  });

  it('of a write may leave a part of it', async () => {
    const sizes = new Set<boolean>();
    for (let seed = 1; seed <= 20; seed++) {
      const { disk, file } = await prepared(seed);
      disk.faults.fail('write', /a$/);
      await codeOf(file.write([Buffer.alloc(2)], 0));
      sizes.add((await file.sizeBytes()) > 0);
    }
    expect(sizes).toEqual(new Set([true, false]));
  });

  it('of a sync loses pages for good although processes still see them and the next sync succeeds', async () => {
    let losing = 0;
    for (let seed = 1; seed <= 50; seed++) {
      const { disk, files, file } = await prepared(seed);
      await files.syncDirectory('/data');
      await file.write([Buffer.alloc(8192, 1)], 0);
      disk.faults.fail('sync', /a$/, 'EIO', 1);
      expect(await codeOf(file.sync())).toBe('EIO');
      await file.sync();
      expect(await files.readFile('/data/a')).toEqual(Buffer.alloc(8192, 1));
      disk.crash();
      const after = await disk.newProcess().readFile('/data/a');
      expect(after.length).toBe(8192);
      if (after.includes(0)) losing++;
    }
    expect(losing).toBeGreaterThan(10);
  });

  it('of a stall keeps an operation from ending, and those of other paths not', async () => {
    const { disk, files, file } = await prepared();
    const other = await files.open('/data/b', 'write');
    const letGo = disk.faults.stall('write', /a$/);
    let ended = false;
    const writing = file.write([Buffer.alloc(1)], 0).then(() => {
      ended = true;
    });
    await other.write([Buffer.alloc(1)], 0);
    await disk.settled();
    expect(ended).toBe(false);
    letGo();
    await writing;
    expect(ended).toBe(true);
  });

  it('of a lying disk reports a sync that flushes nothing', async () => {
    const { disk, files, file } = await prepared();
    disk.faults.writeBackChance = 0;
    disk.faults.lieAboutSync = true;
    await file.write([Buffer.alloc(1)], 0);
    await file.sync();
    await files.syncDirectory('/data');
    expect(disk.durableListing()).toEqual([]);
    expect(disk.counters).toMatchObject({ syncs: 1, directorySyncs: 1 });
  });
});

async function prepared(seed = 1) {
  const disk = new SimulatedDisk(seededRandom(seed));
  disk.plantDirectory('/data');
  const files = disk.newProcess();
  return { disk, files, file: await files.open('/data/a', 'write') };
}
