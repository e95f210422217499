import type { Random } from '@barnabas/model';
import { type FileHandle, writeFully } from '@barnabas/storage';
import { chance, SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';

const SEEDS = 300;

describe('a crash of the disk', () => {
  it('keeps all that was written before a completed sync was called', async () => {
    for (const { seed, disk, random } of disks()) {
      const appended = await appendUntilCrash(disk, random);
      const after = await disk.newProcess().readFile('/data/log');
      const kept = after.subarray(0, appended.flushedBytes);
      expect(kept.equals(appended.content.subarray(0, appended.flushedBytes)), `seed ${seed}`).toBe(true);
    }
  });

  it('loses acknowledged bytes in some runs when the disk lies about a sync', async () => {
    let losing = 0;
    for (const { disk, random } of disks()) {
      disk.faults.lieAboutSync = true;
      const appended = await appendUntilCrash(disk, random);
      const after = await disk.newProcess().readFile('/data/log');
      const kept = after.subarray(0, appended.flushedBytes);
      if (!kept.equals(appended.content.subarray(0, appended.flushedBytes))) losing++;
    }
    expect(losing).toBeGreaterThan(SEEDS / 3);
  });

  it('leaves each byte of a flushed file as it was flushed or as it was overwritten since', async () => {
    for (const { seed, disk, random } of disks()) {
      const file = await disk.newProcess().open('/data/log', 'write');
      const flushed = Buffer.alloc(20_000, 1);
      await writeFully(file, [flushed], 0);
      await file.sync();
      const allowed = new Uint8Array(20_000).fill(1 << 1);
      for (let value = 2; value < 8; value++) {
        const [position, length] = [random.below(15_000), 1 + random.below(5000)];
        await file.write([Buffer.alloc(length, value)], position);
        for (let at = position; at < position + length; at++) allowed[at] = (allowed[at] ?? 0) | (1 << value);
      }
      disk.crash();
      const after = await disk.newProcess().readFile('/data/log');
      expect(after.length).toBe(20_000);
      expect(
        after.every((byte, at) => ((allowed[at] ?? 0) & (1 << byte)) !== 0),
        `seed ${seed}`,
      ).toBe(true);
    }
  });

  it('does every kind of harm that the fault model names, over the seeds', async () => {
    const reached = new Map<string, number>();
    for (const { disk, random } of disks()) {
      await changeEverything(disk, random);
      disk.crash();
      for (const [kind, times] of Object.entries(disk.losses)) {
        if (times > 0) reached.set(kind, (reached.get(kind) ?? 0) + 1);
      }
    }
    for (const kind of Object.keys(new SimulatedDisk(seededRandom(0)).losses)) {
      expect(reached.get(kind) ?? 0, kind).toBeGreaterThan(SEEDS / 20);
    }
  });

  it('is the same for the same seed', async () => {
    const afterCrash = async (seed: number) => {
      const random = seededRandom(seed);
      const disk = preparedDisk(random);
      await changeEverything(disk, random);
      disk.crash();
      return disk.listing().map((path) => [path, disk.readDurable(path)?.toString('base64')]);
    };
    for (let seed = 1; seed <= 20; seed++) expect(await afterCrash(seed)).toEqual(await afterCrash(seed));
    expect(await afterCrash(1)).not.toEqual(await afterCrash(2));
  });

  it('leaves a file that is read alike by processes and by the disk, and stays so', async () => {
    for (const { seed, disk, random } of disks()) {
      await changeEverything(disk, random);
      disk.crash();
      const paths = disk.listing();
      const contents = paths.map((path) => disk.readDurable(path) ?? Buffer.alloc(0));
      const files = disk.newProcess();
      const read = await Promise.all(paths.map((path) => files.readFile(path)));
      expect(Buffer.concat(read).equals(Buffer.concat(contents)), `seed ${seed}`).toBe(true);
      disk.crash();
      expect(disk.listing()).toEqual(paths);
      const again = paths.map((path) => disk.readDurable(path) ?? Buffer.alloc(0));
      expect(Buffer.concat(again).equals(Buffer.concat(contents)), `seed ${seed}`).toBe(true);
    }
  });

  it('keeps what was written beyond a truncation and flushed along with it', async () => {
    for (const { seed, disk } of disks()) {
      const file = await disk.newProcess().open('/data/log', 'write');
      await file.write([Buffer.alloc(30_000, 1)], 0);
      await file.sync();
      await file.truncate(5000);
      await file.write([Buffer.alloc(10_000, 2)], 5000);
      await file.sync();
      disk.crash();
      const expected = Buffer.concat([Buffer.alloc(5000, 1), Buffer.alloc(10_000, 2)]);
      expect(disk.readDurable('/data/log')?.equals(expected), `seed ${seed}`).toBe(true);
    }
  });

  it('gives no bytes of before a truncation once that is flushed, wherever the file grows again', async () => {
    for (const { seed, disk } of disks()) {
      const file = await disk.newProcess().open('/data/log', 'write');
      await file.write([Buffer.alloc(30_000, 1)], 0);
      await file.sync();
      await file.truncate(5000);
      await file.sync();
      await file.write([Buffer.alloc(10, 2)], 29_990);
      disk.crash();
      const after = await disk.newProcess().readFile('/data/log');
      expect(after.subarray(5000).includes(1), `seed ${seed}`).toBe(false);
      expect(after.subarray(0, 5000).equals(Buffer.alloc(5000, 1))).toBe(true);
    }
  });
});

describe('the names after a crash', () => {
  it('are all there if their directory was synced', async () => {
    for (const { seed, disk } of disks()) {
      const files = disk.newProcess();
      await (await files.open('/data/a', 'write')).close();
      await files.rename('/data/a', '/data/b');
      await files.makeDirectory('/data/sub');
      await files.removeFile('/data/log');
      await files.syncDirectory('/data');
      disk.crash();
      const names = (await disk.newProcess().list('/data')).map(({ name }) => name).sort();
      expect(names, `seed ${seed}`).toEqual(['b', 'sub']);
    }
  });

  it('are the first few of those made since', async () => {
    const kept = new Set<number>();
    for (const { disk } of disks()) {
      const files = disk.newProcess();
      for (let index = 0; index < 5; index++) await files.open(`/data/${index}`, 'write');
      disk.crash();
      const names = disk.listing().filter((path) => path !== '/data/log');
      expect(names).toEqual(['/data/0', '/data/1', '/data/2', '/data/3', '/data/4'].slice(0, names.length));
      kept.add(names.length);
    }
    expect(kept).toEqual(new Set([0, 1, 2, 3, 4, 5]));
  });

  it('do not need the file, nor does the file need them: each has its own sync', async () => {
    const seen = new Set<string>();
    for (const { disk } of disks()) {
      const files = disk.newProcess();
      const unnamed = await files.open('/data/unnamed', 'write');
      await unnamed.write([Buffer.from('abc')], 0);
      await unnamed.sync();
      disk.crash();
      seen.add(disk.readDurable('/data/unnamed')?.toString() ?? 'gone');
    }
    expect(seen).toEqual(new Set(['gone', 'abc']));
  });

  it('of a file moved between directories are in one of the two', async () => {
    const seen = new Set<string>();
    for (const { disk } of disks()) {
      disk.plantDirectory('/other');
      const files = disk.newProcess();
      await files.rename('/data/log', '/other/log');
      await (await files.open('/data/new', 'write')).close();
      disk.crash();
      seen.add(disk.listing().join());
    }
    expect(seen).toEqual(new Set(['/data/log', '/other/log', '/data/new,/other/log']));
  });

  it('of a file moved between directories are durable in both once one is synced, with what came before', async () => {
    for (const { disk } of disks()) {
      disk.plantDirectory('/other');
      const files = disk.newProcess();
      await files.open('/data/before', 'write');
      await files.rename('/data/log', '/other/log');
      await files.syncDirectory('/other');
      disk.crash();
      expect(disk.listing()).toEqual(['/data/before', '/other/log']);
    }
  });
});

function* disks(): Generator<{ seed: number; disk: SimulatedDisk; random: Random }> {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = seededRandom(seed);
    yield { seed, disk: preparedDisk(random), random };
  }
}

