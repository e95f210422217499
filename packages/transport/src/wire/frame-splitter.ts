/**
 * A frame, as on Kafka's own port:
 *
 *     int32  size of what follows
 *     bytes  a request or a response, header first
 */
import { MalformedFrameError } from './malformed-frame-error.ts';

export const FRAME_SIZE_BYTES = 4;
/** A frame in several chunks gets at most this much room before its bytes are there. */
const EAGER_BYTES = 1024 * 1024;
const NOTHING = Buffer.alloc(0);

/**
 * Cuts what comes from a stream into frames. Its owner pushes a chunk and goes through the frames that come back. A frame
 * that lies in one chunk is a view of it; others are put together in a buffer of their own, which never holds more than
 * 1 MiB or twice of what has arrived. After a `MalformedFrameError` the stream is of no more use.
 */
export class FrameSplitter {
  readonly #maxFrameBytes: number;
  /** Not held any longer than it is needed: a connection may be idle for long. */
  #chunk: Buffer = NOTHING;
  #at = 0;
  /** Of the size in front: its value so far, and how many of its bytes are there. */
  #size = 0;
  #sizeBytes = 0;
  /** The beginning of a frame whose end has not come. */
  #partial: Buffer | undefined;
  #partialBytes = 0;

  /** @param maxFrameBytes the most that a frame may have, without its size */
  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /**
   * The frames that are complete with `chunk`, without their sizes. Go through all of them before the next push.
   *
   * @throws MalformedFrameError on reaching a size that is negative or over the limit, after all frames before it
   */
  *push(chunk: Buffer): Generator<Buffer, void, undefined> {
    this.#chunk = chunk;
    this.#at = 0;
    while (this.#readSize()) {
      const frame = this.#readFrame();
      if (frame === undefined) break;
      this.#size = 0;
      this.#sizeBytes = 0;
      yield frame;
    }
    this.#chunk = NOTHING;
  }

  /** Whether the size of the next frame is known. */
  #readSize(): boolean {
    if (this.#sizeBytes === FRAME_SIZE_BYTES) return true;
    while (this.#sizeBytes < FRAME_SIZE_BYTES) {
      const byte = this.#chunk[this.#at];
      if (byte === undefined) return false;
      this.#size = (this.#size << 8) | byte;
      this.#sizeBytes++;
      this.#at++;
    }
    if (this.#size < 0 || this.#size > this.#maxFrameBytes) {
      throw new MalformedFrameError(`a frame of ${this.#size} bytes is announced, ${this.#maxFrameBytes} are allowed`);
    }
    return true;
  }

  #readFrame(): Buffer | undefined {
    const from = this.#at;
    const to = Math.min(from + this.#size - this.#partialBytes, this.#chunk.length);
    this.#at = to;
    if (this.#partial === undefined && to - from === this.#size) return this.#chunk.subarray(from, to);
    if (to > from) this.#append(from, to);
    if (this.#partialBytes < this.#size) return undefined;
    const frame = this.#partial?.subarray(0, this.#size);
    this.#partial = undefined;
    this.#partialBytes = 0;
    return frame;
  }

  #append(from: number, to: number): void {
    const bytes = this.#partialBytes + to - from;
    if (this.#partial === undefined || this.#partial.length < bytes) {
      const larger = Buffer.allocUnsafeSlow(Math.min(this.#size, Math.max(EAGER_BYTES, bytes * 2)));
      this.#partial?.copy(larger, 0, 0, this.#partialBytes);
      this.#partial = larger;
    }
    this.#chunk.copy(this.#partial, this.#partialBytes, from, to);
    this.#partialBytes = bytes;
  }
}
