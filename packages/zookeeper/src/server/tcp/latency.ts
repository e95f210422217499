/** How long requests took, from their coming to the sending of their replies, in whole milliseconds. */
export class Latency {
  #count = 0;
  #totalMs = 0;
  #minMs = Number.POSITIVE_INFINITY;
  #maxMs = 0;

  add(durationMs: number): void {
    const wholeMs = Math.max(0, Math.floor(durationMs));
    this.#count++;
    this.#totalMs += wholeMs;
    this.#minMs = Math.min(this.#minMs, wholeMs);
    this.#maxMs = Math.max(this.#maxMs, wholeMs);
  }

  /** 0 as long as there was no request; the same holds for the others. */
  get minMs(): number {
    return this.#count === 0 ? 0 : this.#minMs;
  }

  get maxMs(): number {
    return this.#maxMs;
  }

  get averageMs(): number {
    return this.#count === 0 ? 0 : this.#totalMs / this.#count;
  }
}
