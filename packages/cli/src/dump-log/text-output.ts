/** Takes text; where it answers a promise, the next should wait for it. */
export type Write = (text: string) => void | Promise<void>;

const FULL_CHARACTERS = 64 * 1024;

/**
 * Gathers lines into pieces worth a write. Whoever prints looks at `isFull` now and then and awaits `drain`, so that a
 * slow reader slows the dump, and memory stays small.
 */
export class TextOutput {
  readonly #write: Write;
  #pending = '';

  constructor(write: Write) {
    this.#write = write;
  }

  get isFull(): boolean {
    return this.#pending.length >= FULL_CHARACTERS;
  }

  print(text: string): void {
    this.#pending += text;
  }

  async drain(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    if (text !== '') await this.#write(text);
  }
}
