import { LogDirLockedError } from '@barnabas/storage';
import { SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { dispelDoubt, raiseDoubt } from '../../src/node/doubt-file.ts';

const DIRS = ['/a', '/b'];

describe('raiseDoubt', () => {
  it('finds what it has left, in one directory or in all', async () => {
    const fs = new SimulatedDisk(seededRandom(1)).newProcess();
    expect(await raiseDoubt(fs, ['/a'])).toBe(false);
    expect(await raiseDoubt(fs, DIRS)).toBe(true);
    expect(await raiseDoubt(fs, ['/b'])).toBe(true);
  });

  it('is not forgotten when the power fails', async () => {
    const disk = new SimulatedDisk(seededRandom(1));
    disk.plantDirectory('/a');
    await raiseDoubt(disk.newProcess(), ['/a']);
    disk.crash();
    expect(await raiseDoubt(disk.newProcess(), ['/a'])).toBe(true);
  });
});

describe('raiseDoubt, where another process uses the directory', () => {
  it('leaves no trace', async () => {
    const disk = new SimulatedDisk(seededRandom(1));
    disk.plantDirectory('/a');
    const lock = await disk.newProcess().lock('/a/.lock');
    const fs = disk.newProcess();
    await expect(raiseDoubt(fs, ['/a'])).rejects.toThrow(LogDirLockedError);
    await lock?.release();
    expect(await raiseDoubt(fs, ['/a'])).toBe(false);
  });
});

describe('dispelDoubt', () => {
  it('takes it away for good', async () => {
    const disk = new SimulatedDisk(seededRandom(1));
    for (const dir of DIRS) disk.plantDirectory(dir);
    const fs = disk.newProcess();
    await raiseDoubt(fs, DIRS);
    await dispelDoubt(fs, DIRS);
    await dispelDoubt(fs, DIRS);
    disk.crash();
    expect(await raiseDoubt(disk.newProcess(), DIRS)).toBe(false);
  });
});
