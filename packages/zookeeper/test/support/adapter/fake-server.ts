import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { FakeConnection } from './fake-connection.ts';

/**
 * A ZooKeeper server that does what a test tells it, right or wrong, on a TCP port of its own. It says nothing by itself:
 * the test takes each connection by `accept` and plays the server's part. Ends with `close`.
 */
export class FakeServer {
  readonly port: number;
  readonly host: string;
  /** Of all connections that came. */
  acceptedCount = 0;
  readonly #server: Server;
  readonly #waiting: FakeConnection[] = [];
  readonly #wanted: ((connection: FakeConnection) => void)[] = [];
  readonly #open = new Set<FakeConnection>();

  private constructor(server: Server) {
    const { address, port } = server.address() as AddressInfo;
    this.#server = server;
    this.port = port;
    this.host = address;
  }

  /** @param options.port 0, unless a port that was left before is to be taken again */
  static async listen({ host = '127.0.0.1', port = 0, tls }: { host?: string; port?: number; tls?: TlsOptions } = {}) {
    const server = tls === undefined ? createServer() : createTlsServer(tls);
    server.listen(port, host);
    await once(server, 'listening');
    const fake = new FakeServer(server);
    server.on(tls === undefined ? 'connection' : 'secureConnection', (socket) => fake.#add(new FakeConnection(socket)));
    return fake;
  }

  get connectString(): string {
    return `${this.host}:${this.port}`;
  }

  /** The next connection that nobody has taken yet. */
  accept(): Promise<FakeConnection> {
    const next = this.#waiting.shift();
    if (next !== undefined) return Promise.resolve(next);
    return new Promise((resolve) => {
      this.#wanted.push(resolve);
    });
  }

  /** The next connection, with a session on it. */
  async acceptSession(
    options: { readonly sessionId?: bigint; readonly timeoutMs?: number } = {},
  ): Promise<FakeConnection> {
    const connection = await this.accept();
    await connection.takeSession(options);
    return connection;
  }

  async close(): Promise<void> {
    for (const connection of this.#open) connection.cut();
    this.#server.close();
    if (this.#server.listening) await once(this.#server, 'close');
  }

  #add(connection: FakeConnection): void {
    this.acceptedCount++;
    this.#open.add(connection);
    void connection.closed.then(() => this.#open.delete(connection));
    const wanted = this.#wanted.shift();
    if (wanted === undefined) this.#waiting.push(connection);
    else wanted(connection);
  }
}
