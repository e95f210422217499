/** What the first bytes of a connection turn out to be. */
export type Opening =
  | { readonly type: 'word'; readonly word: string }
  /** All bytes so far: the beginning of a frame. */
  | { readonly type: 'frames'; readonly bytes: Uint8Array };

/**
 * Tells a four-letter word from the length of a first frame: both are four bytes, and no frame is as long as letters
 * would make it. The bytes may come one by one.
 */
export class FirstBytes {
  readonly #isWord: (word: string) => boolean;
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(isWord: (word: string) => boolean) {
    this.#isWord = isWord;
  }

  /** Undefined as long as it cannot be told. */
  push(chunk: Uint8Array): Opening | undefined {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    if (this.#bytes.length < 4) return undefined;
    const word = String.fromCharCode(...this.#bytes.subarray(0, 4));
    return this.#isWord(word) ? { type: 'word', word } : { type: 'frames', bytes: this.#bytes };
  }
}
