import type { SimulatedPipe } from './simulated-pipe.ts';

/** What a client hears of its connection, beside what the server tells it. */
export type ClientEnd = {
  /** By the server or the network; nothing comes after it. */
  closed(reason: string): void;
};

/** What a server hears of a connection, beside what the client tells it. */
export type ServerEnd = { lost(): void };

export type Direction = 'toServer' | 'toClient';

/** A connection between a client and a server: two pipes, and how it ends. */
export class SimulatedConnection<Client extends ClientEnd, Server extends ServerEnd> {
  readonly #pipes: Readonly<Record<Direction, SimulatedPipe>>;
  #client: Client | undefined;
  #server: Server | undefined;

  constructor(pipes: Readonly<Record<Direction, SimulatedPipe>>, client: Client, server: Server) {
    this.#pipes = pipes;
    this.#client = client;
    this.#server = server;
  }

  /** Whether anyone still uses it. */
  get isOver(): boolean {
    return this.#client === undefined && this.#server === undefined;
  }

  tellServer(tell: (server: Server) => void): void {
    this.#pipes.toServer.send(() => {
      if (this.#server !== undefined) tell(this.#server);
    });
  }

  tellClient(tell: (client: Client) => void): void {
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
