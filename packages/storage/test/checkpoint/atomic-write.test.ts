import { SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { replaceFile } from '../../src/checkpoint/atomic-write.ts';

const PATH = '/data/checkpoint';
const OLD = Buffer.alloc(9000, 'old ');
const NEW = Buffer.alloc(5000, 'new!');
/** Turns of the disk that one replacement takes, and some more. */
const TURNS = 10;
const SEEDS = 40;

const diskWith = (content: Buffer | undefined, seed = 1) => {
  const disk = new SimulatedDisk(seededRandom(seed));
  disk.plantDirectory('/data');
  if (content !== undefined) disk.plantFile(PATH, content);
  return disk;
};

/** Lets the disk do so much, and cuts the power. */
const crashAfter = async (disk: SimulatedDisk, turns: number): Promise<boolean> => {
  const replaced = replaceFile(disk.newProcess(), PATH, NEW).then(
    () => true,
    () => false,
  );
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
  disk.crash();
  return replaced;
};

describe('replaceFile', () => {
  it('makes a file that was missing', async () => {
    const disk = diskWith(undefined);
    await replaceFile(disk.newProcess(), PATH, NEW);
    expect(disk.readDurable(PATH)).toEqual(NEW);
    expect(disk.listing()).toEqual([PATH]);
  });

  it('leaves the old or the new content, whole, wherever the power fails', async () => {
    const outcomes = new Set<string>();
    for (let turns = 0; turns < TURNS; turns++) {
      for (let seed = 0; seed < SEEDS; seed++) {
        const disk = diskWith(OLD, seed);
        const resolved = await crashAfter(disk, turns);
        const found = await disk.newProcess().readFile(PATH);
        const which = found.equals(OLD) ? 'old' : found.equals(NEW) ? 'new' : 'neither';
        expect(which, `seed ${seed}, turn ${turns}`).not.toBe('neither');
        if (resolved) expect(which, `seed ${seed}, turn ${turns}`).toBe('new');
        outcomes.add(`${which} ${resolved ? 'after' : 'before'} it resolved`);
      }
    }
    expect([...outcomes].sort()).toEqual(['new after it resolved', 'new before it resolved', 'old before it resolved']);
  });

  it('writes over what an interrupted call left', async () => {
    const disk = diskWith(OLD);
    disk.plantFile(`${PATH}.tmp`, Buffer.alloc(20_000, 'stale'));
    await replaceFile(disk.newProcess(), PATH, NEW);
    expect(disk.readDurable(PATH)).toEqual(NEW);
  });

  it.each(['write', 'truncate', 'sync', 'rename'] as const)('keeps the old content if %s fails', async (operation) => {
    const disk = diskWith(OLD);
    disk.faults.fail(operation, /tmp$/, 'EIO');
    await expect(replaceFile(disk.newProcess(), PATH, NEW)).rejects.toMatchObject({ code: 'EIO' });
    expect(disk.readDurable(PATH)).toEqual(OLD);
  });
});
