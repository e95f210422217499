import type { FileHandle } from './file-system.ts';

/**
 * Reads from byte `position` until `target` is full or the file ends; answers the number of bytes read. A single read
 * may give fewer bytes than the file has, so fewer than asked means the end of the file only here.
 */
export async function readFully(file: FileHandle, target: Uint8Array, position: number): Promise<number> {
  let filled = await file.read(target, position);
  while (filled > 0 && filled < target.byteLength) {
    const count = await file.read(target.subarray(filled), position + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}
