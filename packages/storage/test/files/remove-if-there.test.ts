import { SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { removeIfThere } from '../../src/files/remove-if-there.ts';

describe('removeIfThere', () => {
  it('removes a file, and says whether there was one', async () => {
    const disk = new SimulatedDisk(seededRandom(1));
    const fs = disk.newProcess();
    disk.plantFile('/a', Buffer.alloc(1));
    expect(await removeIfThere(fs, '/a')).toBe(true);
    expect(await removeIfThere(fs, '/a')).toBe(false);
    expect(disk.listing()).toEqual([]);
  });

  it('rejects where the file cannot be removed', async () => {
    const disk = new SimulatedDisk(seededRandom(1));
    disk.plantFile('/a', Buffer.alloc(1));
    disk.faults.fail('remove', /a/, 'EACCES');
    await expect(removeIfThere(disk.newProcess(), '/a')).rejects.toMatchObject({ code: 'EACCES' });
  });
});
