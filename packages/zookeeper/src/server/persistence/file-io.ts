import { dirname } from 'node:path';
import type { FileHandle, FileSystem } from './file-system.ts';

/** Reads from byte `position` until `target` is full or the file ends; answers the number of bytes read. */
export async function readFully(file: Pick<FileHandle, 'read'>, target: Uint8Array, position: number): Promise<number> {
  let filled = 0;
  while (filled < target.byteLength) {
    const count = await file.read(target.subarray(filled), position + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

/** Writes all bytes of the chunks, one chunk after the other, from byte `position`; on failure some may be written. */
export async function writeFully(
  file: Pick<FileHandle, 'write'>,
  chunks: readonly Uint8Array[],
  position: number,
): Promise<void> {
  const sizeBytes = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  let written = await file.write(chunks, position);
  if (written === sizeBytes) return;
  // Rare: the disk is about to be full. The next call says so.
  const all = Buffer.concat(chunks);
  while (written < sizeBytes) {
    const count = await file.write([all.subarray(written)], position + written);
    if (count <= 0) throw new Error(`no byte was written at ${position + written}, ${sizeBytes - written} were left`);
    written += count;
  }
}

/** The whole of a small file; undefined if it is not there. */
export async function readFileIfThere(fs: FileSystem, path: string): Promise<Buffer | undefined> {
  const file = await fs.open(path, 'read').catch(undefinedIfMissing);
  if (file === undefined) return undefined;
  try {
    const bytes = Buffer.allocUnsafeSlow(await file.sizeBytes());
    return bytes.subarray(0, await readFully(file, bytes, 0));
  } finally {
    await file.close();
  }
}

/**
 * Makes a file, or replaces it, so that a crash at any moment leaves the old content or the new one, whole; when the
 * promise has resolved, the new one. `write` fills it under the name `temporary`, in the same directory; before the
 * file gets its own name, `beforeNaming` is awaited.
 *
 * Rejects with the system's error, or what `write` and `beforeNaming` reject with; the old content is then still
 * there, or already the new.
 */
export async function replaceFile(
  fs: FileSystem,
  { path, temporary, permissions }: { path: string; temporary: string; permissions?: number },
  write: (file: FileHandle) => Promise<void>,
  beforeNaming: () => Promise<void> = async () => {},
): Promise<void> {
  const file = await fs.open(temporary, 'write', permissions);
  try {
    // An interrupted call may have left a longer one.
    await file.truncate(0);
    await write(file);
    await file.sync();
  } finally {
    await file.close();
  }
  await beforeNaming();
  await fs.rename(temporary, path);
  await fs.syncDirectory(dirname(path));
}

/** For `catch`: whatever is not there is undefined, other errors go on. */
export function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}
