import { MalformedJuteError } from './malformed-jute-error.ts';

const HEADER_BYTES = 4;
/** Room that a frame gets at first when it does not lie in one chunk. */
const INITIAL_BYTES = 4096;

/**
 * Cuts what comes from a socket into frames: each is an int32 and as many bytes. One for each connection; its owner pushes
 * every chunk and goes through the frames that come back. A frame that lies in one chunk is a view of it; others are put
 * together in a buffer that never holds more than twice of what has arrived, and every byte is copied a constant number of
 * times, however small the chunks. After a `MalformedJuteError` the connection is of no more use.
 */
export class FrameSplitter {
  readonly #maxFrameBytes: number;
  /** What was pushed last, and how far it has been cut. */
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Of the length: the bytes that are there, and how many they are. */
  #length = 0;
  #lengthBytes = 0;
  /** The beginning of a frame whose end has not come. */
  #partial: Buffer | undefined;
  #partialBytes = 0;

  /** @param maxFrameBytes the most that a frame may have, without its length */
  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /**
   * The frames that are complete with `chunk`, without their lengths. Go through all of them before the next push.
   *
   * @throws MalformedJuteError on reaching a length that is negative or over the limit, after all frames before it
   */
  *push(chunk: Uint8Array): Generator<Buffer, void, undefined> {
    this.#chunk = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#at = 0;
    while (this.#readLength()) {
      const frame = this.#readFrame();
      if (frame === undefined) return;
      this.#lengthBytes = 0;
      yield frame;
    }
  }

  /** Whether the length of the next frame is known. */
  #readLength(): boolean {
    if (this.#lengthBytes === HEADER_BYTES) return true;
    while (this.#lengthBytes < HEADER_BYTES) {
      const byte = this.#chunk[this.#at];
      if (byte === undefined) return false;
      this.#length = (this.#length << 8) | byte;
      this.#lengthBytes++;
      this.#at++;
    }
    if (this.#length < 0 || this.#length > this.#maxFrameBytes) {
      throw new MalformedJuteError(
        0,
        `A frame of ${this.#length} bytes is announced, ${this.#maxFrameBytes} are allowed,`,
      );
    }
    return true;
  }

  #readFrame(): Buffer | undefined {
    const from = this.#at;
    const to = Math.min(from + this.#length - this.#partialBytes, this.#chunk.length);
    this.#at = to;
    if (this.#partial === undefined && to - from === this.#length) return this.#chunk.subarray(from, to);
    if (to > from) this.#append(from, to);
    if (this.#partialBytes < this.#length) return undefined;
    const frame = this.#partial?.subarray(0, this.#length);
    this.#partial = undefined;
    this.#partialBytes = 0;
    return frame;
  }

  #append(from: number, to: number): void {
    const bytes = this.#partialBytes + to - from;
    this.#partial = withRoom(this.#partial, this.#partialBytes, bytes, this.#length);
    this.#chunk.copy(this.#partial, this.#partialBytes, from, to);
    this.#partialBytes = bytes;
  }
}

/** `partial` with room for `bytes`, for twice as many if it has to be a new one, but for no more than `maxBytes`. */
function withRoom(partial: Buffer | undefined, usedBytes: number, bytes: number, maxBytes: number): Buffer {
  if (partial !== undefined && partial.length >= bytes) return partial;
  const larger = Buffer.allocUnsafeSlow(Math.min(maxBytes, Math.max(INITIAL_BYTES, bytes * 2)));
  partial?.copy(larger, 0, 0, usedBytes);
  return larger;
}
