import type { Clock, Random, Scheduler } from '@barnabas/model';
import { type AnyMessage, APIS, type Api, type ApiName } from '@barnabas/protocol';
import type { PeerClient, PeerRequest, PeerResponse, SendOptions } from '../peer/peer-client.ts';
import { TRAFFIC_CLASSES, type TrafficClass, trafficClassOf } from '../peer/traffic-class.ts';
import { MAX_FRAME_BYTES } from '../route.ts';
import { Lane } from './lane.ts';
import type { LaneLimits } from './lane-options.ts';
import { type PeerTls, undiciLaneStreams } from './undici-lane-stream.ts';

export type Http2PeerClientOptions = {
  readonly host: string;
  readonly port: number;
  /** Certificates and the like, for TLS; clear text without. */
  readonly tls?: PeerTls;
  /** In the header of every request. */
  readonly clientId: string;
  readonly limits?: Partial<LaneLimits>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
};

const LIMITS: LaneLimits = {
  maxInFlight: 20_000,
  maxInFlightBytes: 64 * 1024 * 1024,
  maxFrameBytes: MAX_FRAME_BYTES,
  openTimeoutMs: 10_000,
};

/** A client of one peer over HTTP/2: a connection with one long-lived stream for each class of traffic, made on demand. */
export class Http2PeerClient implements PeerClient {
  readonly #lanes: ReadonlyMap<TrafficClass, Lane>;

  constructor(options: Http2PeerClientOptions) {
    this.#lanes = new Map(TRAFFIC_CLASSES.map((trafficClass) => [trafficClass, laneOf(options, trafficClass)]));
  }

  async send<Name extends ApiName>(
    api: Name,
    version: number,
    request: PeerRequest<Name>,
    { deadlineMs }: SendOptions,
  ): Promise<PeerResponse<Name>> {
    const lane = this.#lanes.get(trafficClassOf(api)) as Lane;
    const row: Api<ApiName, AnyMessage, AnyMessage> = APIS[api];
    return (await lane.send(row, version, request, deadlineMs)) as PeerResponse<Name>;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close()));
  }
}

const laneOf = (
  { host, port, tls, clientId, limits, clock, scheduler, random }: Http2PeerClientOptions,
  trafficClass: TrafficClass,
): Lane => {
  const allLimits = { ...LIMITS, ...limits };
  return new Lane({
    name: `${host}:${port} (${trafficClass})`,
    clientId,
    limits: allLimits,
    open: undiciLaneStreams({ host, port, tls, trafficClass, connectTimeoutMs: allLimits.openTimeoutMs }),
    clock,
    scheduler,
    random,
  });
};
