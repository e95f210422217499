import type { Random } from '@barnabas/model';
import { murmur2 } from './murmur2.ts';

/** The partition of all records with this key, as Kafka's own clients choose it. */
export function partitionForKey(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount;
}

/**
 * Chooses partitions for the records of one topic: by the hash of the key, or, without a key, one partition until it has
 * got a batch's worth of bytes and then another by chance, so that batches fill (KIP-480, KIP-794).
 */
export class Partitioner {
  readonly #random: Random;
  readonly #stickyBytes: number;
  #sticky: number | undefined;
  #bytes = 0;

  constructor(random: Random, stickyBytes: number) {
    this.#random = random;
    this.#stickyBytes = stickyBytes;
  }

  choose(key: Uint8Array | null, sizeBytes: number, partitionCount: number): number {
    if (key !== null) return partitionForKey(key, partitionCount);
    if (this.#sticky === undefined || this.#bytes >= this.#stickyBytes) {
      this.#sticky = this.#another(partitionCount);
      this.#bytes = 0;
    }
    this.#bytes += sizeBytes;
    return this.#sticky;
  }

  #another(partitionCount: number): number {
    if (this.#sticky === undefined || partitionCount === 1) return this.#random.below(partitionCount);
    return (this.#sticky + 1 + this.#random.below(partitionCount - 1)) % partitionCount;
  }
}
