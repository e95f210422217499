import { leaderEpoch, offset } from '@barnabas/model';
import {
  baseOffsetOf,
  baseSequenceOf,
  checkProducedBatch,
  type LogRecord,
  lastOffsetOf,
  lastSequenceOf,
  maxTimestampOf,
  nextOffsetOf,
  producerEpochOf,
  producerIdOf,
  readRecords,
  recordCountOf,
  stampBatch,
} from '@barnabas/protocol';

type Produced = { readonly baseOffset: number; readonly errorCode: number };

/** A leader's log in memory: whole batches with the offsets that a leader gives, and Kafka's check of sequence numbers. */
export class MemoryPartition {
  readonly batches: Buffer[] = [];
  startOffset = 0;
  highWatermark = 0;
  abortedTransactions: { producerId: bigint; firstOffset: bigint }[] = [];
  readonly #waiting = new Set<() => void>();

  get waitingFetches(): number {
    return this.#waiting.size;
  }

  produce(sent: Buffer, expectedOffset = -1n): Produced {
    checkProducedBatch(sent, 0);
    const bytes = Buffer.from(sent);
    const sequenced = this.#checkSequence(bytes);
    if (sequenced !== undefined) return sequenced;
    const baseOffset = this.highWatermark;
    if (expectedOffset >= 0n && expectedOffset !== BigInt(baseOffset)) return { baseOffset: -1, errorCode: 1 };
    this.append(bytes);
    return { baseOffset, errorCode: 0 };
  }

  /** Any batch, as its offset is to be. */
  append(bytes: Buffer): void {
    stampBatch(bytes, 0, offset(this.highWatermark), leaderEpoch(0));
    this.batches.push(bytes);
    this.highWatermark = nextOffsetOf(bytes);
    for (const wake of Array.from(this.#waiting)) wake();
  }

  get records(): LogRecord[] {
    return this.batches.flatMap((bytes) => readRecords(bytes));
  }

  /** From the batch that holds `from` on, cut at `maxBytes` but for the first one. */
  read(from: number, maxBytes: number): Buffer {
    const parts: Buffer[] = [];
    let sizeBytes = 0;
    for (const bytes of this.batches) {
      if (lastOffsetOf(bytes) < from || lastOffsetOf(bytes) < this.startOffset) continue;
      if (parts.length > 0 && sizeBytes + bytes.length > maxBytes) break;
      parts.push(bytes);
      sizeBytes += bytes.length;
    }
    return Buffer.concat(parts);
  }

  offsetFor(timestamp: bigint): number {
    if (timestamp === -1n) return this.highWatermark;
    if (timestamp === -2n) return this.startOffset;
    for (const bytes of this.batches) {
      if (maxTimestampOf(bytes) < timestamp) continue;
      for (const record of readRecords(bytes)) if (record.timestamp >= timestamp) return record.offset;
    }
    return -1;
  }

  /** Resolves at the next append, or when `signal` is aborted. */
  grown(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        this.#waiting.delete(end);
        resolve();
      };
      this.#waiting.add(end);
      signal.addEventListener('abort', end);
      if (signal.aborted) end();
    });
  }

  #checkSequence(bytes: Buffer): Produced | undefined {
    const producer = producerIdOf(bytes);
    if (producer < 0) return undefined;
    const own = this.batches.filter((batch) => producerIdOf(batch) === producer);
    const same = own.find((batch) => isSame(batch, bytes));
    if (same !== undefined) return { baseOffset: baseOffsetOf(same), errorCode: 0 };
    const last = own.at(-1);
    const expected = last === undefined ? baseSequenceOf(bytes) : lastSequenceOf(last) + 1;
    return baseSequenceOf(bytes) === expected ? undefined : { baseOffset: -1, errorCode: 45 };
  }
}

const isSame = (a: Buffer, b: Buffer): boolean =>
  producerEpochOf(a) === producerEpochOf(b) &&
  baseSequenceOf(a) === baseSequenceOf(b) &&
  recordCountOf(a) === recordCountOf(b);
