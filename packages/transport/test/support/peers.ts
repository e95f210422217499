import { seededRandom } from '@barnabas/testkit';
import {
  Http2PeerClient,
  type LaneLimits,
  type PeerHandlers,
  PeerServer,
  type PeerServerOptions,
  type PeerTls,
  type ServerLimits,
} from '../../src/index.ts';
import { systemClock as clock, systemScheduler as scheduler } from './system-ports.ts';

type PeersOptions = {
  readonly server?: Partial<ServerLimits>;
  readonly client?: Partial<LaneLimits>;
  readonly serverTls?: NonNullable<PeerServerOptions['tls']>;
  readonly clientTls?: PeerTls;
};

/** A server and a client of it over loopback, and what the server logged. End it with `await using`. */
export class Peers implements AsyncDisposable {
  readonly server: PeerServer;
  readonly client: Http2PeerClient;
  readonly logged: string[];

  private constructor(server: PeerServer, client: Http2PeerClient, logged: string[]) {
    this.server = server;
    this.client = client;
    this.logged = logged;
  }

  static async start(handlers: PeerHandlers, options: PeersOptions = {}): Promise<Peers> {
    const logged: string[] = [];
    const server = await startServer(handlers, logged, options);
    return new Peers(server, clientOf(server.port, options), logged);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    await this.server.close();
  }
}

export const startServer = (
  handlers: PeerHandlers,
  logged: string[] = [],
  { server, serverTls }: PeersOptions = {},
  port = 0,
): Promise<PeerServer> =>
  PeerServer.start({
    host: '127.0.0.1',
    port,
    handlers,
    scheduler,
    logger: { warn: (line) => logged.push(line) },
    ...(server && { limits: server }),
    ...(serverTls && { tls: serverTls }),
  });

export const clientOf = (port: number, { client, clientTls }: PeersOptions = {}): Http2PeerClient =>
  new Http2PeerClient({
    host: '127.0.0.1',
    port,
    clientId: 'broker-1',
    clock,
    scheduler,
    random: seededRandom(1),
    ...(client && { limits: client }),
    ...(clientTls && { tls: clientTls }),
  });
