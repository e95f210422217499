import type { Clock } from '@barnabas/model';

/** How long nobody tries a server that did not answer, if there is another one. */
const AVOIDED_MS = 2000;

/**
 * The servers of a cluster, of which any will do, and what all requests of a client have learnt about them: one that did not
 * answer is avoided by all for a while, so that not each of them has to wait for it.
 */
export class Servers {
  readonly #clock: Clock;
  readonly #urls: readonly string[];
  readonly #avoidedUntilMs: number[];

  /** @param urls at least one, such as `http://127.0.0.1:8081` */
  constructor(urls: readonly string[], clock: Clock) {
    if (urls.length === 0) throw new TypeError('servers: name at least one, such as http://127.0.0.1:8081');
    this.#urls = urls.map(origin);
    this.#avoidedUntilMs = urls.map(() => 0);
    this.#clock = clock;
  }

  get count(): number {
    return this.#urls.length;
  }

  url(index: number): string {
    return this.#urls[index % this.count] ?? '';
  }

  /** The first from `index` on, around, that nobody avoids; or else the one that has been avoided for longest. */
  usableFrom(index: number): number {
    const nowMs = this.#clock.steadyMs();
    let best = index % this.count;
    for (let step = 0; step < this.count; step += 1) {
      const candidate = (index + step) % this.count;
      if (this.#until(candidate) <= nowMs) return candidate;
      if (this.#until(candidate) < this.#until(best)) best = candidate;
    }
    return best;
  }

  avoid(index: number): void {
    this.#avoidedUntilMs[index % this.count] = this.#clock.steadyMs() + AVOIDED_MS;
  }

  answered(index: number): void {
    this.#avoidedUntilMs[index % this.count] = 0;
  }

  #until(index: number): number {
    return this.#avoidedUntilMs[index] ?? 0;
  }
}

function origin(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw new TypeError(`servers: ${url} is no URL such as http://127.0.0.1:8081`);
  }
  return parsed.origin;
}
