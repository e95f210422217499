import { baseOffsetOf, batchBytesOf, crcOf, leaderEpochOf, nextOffsetOf, tryCheckBatch } from '@barnabas/protocol';
import type { SimulatedDisk } from '@barnabas/testkit';

/** What is told of one batch: its place, and by the checksum its content. */
export type ShadowBatch = {
  readonly base: number;
  readonly next: number;
  readonly epoch: number;
  readonly crc: number;
  /** Depends on this batch and all before it: two logs that agree here agree in everything before. */
  readonly chain: number;
};

/** What a replica's log holds, kept apart from the log itself. */
export class ShadowLog {
  readonly #batches: ShadowBatch[] = [];

  get batches(): readonly ShadowBatch[] {
    return this.#batches;
  }

  get end(): number {
    return this.#batches.at(-1)?.next ?? 0;
  }

  /** Takes in all batches that begin in `bytes`. @returns those */
  append(bytes: Buffer): ShadowBatch[] {
    const added: ShadowBatch[] = [];
    for (let at = 0; at < bytes.length; at += batchBytesOf(bytes, at)) {
      const batch = shadowOf(bytes, at, this.#batches.at(-1)?.chain ?? 0);
      this.#batches.push(batch);
      added.push(batch);
    }
    return added;
  }

  push(batch: ShadowBatch): void {
    this.#batches.push(batch);
  }

  /** Leaves what ends at or below `end`. @returns how many batches have gone */
  cutTo(end: number): number {
    const before = this.#batches.length;
    while ((this.#batches.at(-1)?.next ?? 0) > end) this.#batches.pop();
    return before - this.#batches.length;
  }

  /** The batch that ends there; undefined also for 0. */
  batchEndingAt(end: number): ShadowBatch | undefined {
    const at = this.#placeOf(end - 1);
    const found = this.#batches[at];
    return found?.next === end ? found : undefined;
  }

  /** The batch that holds the offset. */
  batchAt(offset: number): ShadowBatch | undefined {
    return this.#batches[this.#placeOf(offset)];
  }

  /** Whether it begins with all that `other` has. */
  holds(other: ShadowLog): boolean {
    const { end } = other;
    return end === 0 || this.batchEndingAt(end)?.chain === other.#batches.at(-1)?.chain;
  }

  /** Up to where both are the same. */
  commonEnd(other: ShadowLog): number {
    let low = 0;
    let high = Math.min(this.#batches.length, other.#batches.length);
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#batches[middle - 1]?.chain === other.#batches[middle - 1]?.chain) low = middle;
      else high = middle - 1;
    }
    return this.#batches[low - 1]?.next ?? 0;
  }

  /** Its batches lie without gaps. */
  #placeOf(offset: number): number {
    let low = 0;
    let high = this.#batches.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#batches[middle]?.next ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const found = this.#batches[low];
    return found !== undefined && found.base <= offset && offset < found.next ? low : -1;
  }
}

/** What the files of a replica hold that processes see: all sound batches up to the first that is none. */
export function shadowOfFiles(
  disk: SimulatedDisk,
  dir: string,
  listing: readonly string[] = disk.listing(),
  onTorn: () => void = () => {},
): ShadowLog {
  const shadow = new ShadowLog();
  for (const path of listing) {
    if (!path.startsWith(`${dir}/`) || !path.endsWith('.log')) continue;
    const bytes = disk.readCached(path) ?? Buffer.alloc(0);
    for (let at = 0; at < bytes.length; ) {
      const verdict = tryCheckBatch(bytes, at);
      if (!verdict.ok || baseOffsetOf(bytes, at) !== shadow.end) {
        onTorn();
        return shadow;
      }
      shadow.append(bytes.subarray(at, at + verdict.sizeBytes));
      at += verdict.sizeBytes;
    }
  }
  return shadow;
}

function shadowOf(bytes: Buffer, at: number, before: number): ShadowBatch {
  const base = baseOffsetOf(bytes, at);
  const next = nextOffsetOf(bytes, at);
  const epoch = leaderEpochOf(bytes, at);
  const crc = crcOf(bytes, at);
  let chain = Math.imul(before ^ base, 0x9e3779b1);
  chain = Math.imul(chain ^ next ^ (chain >>> 15), 0x85ebca6b);
  chain = Math.imul(chain ^ epoch ^ (chain >>> 13), 0xc2b2ae35);
  chain = Math.imul(chain ^ crc ^ (chain >>> 16), 0x27d4eb2f);
  return { base, next, epoch, crc, chain: (chain ^ (chain >>> 15)) | 0 };
}
