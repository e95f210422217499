import { KafkaError } from '@barnabas/model';
import { BATCH_HEADER_BYTES, batchBytesOf, LOG_OVERHEAD_BYTES, MAGIC_V2, magicOf } from '@barnabas/protocol';
import { MalformedFileError } from '@barnabas/storage';
import type { FileWindow } from './file-window.ts';

/** Bytes up to and with the magic: as much of a header as all formats share. */
const COMMON_HEADER_BYTES = 17;
/** The least that a batch of any format has after offset and length. */
const LEAST_BATCH_LENGTH = 14;

/** A batch in a buffer that holds all of it, or its header at least. */
export type BatchView = {
  readonly bytes: Buffer;
  readonly at: number;
  /** Where it is in its file. */
  readonly position: number;
  readonly sizeBytes: number;
};

/**
 * Goes from batch to batch as Kafka's own reader does, which looks at the length alone: whatever else is in a batch, a
 * dump is to show it. What follows the last whole batch is not looked at.
 */
export class BatchWalk {
  readonly #window: FileWindow;
  readonly #end: number;
  /** Where the next batch begins. */
  position: number;

  /** Over the batches that lie between byte `from` and byte `end`. */
  constructor(window: FileWindow, from: number, end: number) {
    this.#window = window;
    this.position = from;
    this.#end = end;
  }

  /**
   * Moves over the next batch and answers it, with all of its bytes if it is `whole`; undefined where no other is
   * complete. Throws MalformedFileError for a length that cannot be, and KafkaError UNSUPPORTED_FOR_MESSAGE_FORMAT for a
   * message of Kafka before 0.11; rejects with FileOperationError.
   */
  async next(depth: 'header' | 'whole'): Promise<BatchView | undefined> {
    const position = this.position;
    if (position >= this.#end - COMMON_HEADER_BYTES) return undefined;
    const headerBytes = Math.min(BATCH_HEADER_BYTES, this.#window.sizeBytes - position);
    if (!this.#window.holds(position, headerBytes)) await this.#window.load(position, headerBytes);
    const sizeBytes = this.#sizeAt(position, headerBytes);
    if (sizeBytes === undefined) return undefined;
    if (depth === 'whole' && !this.#window.holds(position, sizeBytes)) await this.#window.load(position, sizeBytes);
    this.position = position + sizeBytes;
    return { bytes: this.#window.bytes, at: this.#window.at(position), position, sizeBytes };
  }

  #sizeAt(position: number, headerBytes: number): number | undefined {
    const { bytes, path } = this.#window;
    const at = this.#window.at(position);
    const sizeBytes = batchBytesOf(bytes, at);
    if (sizeBytes < LOG_OVERHEAD_BYTES + LEAST_BATCH_LENGTH) {
      const length = sizeBytes - LOG_OVERHEAD_BYTES;
      throw new MalformedFileError(path, { byte: position }, `a batch of length ${length}; none is under 14`);
    }
    if (position > this.#end - sizeBytes) return undefined;
    if (magicOf(bytes, at) < MAGIC_V2) {
      const message = `${path} has a message of format ${magicOf(bytes, at)}, of Kafka before 0.11, at byte ${position}`;
      throw new KafkaError('UNSUPPORTED_FOR_MESSAGE_FORMAT', message);
    }
    if (headerBytes < BATCH_HEADER_BYTES) {
      throw new MalformedFileError(path, { byte: position }, `${sizeBytes} bytes hold no header of a batch`);
    }
    return sizeBytes;
  }
}
