import type { Random } from '@barnabas/model';
import type { Server } from '../session/server.ts';

/** The servers of an ensemble, one after the other, for ever, in an order that is drawn once. */
export class ServerRotation {
  readonly #servers: Server[];
  #next = 0;

  /** @param servers one or more */
  constructor(servers: readonly Server[], random: Random) {
    const rest = [...servers];
    this.#servers = servers.flatMap(() => rest.splice(random.below(rest.length), 1));
  }

  get count(): number {
    return this.#servers.length;
  }

  next(): Server {
    const server = this.#servers[this.#next] as Server;
    this.#next = (this.#next + 1) % this.#servers.length;
    return server;
  }
}
