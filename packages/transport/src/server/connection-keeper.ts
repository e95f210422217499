import type { ServerHttp2Session } from 'node:http2';
import type { Scheduler, Timer } from '@barnabas/model';
import { WINDOW_BYTES } from '../route.ts';

/**
 * The connections of a server: each gets a large window and is pinged; one that leaves a ping unanswered until the next
 * is due is dropped, as nobody is there any more. Ends with `close`.
 */
export class ConnectionKeeper {
  readonly #pingTimer: Timer;
  /** With whether a ping is unanswered. */
  readonly #connections = new Map<ServerHttp2Session, { isAwaited: boolean }>();

  constructor(scheduler: Scheduler, pingIntervalMs: number) {
    this.#pingTimer = scheduler.every(pingIntervalMs, () => this.#pingAll());
  }

  add(connection: ServerHttp2Session): void {
    connection.setLocalWindowSize(WINDOW_BYTES);
    this.#connections.set(connection, { isAwaited: false });
    connection.once('close', () => this.#connections.delete(connection));
  }

  dropAll(): void {
    for (const connection of this.#connections.keys()) connection.destroy();
  }

  close(): void {
    this.#pingTimer.cancel();
    this.dropAll();
  }

  #pingAll(): void {
    for (const [connection, state] of this.#connections) {
      if (state.isAwaited) {
        connection.destroy();
        continue;
      }
      state.isAwaited = true;
      connection.ping(() => {
        state.isAwaited = false;
      });
    }
  }
}
