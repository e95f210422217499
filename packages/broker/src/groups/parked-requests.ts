import { type GroupRequest, type GroupResponse, groupRefusal, type RequestId } from '@barnabas/coordinator';
import type { ErrorName } from '@barnabas/model';

type Parked = { readonly request: GroupRequest; readonly answer: (response: GroupResponse) => void };

/**
 * Requests that a shard has yet to answer, by the numbers that it knows them by.
 *
 * Invariant: each is answered once, by the shard or with a refusal.
 */
export class ParkedRequests {
  readonly #parked = new Map<RequestId, Parked>();
  #lastId: RequestId = 0;

  /** `onGone` is called where nobody waits for the answer any longer, as long as there is none. */
  park(
    request: GroupRequest,
    signal: AbortSignal,
    onGone: (id: RequestId) => void,
  ): { readonly id: RequestId; readonly answered: Promise<GroupResponse> } {
    const id = ++this.#lastId;
    const { promise: answered, resolve } = Promise.withResolvers<GroupResponse>();
    const onAbort = (): void => onGone(id);
    const answer = (response: GroupResponse): void => {
      signal.removeEventListener('abort', onAbort);
      resolve(response);
    };
    this.#parked.set(id, { request, answer });
    signal.addEventListener('abort', onAbort);
    return { id, answered };
  }

  has(id: RequestId): boolean {
    return this.#parked.has(id);
  }

  /** No effect for one that has been answered. */
  answer(id: RequestId, response: GroupResponse): void {
    const parked = this.#parked.get(id);
    this.#parked.delete(id);
    parked?.answer(response);
  }

  refuse(id: RequestId, error: ErrorName): void {
    const parked = this.#parked.get(id);
    if (parked !== undefined) this.answer(id, groupRefusal(parked.request, error));
  }

  refuseAll(error: ErrorName): void {
    for (const id of [...this.#parked.keys()]) this.refuse(id, error);
  }
}
