import type { BrokerId } from '@barnabas/model';
import type { ApiName } from '@barnabas/protocol';
import type { PeerRequest, PeerResponse, SendOptions } from '@barnabas/transport';

/**
 * The other brokers, by id. Where one listens comes from the cluster image; connections are made on demand and dropped when
 * the broker goes or moves.
 */
export interface Peers {
  /**
   * @throws PeerError as PeerClient.send; `refused`, `unreachable` for a broker that is not among the live ones
   */
  send<Name extends ApiName>(
    broker: BrokerId,
    api: Name,
    version: number,
    request: PeerRequest<Name>,
    options: SendOptions,
  ): Promise<PeerResponse<Name>>;
}
