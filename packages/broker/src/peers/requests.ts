import type { BrokerId } from '@barnabas/model';
import type { ApiName } from '@barnabas/protocol';
import type { PeerRequest, PeerResponse } from '@barnabas/transport';

export type RequestOptions = {
  readonly deadlineMs: number;
  /** Aborted when nobody waits any longer. */
  readonly signal?: AbortSignal;
};

/**
 * How a door has a request answered: by this broker's own handler, or over the peers' stream by another broker's. Whichever
 * door a request came through, it is the same message and the same handler.
 */
export interface Requests {
  /**
   * @throws PeerError where another broker gave no answer; `outcome` says whether the request may have been executed
   */
  ask<Name extends ApiName>(
    broker: BrokerId,
    api: Name,
    version: number,
    request: PeerRequest<Name>,
    options: RequestOptions,
  ): Promise<PeerResponse<Name>>;
}
