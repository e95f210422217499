import type { ErrorName, Offset } from '@barnabas/model';
import type { ProduceResult } from '../replicas.ts';

/** Where appends wait: the partition, which also knows what to say of those that have waited in vain. */
export interface AppendWaits {
  remove(wait: AppendWait): void;
  whyNotYet(): { readonly error: ErrorName; readonly message: string };
}

/** Who asked for some appends, each of which has its place among the answers. */
export interface Appender {
  settle(place: number, result: ProduceResult): void;
}

/** One batch that is in the log and waits until it is safe enough for who sent it. */
export class AppendWait {
  /** The end that has to be reached. */
  readonly requiredOffset: Offset;
  readonly #appender: Appender;
  readonly #place: number;
  readonly #result: ProduceResult;
  readonly #waits: AppendWaits;

  constructor(appender: Appender, place: number, requiredOffset: Offset, result: ProduceResult, waits: AppendWaits) {
    this.#appender = appender;
    this.#place = place;
    this.requiredOffset = requiredOffset;
    this.#result = result;
    this.#waits = waits;
  }

  succeed(): void {
    this.#appender.settle(this.#place, this.#result);
  }

  /** It is in the log all the same, and may yet become safe (rule 7). */
  fail(error: ErrorName, message: string): void {
    this.#appender.settle(this.#place, { kind: 'failed', error, message, appended: true });
  }

  expire(): void {
    this.#waits.remove(this);
    const { error, message } = this.#waits.whyNotYet();
    this.fail(error, message);
  }
}
