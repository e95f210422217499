import { ByteWriter } from './byte-writer.ts';

/** Below this a copy costs less than one part more. */
const MIN_PIECE_BYTES = 4096;

/** `bytes` belongs in front of what the writer itself has at `at`. */
type Piece = { at: number; readonly bytes: Uint8Array };

/**
 * A writer for messages that carry records: it keeps large values by reference instead of copying them, and gives
 * everything in parts for one gathering write to a socket. Whoever passed such a value must not change it until then.
 *
 * `position` and `written()` are those of its own bytes, without the values that it only refers to.
 */
export class GatherWriter extends ByteWriter {
  private readonly pieces: Piece[] = [];

  /** Of all parts together. */
  get sizeBytes(): number {
    return this.sizeSince(0);
  }

  /** The parts in order. Those that are the writer's own are views, valid until more is written. */
  parts(): Uint8Array[] {
    const own = this.written();
    const parts: Uint8Array[] = [];
    let from = 0;
    for (const { at, bytes } of this.pieces) {
      if (at > from) parts.push(own.subarray(from, at));
      parts.push(bytes);
      from = at;
    }
    if (from < own.length) parts.push(own.subarray(from));
    return parts;
  }

  override raw(value: Uint8Array): void {
    if (value.length < MIN_PIECE_BYTES) super.raw(value);
    else this.pieces.push({ at: this.position, bytes: value });
  }

  protected override sizeSince(from: number): number {
    const kept = this.pieces.reduce((sum, { at, bytes }) => (at >= from ? sum + bytes.length : sum), 0);
    return super.sizeSince(from) + kept;
  }

  /** A piece has its own length in front of it: none that was there before can stand right at `from`. */
  override prefixSize(from: number): void {
    const before = this.position;
    super.prefixSize(from);
    const prefixBytes = this.position - before;
    for (const piece of this.pieces) if (piece.at >= from) piece.at += prefixBytes;
  }
}
