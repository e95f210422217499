import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What no longer gets through. */
export type Silence = 'none' | 'fromServer' | 'fromClient' | 'both';

/**
 * A network between clients and one server that can go silent, as a real one does when its cable is cut: connections stay,
 * new ones are even accepted, and what is not let through waits. Ends with `stop`.
 */
export class SilentProxy {
  readonly #server: Server;
  readonly #links = new Set<Link>();
  #silence: Silence = 'none';

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Resolves when it accepts connections for the server at `host:port`. */
  static async start(host: string, port: number): Promise<SilentProxy> {
    const server = createServer();
    const proxy = new SilentProxy(server);
    server.on('connection', (client) => proxy.#join({ client, server: connect({ host, port, noDelay: true }) }));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on, for connections that there are and those to come. */
  set silence(silence: Silence) {
    this.#silence = silence;
    for (const link of this.#links) this.#apply(link);
  }

  stop(): void {
    this.#server.close();
    for (const { client, server } of this.#links) {
      client.destroy();
      server.destroy();
    }
  }

  #join(link: Link): void {
    const { client, server } = link;
    this.#links.add(link);
    client.setNoDelay();
    forward(client, server);
    forward(server, client);
    client.on('close', () => this.#links.delete(link));
    this.#apply(link);
  }

  #apply({ client, server }: Link): void {
    hold(client, this.#silence === 'fromClient' || this.#silence === 'both');
    hold(server, this.#silence === 'fromServer' || this.#silence === 'both');
  }
}

type Link = { readonly client: Socket; readonly server: Socket };

const forward = (from: Socket, to: Socket): void => {
  from.on('data', (chunk) => to.write(chunk));
  from.on('error', () => {});
  from.on('close', () => to.destroy());
};

/** A socket that is not read from does not tell of its end either. */
const hold = (socket: Socket, isHeld: boolean): void => {
  if (isHeld) socket.pause();
  else socket.resume();
};
