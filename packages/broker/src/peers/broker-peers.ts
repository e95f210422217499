import type { BrokerId } from '@barnabas/model';
import type { ApiName } from '@barnabas/protocol';
import { type PeerClient, PeerError, type PeerRequest, type PeerResponse, type SendOptions } from '@barnabas/transport';
import { type Endpoint, formatEndpoint } from '@barnabas/zookeeper';
import { brokerEndpoint } from '../cluster/broker-endpoint.ts';
import type { ClusterImage, ClusterView } from '../cluster/cluster-image.ts';
import type { Logger } from '../logger.ts';
import type { Peers } from './peers.ts';

export type BrokerPeersOptions = {
  readonly cluster: ClusterView;
  /** `inter.broker.listener.name`. */
  readonly listener: string;
  /** Dials when something is first sent. */
  readonly connect: (endpoint: Endpoint, broker: BrokerId) => PeerClient;
  readonly log: Logger;
};

type Connected = { readonly endpoint: Endpoint; readonly client: PeerClient };

/**
 * A client for each live broker that something was sent to. Follows the cluster image: a client of a broker that is gone or
 * listens elsewhere is closed, which fails what it has in flight. Ends with `close`.
 *
 * Invariant: a client in `#connected` goes to the endpoint that the image has for its broker.
 */
export class BrokerPeers implements Peers {
  readonly #options: BrokerPeersOptions;
  readonly #connected = new Map<BrokerId, Connected>();
  readonly #closing = new Set<Promise<void>>();
  readonly #unfollow: () => void;
  #isClosed = false;

  constructor(options: BrokerPeersOptions) {
    this.#options = options;
    this.#unfollow = options.cluster.onChange((image) => this.#dropOutdated(image));
  }

  async send<Name extends ApiName>(
    broker: BrokerId,
    api: Name,
    version: number,
    request: PeerRequest<Name>,
    options: SendOptions,
  ): Promise<PeerResponse<Name>> {
    return this.#clientOf(broker).send(api, version, request, options);
  }

  /** Fails what is in flight, and refuses what comes after. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#unfollow();
    for (const broker of [...this.#connected.keys()]) this.#drop(broker);
    await Promise.all(this.#closing);
  }

  #clientOf(broker: BrokerId): PeerClient {
    if (this.#isClosed) throw new PeerError('refused', 'closed', 'this broker is shutting down');
    const known = this.#connected.get(broker);
    if (known !== undefined) return known.client;
    const { cluster, listener, connect } = this.#options;
    const endpoint = brokerEndpoint(cluster.image, broker, listener);
    if (endpoint === undefined) {
      throw new PeerError('refused', 'unreachable', `broker ${broker} is not alive, or has no listener ${listener}`);
    }
    const client = connect(endpoint, broker);
    this.#connected.set(broker, { endpoint, client });
    return client;
  }

  #dropOutdated(image: ClusterImage): void {
    for (const [broker, { endpoint }] of [...this.#connected]) {
      const now = brokerEndpoint(image, broker, this.#options.listener);
      if (now === undefined || !isSamePlace(now, endpoint)) this.#drop(broker);
    }
  }

  #drop(broker: BrokerId): void {
    const dropped = this.#connected.get(broker);
    if (dropped === undefined) return;
    this.#connected.delete(broker);
    const closing = dropped.client
      .close()
      .catch((error: unknown) => this.#options.log.warn({ err: error, broker }, 'could not close the connection'))
      .finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}

const isSamePlace = (one: Endpoint, other: Endpoint): boolean =>
  formatEndpoint(one) === formatEndpoint(other) && one.securityProtocol === other.securityProtocol;
