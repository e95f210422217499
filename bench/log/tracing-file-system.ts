import type { FileHandle, FileSystem } from '@barnabas/storage';

/** One call that changed or flushed a `.log` file. */
export type LogCall =
  | { readonly kind: 'write'; readonly path: string; readonly chunks: number }
  | { readonly kind: 'sync'; readonly path: string };

/** How often each method was called. */
export type FileCounts = { list: number; stat: number; open: number; readFile: number; read: number; sync: number };

/** A file system that notes what a log does with it: the calls on `.log` files in order, and counts of all others. */
export class TracingFileSystem {
  readonly counts: FileCounts = { list: 0, stat: 0, open: 0, readFile: 0, read: 0, sync: 0 };
  readonly fs: FileSystem;
  calls: LogCall[] = [];

  constructor(inner: FileSystem) {
    const { counts } = this;
    this.fs = {
      ...inner,
      open: async (path, mode) => {
        counts.open++;
        return this.#traced(await inner.open(path, mode), path);
      },
      readFile: (path) => {
        counts.readFile++;
        return inner.readFile(path);
      },
      list: (path) => {
        counts.list++;
        return inner.list(path);
      },
      stat: (path) => {
        counts.stat++;
        return inner.stat(path);
      },
    };
  }

  #traced(file: FileHandle, path: string): FileHandle {
    const isLog = path.endsWith('.log');
    return {
      read: (target, position) => {
        this.counts.read++;
        return file.read(target, position);
      },
      write: (chunks, position) => {
        if (isLog) this.calls.push({ kind: 'write', path, chunks: chunks.length });
        return file.write(chunks, position);
      },
      sync: () => {
        this.counts.sync++;
        if (isLog) this.calls.push({ kind: 'sync', path });
        return file.sync();
      },
      truncate: (sizeBytes) => file.truncate(sizeBytes),
      sizeBytes: () => file.sizeBytes(),
      close: () => file.close(),
    };
  }
}
