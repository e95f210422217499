import { Counter, type Registry } from 'prom-client';

/** A counter for each topic. Owns the series of the topics that it has counted for; `keepOnly` drops those of the others. */
export class TopicCounter {
  readonly #counter: Counter<'topic'>;
  readonly #series = new Map<string, Counter.Internal>();

  constructor(registry: Registry, name: string, help: string) {
    this.#counter = new Counter({ name, help, labelNames: ['topic'], registers: [registry] });
  }

  add(topic: string, count: number): void {
    let series = this.#series.get(topic);
    if (series === undefined) {
      series = this.#counter.labels(topic);
      this.#series.set(topic, series);
    }
    series.inc(count);
  }

  keepOnly(isThere: (topic: string) => boolean): void {
    for (const topic of [...this.#series.keys()].filter((it) => !isThere(it))) {
      this.#series.delete(topic);
      this.#counter.remove(topic);
    }
  }
}
