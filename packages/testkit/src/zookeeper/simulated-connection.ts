import type { ConnectRequest, ConnectResponse, Reply, ReplyHeader, Request, WatchEvent } from '@barnabas/zookeeper';
import type { SimulatedPipe } from './simulated-pipe.ts';

/** What a client hears through its connection. */
export type ClientEnd = {
  accepted(): void;
  connected(response: ConnectResponse): void;
  replied(header: ReplyHeader, reply: Reply | undefined): void;
  notified(event: WatchEvent): void;
  /** By the server or the network; nothing comes after it. */
  closed(reason: string): void;
};

/** What a server hears. */
export type ServerEnd = {
  accept(): void;
  connect(request: ConnectRequest): void;
  request(xid: number, request: Request): void;
  lost(): void;
};

export type Direction = 'toServer' | 'toClient';

/** A connection between a client and the server: two pipes, and how it ends. */
export class SimulatedConnection {
  readonly #pipes: Readonly<Record<Direction, SimulatedPipe>>;
  #client: ClientEnd | undefined;
  #server: ServerEnd | undefined;

  constructor(pipes: Readonly<Record<Direction, SimulatedPipe>>, client: ClientEnd, server: ServerEnd) {
    this.#pipes = pipes;
    this.#client = client;
    this.#server = server;
  }

  /** Whether anyone still uses it. */
  get isOver(): boolean {
    return this.#client === undefined && this.#server === undefined;
  }

  tellServer(tell: (server: ServerEnd) => void): void {
    this.#pipes.toServer.send(() => {
      if (this.#server !== undefined) tell(this.#server);
    });
  }

  tellClient(tell: (client: ClientEnd) => void): void {
    this.#pipes.toClient.send(() => {
      if (this.#client !== undefined) tell(this.#client);
    });
  }

  hold(direction: Direction): void {
    this.#pipes[direction].hold();
  }

  release(direction: Direction): void {
    this.#pipes[direction].release();
  }

  /** The client goes: what it sent still arrives, what is sent to it does not. */
  closeByClient(): void {
    this.#client = undefined;
    this.tellServer(() => this.#endServer());
  }

  /** The server goes: what it sent still arrives, what is sent to it does not. */
  closeByServer(reason: string): void {
    this.#server = undefined;
    this.tellClient(() => this.#endClient(reason));
  }

  /** The network breaks it: what is under way in the directions of `lost` does not arrive, and then both ends hear of it. */
  cut(lost: readonly Direction[], reason: string): void {
    for (const direction of lost) this.#pipes[direction].empty();
    this.tellClient(() => this.#endClient(reason));
    this.tellServer(() => this.#endServer());
  }

  #endClient(reason: string): void {
    const client = this.#client;
    this.#client = undefined;
    client?.closed(reason);
  }

  #endServer(): void {
    const server = this.#server;
    this.#server = undefined;
    server?.lost();
  }
}
