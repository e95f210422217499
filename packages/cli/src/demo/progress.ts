import type { Terminal } from '../terminal.ts';

const EVERY_MS = 500;
const BAR_WIDTH = 30;

/** How far something is, now and then: a bar that moves where somebody watches, and otherwise a line for each step. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #isWatched: boolean;
  readonly #total: number;
  readonly #text: () => { readonly done: number; readonly line: string };
  #timer: NodeJS.Timeout | undefined;
  #shown = '';

  constructor(
    terminal: Terminal,
    isWatched: boolean,
    total: number,
    text: () => { readonly done: number; readonly line: string },
  ) {
    this.#terminal = terminal;
    this.#isWatched = isWatched;
    this.#total = total;
    this.#text = text;
  }

  start(): void {
    this.#timer = setInterval(() => this.#show(), EVERY_MS);
  }

  /** A line that stays, above the bar. */
  async say(line: string): Promise<void> {
    await this.#terminal.out(`${this.#isWatched ? '\r\x1b[K' : ''}${line}\n`);
  }

  /** Once, or more often. */
  async end(): Promise<void> {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#show();
    if (this.#isWatched) await this.#terminal.out('\n');
  }

  #show(): void {
    const { done, line } = this.#text();
    if (line === this.#shown) return;
    this.#shown = line;
    const filled = Math.round((BAR_WIDTH * done) / this.#total);
    const bar = `[${'#'.repeat(filled)}${' '.repeat(BAR_WIDTH - filled)}]`;
    const text = this.#isWatched ? `\r\x1b[K${bar} ${line}` : `  ${line}\n`;
    // Whoever reads slowly misses nothing that counts; that the output is closed, the next line that is awaited finds out.
    void Promise.resolve(this.#terminal.out(text)).catch(() => {});
  }
}
