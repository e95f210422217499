/** Counts what runs came across, so that runs that never met what they claim to survive do not pass. */
export class Reached {
  readonly #counts = new Map<string, number>();

  note(what: string, times = 1): void {
    if (times > 0) this.#counts.set(what, (this.#counts.get(what) ?? 0) + times);
  }

  add(counts: Readonly<Record<string, number>>): void {
    for (const [what, times] of Object.entries(counts)) this.note(what, times);
  }

  missing(expected: readonly string[]): string[] {
    return expected.filter((what) => !this.#counts.has(what));
  }

  get counts(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
