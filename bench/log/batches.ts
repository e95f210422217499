import { randomBytes } from 'node:crypto';
import { buildBatch } from '@barnabas/protocol';

const RECORD_BYTES = 1024;

/** One batch of exactly `sizeBytes`, as a producer sends it: of records of about 1 KiB, all at `timestamp`. */
export const batchOf = (sizeBytes: number, timestamp: number): Buffer => {
  const count = Math.max(1, Math.floor(sizeBytes / RECORD_BYTES) - 1);
  let lastBytes = 0;
  for (let tries = 0; tries < 8; tries++) {
    const batch = buildBatch({
      records: Array.from({ length: count }, (_, index) => ({
        timestamp,
        key: null,
        value: randomBytes(index === count - 1 ? lastBytes : RECORD_BYTES),
      })),
    });
    if (batch.length === sizeBytes) return batch;
    lastBytes += sizeBytes - batch.length;
  }
  throw new Error(`no batch of records has ${sizeBytes} bytes`);
};

/**
 * A log takes over the buffers it is given and writes offsets into them, so that each append needs one of its own, as it
 * would come from a socket. These are filled before a round is measured, so that the copy is not counted; what they hold
 * has to come from memory again, where bytes from a socket might still be in the processor's cache.
 */
export class BatchPool {
  readonly batches: readonly Buffer[];
  readonly #template: Buffer;

  constructor(template: Buffer, count: number) {
    const slab = Buffer.allocUnsafeSlow(template.length * count);
    this.#template = template;
    this.batches = Array.from({ length: count }, (_, index) =>
      slab.subarray(index * template.length, (index + 1) * template.length),
    );
  }

  refill(): void {
    for (const batch of this.batches) this.#template.copy(batch);
  }
}
