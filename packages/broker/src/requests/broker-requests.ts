import type { BrokerId, Scheduler } from '@barnabas/model';
import { APIS, type ApiName, GatherWriter, type Message } from '@barnabas/protocol';
import {
  type PeerContext,
  PeerError,
  type PeerHandlers,
  type PeerRequest,
  type PeerResponse,
} from '@barnabas/transport';
import type { Peers } from '../peers/peers.ts';
import type { RequestOptions, Requests } from '../peers/requests.ts';

export type BrokerRequestsOptions = {
  /** The id of this broker. */
  readonly self: BrokerId;
  /** Its own handlers: those that it serves its peers with. */
  readonly handlers: PeerHandlers;
  readonly peers: Peers;
  readonly scheduler: Scheduler;
  /** What this broker's own requests say who they are from. */
  readonly clientId: string;
};

type AnyMessage = Message<object, object>;
type Handle = (request: object, context: PeerContext) => Promise<object>;

/**
 * Has a request answered by this broker's own handler or by another broker. One for this broker goes through the message's
 * own encoding too, though not over a connection: so the handler gets what it would get from a peer, with every default
 * filled in, every number within its bounds, and bytes of its own that it may stamp.
 */
export class BrokerRequests implements Requests {
  readonly #options: BrokerRequestsOptions;

  constructor(options: BrokerRequestsOptions) {
    this.#options = options;
  }

  async ask<Name extends ApiName>(
    broker: BrokerId,
    api: Name,
    version: number,
    request: PeerRequest<Name>,
    options: RequestOptions,
  ): Promise<PeerResponse<Name>> {
    const { self, peers } = this.#options;
    if (broker !== self) return peers.send(broker, api, version, request, { deadlineMs: options.deadlineMs });
    return (await this.#askSelf(api, version, request, options)) as PeerResponse<Name>;
  }

  async #askSelf(api: ApiName, version: number, request: object, options: RequestOptions): Promise<object> {
    const handler = this.#options.handlers[api] as Handle | undefined;
    if (handler === undefined) throw new PeerError('refused', 'unreachable', `this broker does not serve ${api}`);
    const received = recoded(APIS[api].request, version, request);
    return this.#withinDeadline(api, options, async (signal) => {
      const response = await handler(received, {
        version,
        clientId: this.#options.clientId,
        remote: 'this broker',
        signal,
      });
      return recoded(APIS[api].response, version, response);
    });
  }

  /** The handler may go on after the deadline; it learns by the signal that nobody waits. */
  #withinDeadline<T>(
    api: ApiName,
    { deadlineMs, signal }: RequestOptions,
    handle: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const aborter = new AbortController();
    const abort = () => aborter.abort();
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    return new Promise<T>((resolve, reject) => {
      const timer = this.#options.scheduler.after(deadlineMs, () => {
        reject(new PeerError('unknown', 'deadline', `${api}: this broker has no answer after ${deadlineMs} ms`));
        abort();
      });
      handle(aborter.signal)
        .then(resolve, (cause: unknown) =>
          reject(new PeerError('unknown', 'disconnected', `${api} failed in this broker`, { cause })),
        )
        .finally(() => {
          timer.cancel();
          signal?.removeEventListener('abort', abort);
        });
    });
  }
}

const recoded = (message: AnyMessage, version: number, value: object): object => {
  const writer = new GatherWriter();
  message.write(version, writer, value);
  return message.decode(version, Buffer.concat(writer.parts()));
};
