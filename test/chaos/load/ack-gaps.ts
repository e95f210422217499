/** The times at which something succeeded again and again; the longest stretch without is what matters. */
export class AckGaps {
  #lastMs: number;
  #longestMs = 0;

  constructor(nowMs: number) {
    this.#lastMs = nowMs;
  }

  acknowledged(nowMs: number): void {
    this.#longestMs = this.longestMs(nowMs);
    this.#lastMs = nowMs;
  }

  /** Since the beginning, the stretch up to now among them. */
  longestMs(nowMs: number): number {
    return Math.max(this.#longestMs, nowMs - this.#lastMs);
  }
}
