import type { ErrorName, Offset } from '@barnabas/model';
import type { ProduceResult } from '../replicas.ts';
import type { ProduceRequest } from './produce-request.ts';

/** Where appends wait: the partition, which also knows what to say of those that have waited in vain. */
export interface AppendWaits {
  remove(wait: AppendWait): void;
  whyNotYet(): { readonly error: ErrorName; readonly message: string };
}

/** One batch that is in the log and waits until it is safe enough for who sent it. */
export class AppendWait {
  /** The end that has to be reached. */
  readonly requiredOffset: Offset;
  readonly #request: ProduceRequest;
  readonly #place: number;
  readonly #result: ProduceResult;
  readonly #waits: AppendWaits;

  constructor(
    request: ProduceRequest,
    place: number,
    requiredOffset: Offset,
    result: ProduceResult,
    waits: AppendWaits,
  ) {
    this.#request = request;
    this.#place = place;
    this.requiredOffset = requiredOffset;
    this.#result = result;
    this.#waits = waits;
  }

  succeed(): void {
    this.#request.settle(this.#place, this.#result);
  }

  /** It is in the log all the same, and may yet become safe (rule 7). */
  fail(error: ErrorName, message: string): void {
    this.#request.settle(this.#place, { kind: 'failed', error, message, appended: true });
  }

  expire(): void {
    this.#waits.remove(this);
    const { error, message } = this.#waits.whyNotYet();
    this.fail(error, message);
  }
}
