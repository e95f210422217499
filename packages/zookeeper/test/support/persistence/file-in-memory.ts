import type { FileHandle } from '../../../src/server/persistence/file-system.ts';
import { FileWindow } from '../../../src/server/persistence/file-window.ts';
import { readSnapshot } from '../../../src/server/persistence/snapshot-reader.ts';
import { writeSnapshot } from '../../../src/server/persistence/snapshot-writer.ts';
import type { TreeImage } from '../../../src/txn/tree-image.ts';

/** A file that is written from its start to its end. */
export class FileInMemory implements Pick<FileHandle, 'write'> {
  readonly #chunks: Buffer[] = [];

  async write(chunks: readonly Uint8Array[]): Promise<number> {
    for (const chunk of chunks) this.#chunks.push(Buffer.from(chunk));
    return chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  }

  get content(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

export async function snapshotBytes(image: TreeImage): Promise<Buffer> {
  const file = new FileInMemory();
  await writeSnapshot(file, image);
  return file.content;
}

/** What a file with these bytes is read as. @param windowBytes how much of it at a time */
export async function imageFrom(bytes: Buffer, zxid: number, windowBytes?: number): Promise<TreeImage> {
  const file = {
    sizeBytes: async () => bytes.length,
    read: async (target: Uint8Array, position: number) => bytes.copy(target, 0, position),
  };
  return readSnapshot(await FileWindow.over(file, windowBytes), zxid);
}
