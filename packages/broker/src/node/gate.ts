import type { ApiName } from '@barnabas/protocol';
import type { PeerContext, PeerHandlers } from '@barnabas/transport';

type AnyHandler = (request: object, context: PeerContext) => object | Promise<object>;

/**
 * Holds requests back until the broker is registered: the ports are open before, so that they can be told to others, but who
 * does not know the epoch of its own registration cannot tell a request for it from one for its earlier life (rule 1).
 */
export class Gate {
  readonly #opened = Promise.withResolvers<void>();

  /** Lets through what waits, and all that comes. */
  open(): void {
    this.#opened.resolve();
  }

  before(handlers: PeerHandlers): PeerHandlers {
    return Object.fromEntries(
      Object.entries(handlers).map(([api, handler]) => [api as ApiName, this.#behind(handler as AnyHandler)]),
    );
  }

  #behind(handler: AnyHandler): AnyHandler {
    return async (request, context) => {
      await this.#opened.promise;
      return handler(request, context);
    };
  }
}
