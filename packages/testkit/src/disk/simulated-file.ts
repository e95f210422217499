import type { Random } from '@barnabas/model';
import { chance, pick } from '../seeded-random.ts';
import type { CrashLosses } from './losses.ts';
import { flipBit, Medium, PAGE_BYTES } from './medium.ts';

type PageVersion = { readonly page: number; readonly version: number; readonly bytes: Buffer };
type SizeChange = { readonly version: number; readonly sizeBytes: number };

/** What a flush that begins now has to bring to the disk. */
export type UnflushedState = { readonly version: number; readonly pages: readonly PageVersion[] };

/**
 * One file: its content as processes see it (the page cache) and, apart from it, what the disk holds.
 *
 * Each change has a version. A page is dirty while the disk lacks its last version; `#sizes` are the sizes that the
 * file has had since the one the disk knows.
 */
export class SimulatedFile {
  readonly isDirectory = false;
  modifiedMs = 0;
  sizeBytes = 0;
  #cache = Buffer.alloc(0);
  #version = 0;
  #flushedVersion = 0;
  readonly #medium = new Medium();
  readonly #dirty = new Map<number, number>();
  #sizes: SizeChange[] = [];

  /** A copy of the content. */
  content(): Buffer {
    return Buffer.from(this.#cache.subarray(0, this.sizeBytes));
  }

  durableContent(): Buffer {
    return this.#medium.content();
  }

  read(target: Uint8Array, position: number): number {
    return position >= this.sizeBytes ? 0 : this.#cache.copy(target, 0, position, this.sizeBytes);
  }

  /** Writes the first `limitBytes` of the chunks. */
  write(chunks: readonly Uint8Array[], position: number, limitBytes: number): void {
    if (limitBytes === 0) return;
    const end = position + limitBytes;
    this.#reserve(end);
    let at = position;
    for (const chunk of chunks) {
      const part = chunk.subarray(0, end - at);
      this.#cache.set(part, at);
      at += part.byteLength;
    }
    this.#version++;
    for (let page = Math.floor(position / PAGE_BYTES); page * PAGE_BYTES < end; page++) {
      this.#dirty.set(page, this.#version);
    }
    if (end > this.sizeBytes) this.#resize(end);
  }

  truncate(sizeBytes: number): void {
    if (sizeBytes === this.sizeBytes) return;
    this.#version++;
    this.#reserve(sizeBytes);
    if (sizeBytes < this.sizeBytes) {
      this.#cache.fill(0, sizeBytes, this.sizeBytes);
      for (const page of this.#dirty.keys()) {
        if (page * PAGE_BYTES >= sizeBytes) this.#dirty.delete(page);
      }
      if (sizeBytes % PAGE_BYTES > 0) this.#dirty.set(Math.floor(sizeBytes / PAGE_BYTES), this.#version);
    }
    this.#resize(sizeBytes);
  }

  unflushed(): UnflushedState {
    const pages = [...this.#dirty].map(([page, version]) => ({ page, version, bytes: this.#cachedPage(page) }));
    return { version: this.#version, pages };
  }

  /** A later flush that ended first has brought all of this one, or what replaced it. */
  flush(state: UnflushedState): void {
    if (state.version < this.#flushedVersion) return;
    this.#flushedVersion = state.version;
    for (const page of state.pages) this.#storePage(page);
    this.#storeSize(state.version);
  }

  /** A flush that fails: some pages reach the disk, none counts as dirty any longer. The size stays unflushed. */
  failFlush(state: UnflushedState, random: Random): void {
    for (const page of state.pages) {
      if (chance(random, 0.5)) this.#storePage(page);
      else this.#markClean(page);
    }
  }

  /** The kernel carries one page to the disk unasked. */
  writeBackSomePage(random: Random): void {
    if (this.#dirty.size === 0) return;
    const [page, version] = pick(random, [...this.#dirty]);
    this.#storePage({ page, version, bytes: this.#cachedPage(page) });
  }

  flipBit(position: number, bit: number): void {
    if (position >= this.sizeBytes) throw new RangeError(`no byte ${position} in a file of ${this.sizeBytes}`);
    flipBit(this.#cache, position, bit);
    this.#medium.flipBit(position, bit);
  }

  /** The power fails: the file is left as the disk has it. How much gets through differs from file to file. */
  crash(random: Random, losses: CrashLosses): void {
    this.#crashSize(random, losses);
    const keptChance = pick(random, [0, 0.25, 0.5, 0.75, 1]);
    const tornChance = pick(random, [0, 0.25, 0.5]);
    for (const page of this.unflushed().pages) this.#crashPage(page, keptChance, tornChance, random, losses);
    const content = this.#medium.content();
    this.becomeDurable(content);
  }

  /** Makes this the content, on the disk too. */
  becomeDurable(content: Buffer): void {
    this.#medium.replace(content);
    this.#cache = Buffer.from(content);
    this.sizeBytes = content.length;
    this.#dirty.clear();
    this.#sizes = [];
  }

  #crashSize(random: Random, losses: CrashLosses): void {
    const happened = pick(random, [0, this.#sizes.length, random.below(this.#sizes.length + 1)]);
    const version = this.#sizes[happened - 1]?.version;
    const undone = this.#sizes.slice(happened);
    if (version !== undefined) this.#storeSize(version);
    const sizes = [this.#medium.sizeBytes, ...undone.map((change) => change.sizeBytes)];
    if (sizes.some((size, index) => size < (sizes[index - 1] ?? 0))) losses.truncationsUndone++;
    if (this.sizeBytes > this.#medium.sizeBytes) losses.growthsUndone++;
  }

  #crashPage(page: PageVersion, keptChance: number, tornChance: number, random: Random, losses: CrashLosses): void {
    const isWithin = page.page * PAGE_BYTES < this.#medium.sizeBytes ? 1 : 0;
    if (chance(random, keptChance)) {
      losses.pagesKept += isWithin;
      this.#storePage(page);
    } else if (chance(random, tornChance)) {
      losses.pagesTorn += isWithin;
      this.#medium.storeSectors(page.page, page.bytes, page.version, () => chance(random, 0.5));
    } else {
      losses.pagesLost += isWithin;
      if (!this.#medium.has(page.page)) losses.pagesZeroed += isWithin;
    }
  }

  #storePage(page: PageVersion): void {
    this.#medium.store(page.page, page.bytes, page.version);
    this.#markClean(page);
  }

  #markClean(page: PageVersion): void {
    if (this.#dirty.get(page.page) === page.version) this.#dirty.delete(page.page);
  }

  /** The sizes up to that version are on the disk, one after the other. */
  #storeSize(upToVersion: number): void {
    for (const change of this.#sizes) {
      if (change.version > upToVersion) break;
      if (change.sizeBytes < this.#medium.sizeBytes) this.#medium.cut(change.sizeBytes, change.version);
      this.#medium.sizeBytes = change.sizeBytes;
    }
    this.#sizes = this.#sizes.filter((change) => change.version > upToVersion);
  }

  #resize(sizeBytes: number): void {
    this.sizeBytes = sizeBytes;
    this.#sizes.push({ version: this.#version, sizeBytes });
  }

  #cachedPage(page: number): Buffer {
    const bytes = Buffer.alloc(PAGE_BYTES);
    this.#cache.copy(bytes, 0, page * PAGE_BYTES, this.sizeBytes);
    return bytes;
  }

  /** Room in the cache; beyond the size it is all zeros. */
  #reserve(sizeBytes: number): void {
    if (sizeBytes <= this.#cache.length) return;
    const larger = Buffer.alloc(Math.max(sizeBytes, this.#cache.length * 2, PAGE_BYTES));
    this.#cache.copy(larger);
    this.#cache = larger;
  }
}
