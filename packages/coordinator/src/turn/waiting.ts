import type { GroupRequest, RequestId } from '../groups/group-shard.ts';

/**
 * The requests that were not answered yet.
 *
 * Invariant: each is answered once at most, and none that its client has given up.
 */
export class Waiting {
  readonly #requests = new Map<RequestId, GroupRequest>();

  begin(id: RequestId, asked: GroupRequest): void {
    this.#requests.set(id, withoutPayload(asked));
  }

  get(id: RequestId): GroupRequest | undefined {
    return this.#requests.get(id);
  }

  /** Whether anybody still waits for the answer that is to be given now. */
  end(id: RequestId): boolean {
    return this.#requests.delete(id);
  }

  all(): readonly (readonly [RequestId, GroupRequest])[] {
    return [...this.#requests];
  }
}

/** What is large in a request that may be parked for minutes, and is not needed for refusing it. */
const withoutPayload = (asked: GroupRequest): GroupRequest => {
  if (asked.api === 'JoinGroup') return { ...asked, request: { ...asked.request, protocols: [] } };
  if (asked.api === 'SyncGroup') return { ...asked, request: { ...asked.request, assignments: [] } };
  return asked;
};
