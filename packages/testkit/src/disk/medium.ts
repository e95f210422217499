export const PAGE_BYTES = 4096;
export const SECTOR_BYTES = 512;

type StoredPage = { readonly bytes: Buffer; readonly version: number };

/**
 * What the disk itself holds of one file: pages, and a size that is kept apart from them. Versions order the changes
 * of a file, so that an older flush that ends late does not put back older bytes.
 */
export class Medium {
  sizeBytes = 0;
  readonly #pages = new Map<number, StoredPage>();

  has(page: number): boolean {
    return this.#pages.has(page);
  }

  store(page: number, bytes: Buffer, version: number): void {
    const stored = this.#pages.get(page);
    if (stored === undefined || stored.version < version) this.#pages.set(page, { bytes, version });
  }

  /** Stores some of the page's sectors and leaves the others as they were. */
  storeSectors(page: number, bytes: Buffer, version: number, isStored: (sector: number) => boolean): void {
    const mixed = Buffer.from(this.#pages.get(page)?.bytes ?? Buffer.alloc(PAGE_BYTES));
    for (let sector = 0; sector < PAGE_BYTES / SECTOR_BYTES; sector++) {
      const start = sector * SECTOR_BYTES;
      if (isStored(sector)) bytes.copy(mixed, start, start, start + SECTOR_BYTES);
    }
    this.store(page, mixed, version);
  }

  /** Gives up the pages wholly beyond the size, but for those written since the file was cut there. */
  cut(sizeBytes: number, version: number): void {
    for (const [page, stored] of this.#pages) {
      if (page * PAGE_BYTES >= sizeBytes && stored.version < version) this.#pages.delete(page);
    }
  }

  flipBit(position: number, bit: number): void {
    const page = this.#pages.get(Math.floor(position / PAGE_BYTES));
    if (page !== undefined) flipBit(page.bytes, position % PAGE_BYTES, bit);
  }

  content(): Buffer {
    const content = Buffer.alloc(this.sizeBytes);
    for (const [page, { bytes }] of this.#pages) {
      if (page * PAGE_BYTES < content.length) bytes.copy(content, page * PAGE_BYTES);
    }
    return content;
  }

  /** Makes this the whole of what is stored. */
  replace(content: Buffer): void {
    this.#pages.clear();
    this.sizeBytes = content.length;
    for (let start = 0; start < content.length; start += PAGE_BYTES) {
      const bytes = Buffer.alloc(PAGE_BYTES);
      content.copy(bytes, 0, start);
      this.#pages.set(start / PAGE_BYTES, { bytes, version: 0 });
    }
  }
}

export function flipBit(bytes: Buffer, position: number, bit: number): void {
  bytes.writeUInt8(bytes.readUInt8(position) ^ (1 << bit), position);
}
