/** Counts what a run came across, so that a run that never met what it claims to survive does not pass. */
export class Reached {
  readonly #counts = new Map<string, number>();

  note(what: string, times = 1): void {
    if (times > 0) this.#counts.set(what, (this.#counts.get(what) ?? 0) + times);
  }

  missing(expected: readonly string[]): string[] {
    return expected.filter((what) => !this.#counts.has(what));
  }

  get counts(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}
