import type { FileHandle } from '../../../src/server/persistence/file-system.ts';
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
