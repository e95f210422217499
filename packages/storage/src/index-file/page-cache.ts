/** Bytes of one page of an index file; entries never span two. */
export const PAGE_BYTES = 4096;

/**
 * Pages of index files that were read, shared by all logs and bounded in bytes; the page used longest ago goes first.
 * Lookups touch the same few pages again and again, so that a small cache spares nearly all reads.
 */
export class PageCache {
  readonly #maxPages: number;
  readonly #pages = new Map<string, Buffer>();

  constructor(maxBytes: number) {
    this.#maxPages = Math.max(1, Math.floor(maxBytes / PAGE_BYTES));
  }

  get(path: string, page: number): Buffer | undefined {
    const key = keyOf(path, page);
    const found = this.#pages.get(key);
    if (found !== undefined) {
      this.#pages.delete(key);
      this.#pages.set(key, found);
    }
    return found;
  }

  put(path: string, page: number, bytes: Buffer): void {
    const key = keyOf(path, page);
    this.#pages.delete(key);
    this.#pages.set(key, bytes);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= this.#maxPages) return;
      this.#pages.delete(oldest);
    }
  }

  /** Drops the pages of all files in a directory, which was renamed or given up. */
  dropUnder(dir: string): void {
    for (const key of [...this.#pages.keys()]) {
      if (key.slice(key.indexOf(':') + 1).startsWith(`${dir}/`)) this.#pages.delete(key);
    }
  }

  /** Drops the pages from `firstPage` to `lastPage` of a file that was cut, renamed or removed. */
  drop(path: string, firstPage: number, lastPage: number): void {
    for (let page = firstPage; page <= lastPage; page++) this.#pages.delete(keyOf(path, page));
  }
}

const keyOf = (path: string, page: number): string => `${page}:${path}`;
