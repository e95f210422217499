import type { ApiName } from '@barnabas/protocol';
import type { PeerContext, PeerHandlers, TrafficClass } from '@barnabas/transport';
import { carried } from './message-copy.ts';
import type { CalledEnd, PeerConnection, SimulatedRequest } from './peer-ends.ts';

/** Handlers of requests of one API whose name is known only when one comes. */
type Handler = (request: object, context: PeerContext) => object | Promise<object>;

/**
 * The called end of one connection: hands requests to the handlers, those of the control class one after the other, and sends
 * their answers back.
 */
export function servedBy(
  handlers: PeerHandlers,
  trafficClass: TrafficClass,
  remote: string,
  connection: () => PeerConnection,
  onMessage: (api: ApiName, bytes: Uint8Array) => void,
): CalledEnd {
  const aborter = new AbortController();
  let last: Promise<void> = Promise.resolve();
  const answer = async ({ api, version, clientId, correlationId, message }: SimulatedRequest): Promise<void> => {
    const handler = handlers[api] as Handler | undefined;
    try {
      if (handler === undefined) throw new Error(`${api} is not served here`);
      const response = await handler(message, { version, clientId, remote, signal: aborter.signal });
      const { bytes, copy } = carried(api, 'response', version, response);
      onMessage(api, bytes);
      connection().tellClient((caller) => caller.answered(correlationId, copy));
    } catch (error) {
      // As the real one does: a handler that throws costs the stream.
      connection().closeByServer(`${api} failed: ${error instanceof Error ? error.message : error}`);
    }
  };
  return {
    accept: () => connection().tellClient((caller) => caller.accepted()),
    request: (request) => {
      if (trafficClass === 'control') last = last.then(() => answer(request));
      else void answer(request);
    },
    lost: () => aborter.abort(),
  };
}
