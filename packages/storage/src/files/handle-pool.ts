import type { FileHandle, FileSystem } from '../fs/file-system.ts';

type Mode = 'read' | 'write';
type Pooled = { readonly opened: Promise<FileHandle>; users: number; doomed: boolean };

/**
 * Open files, shared and bounded: a broker has far more segments than the system grants descriptors.
 *
 * `use` opens a file when it is first asked for and keeps it open for the next caller. Beyond `maxOpen` the ones used
 * longest ago are closed, but never one in use. `forget` is called before a file is renamed or removed.
 */
export class HandlePool {
  readonly fs: FileSystem;
  readonly #maxOpen: number;
  /** In order of last use, by mode and path. */
  readonly #handles = new Map<string, Pooled>();

  constructor(fs: FileSystem, maxOpen: number) {
    this.fs = fs;
    this.#maxOpen = maxOpen;
  }

  get openCount(): number {
    return this.#handles.size;
  }

  /** Runs `task` with the file open; rejects with what opening or the task rejects with. */
  async use<T>(path: string, mode: Mode, task: (file: FileHandle) => Promise<T>): Promise<T> {
    const key = keyOf(path, mode);
    const pooled = this.#take(key, path, mode);
    try {
      return await task(await pooled.opened);
    } finally {
      pooled.users--;
      if (pooled.doomed && pooled.users === 0) await closeQuietly(pooled);
    }
  }

  /** Drops the file: closed now, or by its last user. */
  async forget(path: string): Promise<void> {
    for (const mode of ['read', 'write'] as const) {
      const pooled = this.#handles.get(keyOf(path, mode));
      if (pooled !== undefined) await this.#drop(keyOf(path, mode), pooled);
    }
  }

  /** The same for all files in a directory, which was renamed or given up. */
  async forgetUnder(dir: string): Promise<void> {
    for (const [key, pooled] of [...this.#handles]) {
      if (key.slice(key.indexOf(':') + 1).startsWith(`${dir}/`)) await this.#drop(key, pooled);
    }
  }

  async closeAll(): Promise<void> {
    for (const [key, pooled] of [...this.#handles]) await this.#drop(key, pooled);
  }

  #take(key: string, path: string, mode: Mode): Pooled {
    let pooled = this.#handles.get(key);
    if (pooled === undefined) {
      pooled = { opened: this.fs.open(path, mode), users: 0, doomed: false };
      const fresh = pooled;
      pooled.opened.catch(() => {
        if (this.#handles.get(key) === fresh) this.#handles.delete(key);
      });
      this.#evict();
    } else {
      this.#handles.delete(key);
    }
    this.#handles.set(key, pooled);
    pooled.users++;
    return pooled;
  }

  #evict(): void {
    if (this.#handles.size < this.#maxOpen) return;
    for (const [key, pooled] of this.#handles) {
      if (pooled.users > 0) continue;
      void this.#drop(key, pooled);
      if (this.#handles.size < this.#maxOpen) return;
    }
  }

  async #drop(key: string, pooled: Pooled): Promise<void> {
    this.#handles.delete(key);
    pooled.doomed = true;
    if (pooled.users === 0) await closeQuietly(pooled);
  }
}

const keyOf = (path: string, mode: Mode): string => `${mode}:${path}`;

/** What was written is flushed by `sync`, never by `close`: a failed close loses nothing. */
const closeQuietly = async (pooled: Pooled): Promise<void> => {
  try {
    await (await pooled.opened).close();
  } catch {}
};
