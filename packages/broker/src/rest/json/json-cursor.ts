/**
 * Walks over JSON (RFC 8259) as bytes, and only says where values begin and end: they are passed on as they were written,
 * every digit and escape of them. Strict; needs no memory but for the nesting, which is bounded. That the bytes are UTF-8
 * is for the caller to check.
 */
import { MalformedJsonError } from './malformed-json-error.ts';

/** How deep arrays and objects may be nested. Readers of JSON have limits, too. */
export const MAX_DEPTH = 1_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const LOWER_U = 0x75;
const SPACE = 0x20;
/** `"\/bfnrt`, what may follow a backslash beside `u`. */
const ESCAPABLE = new Set(Buffer.from('"\\/bfnrt'));
const LITERALS = ['true', 'false', 'null'].map((literal) => Buffer.from(literal));

const isSpace = (byte: number | undefined): boolean =>
  byte === SPACE || byte === 0x0a || byte === 0x0d || byte === 0x09;
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= 0x39;
const isHex = (byte: number | undefined): boolean =>
  byte !== undefined && (isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66));

/** Every `skip` leaves the cursor behind what it skipped, and throws MalformedJsonError where that is not there. */
export class JsonCursor {
  readonly bytes: Buffer;
  at: number;
  readonly endAt: number;

  constructor(bytes: Buffer, at = 0, endAt = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.endAt = endAt;
  }

  get isAtEnd(): boolean {
    return this.at >= this.endAt;
  }

  skipSpace(): void {
    while (isSpace(this.#byte())) this.at += 1;
  }

  /** Whether `character` comes next, after space; it is skipped then. */
  takes(character: '[' | ']' | '{' | '}' | ','): boolean {
    this.skipSpace();
    if (this.#byte() !== character.charCodeAt(0)) return false;
    this.at += 1;
    return true;
  }

  /** The name of a member, after space, with the colon after it; as it is written, quotes and all. */
  takeName(): Buffer {
    this.skipSpace();
    const from = this.at;
    if (this.#byte() !== QUOTE) throw this.fault('a name is missing');
    this.#skipString();
    const name = this.bytes.subarray(from, this.at);
    this.skipSpace();
    if (this.#byte() !== COLON) throw this.fault('a colon is missing');
    this.at += 1;
    return name;
  }

  /** The value that comes next, after space: a view, as it is written. */
  takeValue(): Buffer {
    this.skipSpace();
    const from = this.at;
    this.#skipValue();
    return this.bytes.subarray(from, this.at);
  }

  fault(reason: string): MalformedJsonError {
    return new MalformedJsonError(this.isAtEnd ? 'it ends too early' : reason, this.at);
  }

  #byte(): number | undefined {
    return this.at < this.endAt ? this.bytes[this.at] : undefined;
  }

  #skipValue(): void {
    const closers: number[] = [];
    do {
      this.skipSpace();
      if (!this.#opens(closers)) this.#leave(closers);
    } while (closers.length > 0);
  }

  /** Goes into an array or object that is not empty, up to its first value; skips any other value. */
  #opens(closers: number[]): boolean {
    const first = this.#byte();
    if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) {
      this.#skipScalar(first);
      return false;
    }
    const closer = first === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY;
    this.at += 1;
    this.skipSpace();
    if (this.#byte() === closer) {
      this.at += 1;
      return false;
    }
    if (closers.length === MAX_DEPTH) throw this.fault(`nested more than ${MAX_DEPTH} deep`);
    closers.push(closer);
    if (closer === CLOSE_OBJECT) this.takeName();
    return true;
  }

  /** After a value: out of all that ends here, and up to the next value of what does not. */
  #leave(closers: number[]): void {
    for (let closer = closers.at(-1); closer !== undefined; closer = closers.at(-1)) {
      this.skipSpace();
      const next = this.#byte();
      if (next !== closer && next !== COMMA) throw this.fault('a comma or a closing bracket is missing');
      this.at += 1;
      if (next === COMMA) {
        if (closer === CLOSE_OBJECT) this.takeName();
        return;
      }
      closers.pop();
    }
  }

  #skipScalar(first: number | undefined): void {
    if (first === QUOTE) this.#skipString();
    else if (first === MINUS || isDigit(first)) this.#skipNumber();
    else this.#skipLiteral();
  }

  #skipString(): void {
    const { bytes, endAt } = this;
    let at = this.at + 1;
    for (; at < endAt; at += 1) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) at += this.#escapeBytes(at) - 1;
      else if (byte < SPACE) throw new MalformedJsonError('a control character in a string', at);
    }
    this.at = Math.min(at, endAt);
    if (this.at === endAt) throw this.fault('');
    this.at += 1;
  }

  #escapeBytes(at: number): number {
    const { bytes, endAt } = this;
    const escaped = bytes[at + 1];
    if (at + 1 < endAt && escaped !== undefined && ESCAPABLE.has(escaped)) return 2;
    const isUnicode = at + 5 < endAt && escaped === LOWER_U && [2, 3, 4, 5].every((digit) => isHex(bytes[at + digit]));
    if (!isUnicode) throw new MalformedJsonError('an escape that is none', at);
    return 6;
  }

  #skipNumber(): void {
    if (this.#byte() === MINUS) this.at += 1;
    if (this.#byte() === ZERO) this.at += 1;
    else this.#skipDigits();
    if (this.#byte() === POINT) {
      this.at += 1;
      this.#skipDigits();
    }
    if (((this.#byte() ?? 0) | SPACE) === 0x65) {
      this.at += 1;
      const sign = this.#byte();
      if (sign === PLUS || sign === MINUS) this.at += 1;
      this.#skipDigits();
    }
  }

  #skipDigits(): void {
    if (!isDigit(this.#byte())) throw this.fault('a digit is missing');
    while (isDigit(this.#byte())) this.at += 1;
  }

  #skipLiteral(): void {
    const { bytes, at, endAt } = this;
    for (const literal of LITERALS) {
      const end = at + literal.length;
      if (end <= endAt && bytes.compare(literal, 0, literal.length, at, end) === 0) {
        this.at = end;
        return;
      }
    }
    throw this.fault('no JSON value begins');
  }
}
