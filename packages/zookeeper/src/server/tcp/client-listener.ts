import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { ClientConnection, type ConnectionHost, type SharedOutput } from './client-connection.ts';
import { EventFrames } from './event-frames.ts';
import { OutputBudget } from './output-budget.ts';
import { plainAddress } from './plain-address.ts';

/**
 * The port that clients connect to, and all connections that are open. Made by `listen`; ends with `close`, or at once
 * with `abort`.
 */
export class ClientListener {
  readonly host: string;
  readonly port: number;
  readonly #server: Server;
  readonly #maxPerAddress: number;
  readonly #connectionHost: ConnectionHost;
  readonly #connections = new Set<ClientConnection>();
  readonly #sharedOutput: SharedOutput;
  readonly #closed: Promise<void>;

  private constructor(server: Server, maxPerAddress: number, connectionHost: ConnectionHost) {
    const { address, port } = server.address() as AddressInfo;
    this.host = address;
    this.port = port;
    this.#server = server;
    this.#maxPerAddress = maxPerAddress;
    this.#connectionHost = connectionHost;
    const budget = new OutputBudget(connectionHost.limits.maxTotalOutputBytes, this.#connections);
    this.#sharedOutput = { events: new EventFrames(), said: (bytes) => budget.said(bytes) };
    this.#closed = new Promise((resolve) => server.on('close', resolve));
    server.on('connection', (socket) => this.#accept(socket));
    server.on('error', (error) => connectionHost.logger.warn({ err: error }, 'a connection could not be accepted'));
  }

  /**
   * Rejects with the system's error where the port cannot be had.
   *
   * @param maxPerAddress connections that one address may have open; 0: any number
   */
  static async listen(
    { host, port }: { readonly host: string; readonly port: number },
    maxPerAddress: number,
    connectionHost: ConnectionHost,
  ): Promise<ClientListener> {
    const server = createServer();
    server.listen({ host, port });
    await once(server, 'listening');
    return new ClientListener(server, maxPerAddress, connectionHost);
  }

  /** In the order of their coming. */
  get connections(): Iterable<ClientConnection> {
    return this.#connections;
  }

  /** Takes no more connections, ends those that are open when all is sent that was said, and waits until they are gone. */
  async close(): Promise<void> {
    this.#server.close();
    for (const connection of this.#connections) connection.end();
    this.#connectionHost.gate.release();
    await this.#closed;
  }

  /** Takes no more connections, and cuts those that are open. */
  abort(): void {
    this.#server.close();
    for (const connection of this.#connections) connection.destroy();
  }

  #accept(socket: Socket): void {
    if (this.#isOneTooMany(plainAddress(socket.remoteAddress ?? ''))) {
      const { traffic, logger } = this.#connectionHost;
      traffic.rejectedConnections++;
      logger.warn(
        { client: socket.remoteAddress },
        `connection refused: its address has ${this.#maxPerAddress} already`,
      );
      socket.destroy();
      return;
    }
    const connection = new ClientConnection(socket, this.#connectionHost, this.#sharedOutput);
    this.#connections.add(connection);
    socket.on('close', () => this.#connections.delete(connection));
  }

  #isOneTooMany(address: string): boolean {
    if (this.#maxPerAddress === 0) return false;
    let count = 0;
    for (const connection of this.#connections) if (connection.address === address) count++;
    return count >= this.#maxPerAddress;
  }
}
