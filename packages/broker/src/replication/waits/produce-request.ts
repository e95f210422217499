import type { ProduceResult } from '../replicas.ts';
import type { Appender, AppendWait } from './append-wait.ts';
import type { Deadlines, Expiring } from './deadlines.ts';

/**
 * One produce request: a result for each of its batches, and one promise for all of them. There is no promise and no timer
 * for a batch.
 */
export class ProduceRequest implements Appender, Expiring {
  readonly #results: (ProduceResult | undefined)[];
  #left: number;
  #waits: AppendWait[] = [];
  #resolve: (() => void) | undefined;

  constructor(count: number) {
    this.#results = new Array<ProduceResult | undefined>(count).fill(undefined);
    this.#left = count;
  }

  settle(place: number, result: ProduceResult): void {
    if (this.#results[place] !== undefined) return;
    this.#results[place] = result;
    this.#left--;
    if (this.#left === 0) this.#resolve?.();
  }

  /** One that `settle` will be called for, by whoever lets it wait. */
  park(wait: AppendWait): void {
    this.#waits.push(wait);
  }

  /** Resolves with all results, those that are not there by the deadline failed. */
  async results(deadlines: Deadlines, timeoutMs: number): Promise<readonly ProduceResult[]> {
    if (this.#left > 0) {
      const settled = new Promise<void>((resolve) => {
        this.#resolve = resolve;
      });
      const bucket = deadlines.add(this, timeoutMs);
      await settled;
      deadlines.remove(this, bucket);
      this.#waits = [];
    }
    return this.#results as ProduceResult[];
  }

  expire(): void {
    const waits = this.#waits;
    this.#waits = [];
    for (const wait of waits) wait.expire();
  }
}
