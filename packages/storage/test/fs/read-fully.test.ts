import { type FileHandle, readFully } from '@barnabas/storage';
import { describe, expect, it } from 'vitest';

describe('readFully', () => {
  it('reads on until the target is full', async () => {
    const target = Buffer.alloc(6);
    expect(await readFully(giving('abcdefgh', 2), target, 1)).toBe(6);
    expect(target.toString()).toBe('bcdefg');
  });

  it('answers how much there was when the file ends first', async () => {
    const target = Buffer.alloc(6, '.');
    expect(await readFully(giving('abcd', 3), target, 0)).toBe(4);
    expect(target.toString()).toBe('abcd..');
    expect(await readFully(giving('abcd', 3), target, 4)).toBe(0);
  });
});

/** A file of that content which gives at most so many bytes for each read. */
function giving(content: string, limitBytes: number): FileHandle {
  const unused = () => Promise.reject(new Error('not expected'));
  const read = async (target: Uint8Array, position: number) =>
    Buffer.from(content).copy(target, 0, position, position + limitBytes);
  return { read, write: unused, truncate: unused, sync: unused, sizeBytes: unused, close: unused };
}
