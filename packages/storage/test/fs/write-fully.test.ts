import { type FileHandle, writeFully } from '@barnabas/storage';
import { SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';

describe('writeFully', () => {
  it('writes all chunks at their place however short the writes are', async () => {
    for (let seed = 1; seed <= 100; seed++) {
      const random = seededRandom(seed);
      const disk = new SimulatedDisk(random);
      disk.faults.shortWriteChance = 0.8;
      const files = disk.newProcess();
      const file = await files.open('/a', 'write');
      const chunks = Array.from({ length: random.below(6) }, () => random.bytes(random.below(50)));
      await writeFully(file, [Buffer.from('head')], 0);
      await writeFully(file, chunks, 4);
      expect(await files.readFile('/a'), `seed ${seed}`).toEqual(Buffer.concat([Buffer.from('head'), ...chunks]));
    }
  });

  it('hands over the chunks themselves, and of a chunk that was cut a view', async () => {
    const chunks = [Buffer.from('abc'), Buffer.from('defg'), Buffer.from('hi')];
    const { file, given } = taking([5, 4]);
    await writeFully(file, chunks, 100);
    expect(given.map((call) => call.position)).toEqual([100, 105]);
    expect(given[0]?.chunks).toBe(chunks);
    expect(given[1]?.chunks.map(String)).toEqual(['fg', 'hi']);
    expect(given[1]?.chunks[0]?.buffer).toBe(chunks[1]?.buffer);
    expect(given[1]?.chunks[1]).toBe(chunks[2]);
  });

  it('does not call the file for no bytes', async () => {
    const { file, given } = taking([]);
    await writeFully(file, [new Uint8Array()], 0);
    expect(given).toEqual([]);
  });

  it('fails when the file takes nothing', async () => {
    const { file } = taking([2, 0]);
    await expect(writeFully(file, [Buffer.from('abc')], 7)).rejects.toMatchObject({
      error: 'KAFKA_STORAGE_ERROR',
      message: 'no byte was written at 9, 1 were left',
    });
  });

  it('passes on the error of the system once the disk is full', async () => {
    const disk = new SimulatedDisk(seededRandom(1));
    disk.faults.spaceBytes = 5;
    const file = await disk.newProcess().open('/a', 'write');
    await expect(writeFully(file, [Buffer.alloc(4), Buffer.alloc(4)], 0)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await file.sizeBytes()).toBe(5);
  });
});

type Call = { readonly chunks: readonly Uint8Array[]; readonly position: number };

/** A file that takes so many bytes of each write, and what it was given. */
function taking(counts: number[]): { file: FileHandle; given: Call[] } {
  const given: Call[] = [];
  const unused = () => Promise.reject(new Error('not expected'));
  const write = async (chunks: readonly Uint8Array[], position: number) => {
    given.push({ chunks, position });
    return counts[given.length - 1] ?? 0;
  };
  const file = { read: unused, write, truncate: unused, sync: unused, sizeBytes: unused, close: unused };
  return { file, given };
}
