import type { Clock } from '@barnabas/model';

const KEPT_LINES = 150;

/**
 * All that happens in a run, in order: what is sent, what disks do, what ZooKeeper commits, what the simulation decides. Two runs
 * are the same if their digests are. The last lines are kept, all of them where somebody wants to read them.
 */
export class Trace {
  readonly #clock: Pick<Clock, 'steadyMs'>;
  readonly #print: ((line: string) => void) | undefined;
  readonly #last: string[] = [];
  #a = 0x811c9dc5;
  #b = 0x01000193;
  #events = 0;

  constructor(clock: Pick<Clock, 'steadyMs'>, print?: (line: string) => void) {
    this.#clock = clock;
    this.#print = print;
  }

  /** The number of events, and 64 bits that depend on each of them. */
  get digest(): string {
    return `${this.#events}-${(this.#a >>> 0).toString(16)}${(this.#b >>> 0).toString(16).padStart(8, '0')}`;
  }

  get lastLines(): readonly string[] {
    return this.#last.slice(-KEPT_LINES);
  }

  note(text: string, bytes?: Uint8Array): void {
    const line = `${this.#clock.steadyMs()} ${text}`;
    this.#events++;
    this.#addText(line);
    if (bytes !== undefined) this.#addBytes(bytes);
    this.#print?.(line);
    if (this.#last.length > 2 * KEPT_LINES) this.#last.splice(0, KEPT_LINES);
    this.#last.push(line);
  }

  /** FNV-1a, and beside it one that takes in the same with another factor. */
  #addText(text: string): void {
    let [a, b] = [this.#a, this.#b];
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b ^ code, 0x85ebca6b) + at;
    }
    this.#a = a;
    this.#b = b;
  }

  #addBytes(bytes: Uint8Array): void {
    let [a, b] = [this.#a, this.#b];
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul(b ^ byte, 0x85ebca6b) + at;
    }
    this.#a = a;
    this.#b = b;
  }
}
