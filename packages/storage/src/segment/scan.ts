import { BATCH_HEADER_BYTES, batchBytesOf, LOG_OVERHEAD_BYTES } from '@barnabas/protocol';
import type { HandlePool } from '../files/handle-pool.ts';
import type { FileHandle } from '../fs/file-system.ts';
import { readFully } from '../fs/read-fully.ts';
import { FileOperationError } from '../storage-errors.ts';

/** Most scans of headers look for one batch close to where an index says that it is; only those that go on read more. */
const FIRST_HEADERS_CHUNK_BYTES = 8 * 1024;
const HEADERS_CHUNK_BYTES = 64 * 1024;
const WHOLE_CHUNK_BYTES = 1024 * 1024;

/** What a scan looks at: the header of each batch, or all of its bytes. */
export type ScanDepth = 'headers' | 'whole';

/**
 * Called for each batch with a buffer, its place in it, and its position in the file. The buffer is valid during the
 * call only, and holds at least the header (`headers`) or the batch (`whole`). Answering `stop` ends the scan there.
 */
export type BatchVisitor = (bytes: Buffer, at: number, position: number) => 'stop' | undefined;

/**
 * Where a scan ended: at the `end` it was given, where the visitor said `stop`, or before a batch that is not whole
 * (`torn`) or whose length cannot be one (`malformed`).
 */
export type ScanEnd = { readonly kind: 'end' | 'stopped' | 'torn' | 'malformed'; readonly position: number };

/**
 * Walks over the batches of a `.log` from byte `from` to byte `end`, reading in large chunks. Reads no further than
 * `end`, and never allocates more than one chunk or one batch that lies within `end`.
 */
export const scanBatches = async (
  handles: HandlePool,
  path: string,
  from: number,
  end: number,
  depth: ScanDepth,
  visit: BatchVisitor,
): Promise<ScanEnd> =>
  handles.use(path, 'read', async (file) => {
    const scan = new Scan(file, path, from, end, depth);
    let position = from;
    while (position < end) {
      const step = await scan.advance(position, visit);
      if (step.kind !== 'end') return step;
      position = step.position;
    }
    return { kind: 'end', position };
  });

class Scan {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #end: number;
  readonly #depth: ScanDepth;
  #chunk: Buffer;

  constructor(file: FileHandle, path: string, from: number, end: number, depth: ScanDepth) {
    this.#file = file;
    this.#path = path;
    this.#end = end;
    this.#depth = depth;
    const chunkBytes = depth === 'whole' ? WHOLE_CHUNK_BYTES : FIRST_HEADERS_CHUNK_BYTES;
    this.#chunk = Buffer.allocUnsafe(Math.max(0, Math.min(chunkBytes, end - from)));
  }

  /** Reads one chunk from `position` and visits what is complete in it; `end` says where the next chunk begins. */
  async advance(position: number, visit: BatchVisitor): Promise<ScanEnd> {
    const filled = await this.#fill(position);
    let at = 0;
    while (position + at < this.#end) {
      const rest = this.#end - position - at;
      if (rest < BATCH_HEADER_BYTES) return { kind: 'torn', position: position + at };
      if (at + BATCH_HEADER_BYTES > filled) break;
      const sizeBytes = batchBytesOf(this.#chunk, at);
      if (sizeBytes < BATCH_HEADER_BYTES) return { kind: 'malformed', position: position + at };
      if (sizeBytes > rest) return { kind: 'torn', position: position + at };
      if (this.#depth === 'whole' && at + sizeBytes > filled) {
        if (at === 0) this.#chunk = Buffer.allocUnsafe(sizeBytes);
        break;
      }
      if (visit(this.#chunk, at, position + at) === 'stop') return { kind: 'stopped', position: position + at };
      at += sizeBytes;
    }
    if (this.#depth === 'headers' && at - filled < filled) this.#widen(this.#end - position - at);
    return { kind: 'end', position: position + at };
  }

  /** Goes on in larger chunks, where the batches are small enough for it to be worth while. */
  #widen(rest: number): void {
    if (this.#chunk.length < HEADERS_CHUNK_BYTES) this.#chunk = Buffer.allocUnsafe(Math.min(HEADERS_CHUNK_BYTES, rest));
  }

  /** A file that ends before `end` is an error: its size was taken before, and nothing cuts it meanwhile. */
  async #fill(position: number): Promise<number> {
    const wanted = Math.min(this.#chunk.length, this.#end - position);
    const read = await readFully(this.#file, this.#chunk.subarray(0, wanted), position);
    if (read < Math.min(wanted, LOG_OVERHEAD_BYTES) || (read < wanted && read < BATCH_HEADER_BYTES)) {
      throw new FileOperationError('reading', this.#path, position + read, new Error('the file ends there'));
    }
    return read;
  }
}
