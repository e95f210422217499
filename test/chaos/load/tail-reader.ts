import type { Client, Reader } from '@barnabas/client';
import type { Finding, Found } from '../audit/audit.ts';

/** Of a read that finds nothing new. */
const WAIT_MS = 1000;

/** Reads a partition while it is written to, as consumers do. Ends with `finish`. */
export class TailReader {
  readonly #name: string;
  readonly #from: number;
  readonly #reader: Reader;
  readonly #records: Found[] = [];
  readonly #reading: Promise<void>;
  #end = Number.POSITIVE_INFINITY;

  /** @param from the offset of the first record that is to come */
  constructor(client: Client, topic: string, partition: number, from: number) {
    this.#name = `${topic}-${partition}`;
    this.#from = from;
    this.#reader = client.reader({ topic, partition, from, waitMs: WAIT_MS });
    this.#reading = this.#read();
    // Whoever finishes hears of it.
    this.#reading.catch(() => {});
  }

  /** How many records it has read. */
  get count(): number {
    return this.#records.length;
  }

  /** Resolves when it has read all records before `end`. Rejects where it could not. */
  async finish(end: number): Promise<void> {
    this.#end = end;
    this.#closeAtEnd();
    await this.#reading;
  }

  /** What it was given that is not in the partition, of which `records` are all, and what it was not given. */
  audit(records: readonly Found[]): Finding[] {
    const given = this.#records.slice(0, Math.max(0, this.#end - this.#from));
    const isThere = ({ offset, text }: Found): boolean => records[offset]?.text === text;
    const vanished = given.filter((record) => !isThere(record));
    const jumps = given.filter(({ offset }, index) => offset !== this.#from + index);
    return [
      ...vanished.map(({ offset, text }): Finding => ({ kind: 'vanished', what: `${this.#name} ${offset}: ${text}` })),
      ...jumps
        .slice(0, 1)
        .map(({ offset }): Finding => ({ kind: 'gap', what: `${this.#name} ${offset}, as it was read` })),
    ];
  }

  async #read(): Promise<void> {
    for await (const record of this.#reader) {
      this.#records.push({ offset: record.offset, text: record.text() });
      this.#closeAtEnd();
    }
  }

  #closeAtEnd(): void {
    if (this.#from + this.#records.length >= this.#end) this.#reader.close();
  }
}
