import type { BrokerId, Scheduler } from '@barnabas/model';
import { APIS, type ApiName, type Message } from '@barnabas/protocol';
import {
  type PeerContext,
  PeerError,
  type PeerHandlers,
  type PeerRequest,
  type PeerResponse,
  type SendOptions,
} from '@barnabas/transport';
import type { Peers } from '../../../src/peers/peers.ts';

type AnyMessage = Message<object, object>;
type AnyHandler = (request: object, context: PeerContext) => object | Promise<object>;

export type Sent = {
  readonly broker: BrokerId;
  readonly api: ApiName;
  readonly request: object;
  readonly atMs: number;
};

/**
 * Brokers in one process: what one sends goes through its encoding to the other's handlers, and the answer back, each taking
 * its time. A broker that is down breaks what is in flight.
 */
export class MemoryPeers implements Peers {
  readonly #scheduler: Pick<Scheduler, 'after'>;
  readonly #nowMs: () => number;
  readonly #handlers = new Map<BrokerId, PeerHandlers>();
  readonly #inFlight = new Map<BrokerId, Set<(error: PeerError) => void>>();
  readonly #aborters = new Map<BrokerId, AbortController>();
  readonly sent: Sent[] = [];
  oneWayMs = 1;

  constructor(scheduler: Pick<Scheduler, 'after'>, clock: { steadyMs(): number }) {
    this.#scheduler = scheduler;
    this.#nowMs = () => clock.steadyMs();
  }

  serve(broker: BrokerId, handlers: PeerHandlers): void {
    this.#handlers.set(broker, handlers);
    this.#aborters.set(broker, new AbortController());
  }

  kill(broker: BrokerId): void {
    this.#handlers.delete(broker);
    this.#aborters.get(broker)?.abort();
    for (const fail of this.#inFlight.get(broker) ?? []) fail(new PeerError('unknown', 'disconnected', 'it died'));
    this.#inFlight.delete(broker);
  }

  requests<Name extends ApiName>(api: Name, broker?: BrokerId): PeerRequest<Name>[] {
    return this.sent
      .filter((each) => each.api === api && (broker === undefined || each.broker === broker))
      .map(({ request }) => request as PeerRequest<Name>);
  }

  async send<Name extends ApiName>(
    broker: BrokerId,
    api: Name,
    version: number,
    request: PeerRequest<Name>,
    { deadlineMs }: SendOptions,
  ): Promise<PeerResponse<Name>> {
    this.sent.push({ broker, api, request, atMs: this.#nowMs() });
    const row: { readonly request: AnyMessage; readonly response: AnyMessage } = APIS[api];
    const bytes = row.request.encode(version, request);
    const { promise, resolve, reject } = Promise.withResolvers<object>();
    const inFlight = this.#inFlight.get(broker) ?? new Set();
    this.#inFlight.set(broker, inFlight.add(reject));
    const deadline = this.#scheduler.after(deadlineMs, () => reject(new PeerError('unknown', 'deadline', 'too late')));
    this.#scheduler.after(this.oneWayMs, () => {
      void this.#handle(broker, api, version, row.request.decode(version, bytes)).then((response) => {
        const answer = row.response.encode(version, response);
        this.#scheduler.after(this.oneWayMs, () => resolve(row.response.decode(version, Buffer.from(answer))));
      }, reject);
    });
    try {
      return (await promise) as PeerResponse<Name>;
    } finally {
      deadline.cancel();
      inFlight.delete(reject);
    }
  }

  async #handle(broker: BrokerId, api: ApiName, version: number, request: object): Promise<object> {
    const handler = this.#handlers.get(broker)?.[api] as AnyHandler | undefined;
    const signal = this.#aborters.get(broker)?.signal;
    if (handler === undefined || signal === undefined) throw new PeerError('refused', 'unreachable', 'it is not there');
    return handler(request, { version, clientId: 'test', remote: 'test', signal });
  }
}