function preparedDisk(random: Random): SimulatedDisk {
  const disk = new SimulatedDisk(random);
  disk.plantFile('/data/log', new Uint8Array());
  return disk;
}

/** Appends while a sync runs, as group commit does: what was written when it was called is flushed when it ends. */
async function appendUntilCrash(
  disk: SimulatedDisk,
  random: Random,
): Promise<{ content: Buffer; flushedBytes: number }> {
  const file = await disk.newProcess().open('/data/log', 'write');
  let content = Buffer.alloc(0);
  let flushedBytes = 0;
  const append = async () => {
    const batch = Buffer.from(random.bytes(1 + random.below(3000)));
    await writeFully(file, [batch], content.length);
    content = Buffer.concat([content, batch]);
  };
  const flush = async () => {
    const end = content.length;
    await file.sync();
    flushedBytes = end;
  };
  for (let round = 1 + random.below(5); round > 0; round--) {
    await append();
    await Promise.all([flush(), append()]);
  }
  await append();
  const underWay = chance(random, 0.5) ? file.sync() : file.write([Buffer.alloc(5000, 7)], content.length);
  disk.crash();
  await expect(underWay).rejects.toThrow('dead');
  return { content, flushedBytes };
}

async function changeEverything(disk: SimulatedDisk, random: Random): Promise<void> {
  const files = disk.newProcess();
  disk.plantFile('/data/cut', Buffer.alloc(20_000, 1));
  disk.plantFile('/data/moved', Buffer.alloc(10, 1));
  disk.plantFile('/data/removed', Buffer.alloc(10, 1));
  const log = await files.open('/data/log', 'write');
  await appendPages(log, random, 5);
  await log.sync();
  await appendPages(log, random, 5);
  await log.write([random.bytes(3000)], 1000);
  await (await files.open('/data/cut', 'write')).truncate(random.below(15_000));
  const changes = [
    () => files.rename('/data/moved', '/data/moved.deleted'),
    () => files.removeFile('/data/removed'),
    () => files.open('/data/made', 'write'),
  ];
  await Promise.all(changes.map((change) => change()));
}

async function appendPages(file: FileHandle, random: Random, count: number): Promise<void> {
  for (let index = 0; index < count; index++) await file.write([random.bytes(4096)], await file.sizeBytes());
}
