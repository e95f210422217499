import { seededRandom } from '@barnabas/testkit';
import zookeeper from 'node-zookeeper-client';
import type { PackageLinkOptions } from '../../../src/adapter/link-options.ts';
import { packageLinkFactory } from '../../../src/adapter/package-link-factory.ts';
import type { Answer, SessionLink, SessionRequest } from '../../../src/session/session-link.ts';
import type { FakeConnection } from './fake-connection.ts';
import { FakeServer } from './fake-server.ts';
import { realClock, realScheduler } from './real-time.ts';
import { RecordingListener } from './recording-listener.ts';

/** A session timeout for tests in which nothing is meant to run out. */
export const LONG_MS = 30_000;

export type OpenLink = { readonly link: SessionLink; readonly listener: RecordingListener };

/** Fake servers, links to them and bare clients of the package, all gone after `close`. */
export class AdapterContext {
  readonly warnings: string[] = [];
  readonly #servers: FakeServer[] = [];
  readonly #links: SessionLink[] = [];
  readonly #clients: BareClient[] = [];

  async server(options?: Parameters<typeof FakeServer.listen>[0]): Promise<FakeServer> {
    const server = await FakeServer.listen(options);
    this.#servers.push(server);
    return server;
  }

  /** A link that has begun to look for one of `servers`. */
  link(
    servers: readonly { readonly host: string; readonly port: number }[],
    { timeoutMs = LONG_MS, ...options }: { timeoutMs?: number } & Partial<PackageLinkOptions> = {},
  ): OpenLink {
    const link = packageLinkFactory({
      servers,
      clock: realClock,
      scheduler: realScheduler,
      random: seededRandom(1),
      logger: { warn: (_, message) => this.warnings.push(message) },
      ...options,
    })({ timeoutMs });
    this.#links.push(link);
    const listener = new RecordingListener();
    link.open(listener);
    return { link, listener };
  }

  /** A link that is connected, and the server's end of its connection. */
  async connectedLink(
    server: FakeServer,
    options?: Parameters<AdapterContext['link']>[1],
  ): Promise<OpenLink & { readonly connection: FakeConnection }> {
    const { link, listener } = this.link([server], options);
    const connection = await server.acceptSession();
    await listener.next('connected');
    return { link, listener, connection };
  }

  /** The package as it comes. */
  bare(connectString: string, { timeoutMs = LONG_MS, retries = 0 } = {}): BareClient {
    const client = new BareClient(connectString, timeoutMs, retries);
    this.#clients.push(client);
    return client;
  }

  async connectedBare(
    server: FakeServer,
    options?: Parameters<AdapterContext['bare']>[1],
  ): Promise<{ readonly bare: BareClient; readonly connection: FakeConnection }> {
    const bare = this.bare(server.connectString, options);
    bare.client.connect();
    const connection = await server.acceptSession();
    await bare.connected();
    return { bare, connection };
  }

  async close(): Promise<void> {
    for (const bare of this.#clients) bare.stop();
    await Promise.all(this.#links.map((link) => link.close(false, 0)));
    await Promise.all(this.#servers.map((server) => server.close()));
  }
}

/** A client of the package whose exceptions, which would end the process, are kept instead. */
export class BareClient {
  readonly client: zookeeper.Client;
  readonly thrown: unknown[] = [];
  #isStopped = false;

  constructor(connectString: string, timeoutMs: number, retries: number) {
    this.client = zookeeper.createClient(connectString, { sessionTimeout: timeoutMs, spinDelay: 10, retries });
    const manager = this.client.connectionManager;
    const takeBytes = manager.onSocketData.bind(manager);
    manager.onSocketData = (bytes) => {
      try {
        takeBytes(bytes);
      } catch (error) {
        this.thrown.push(error);
      }
    };
    const connect = manager.connect.bind(manager);
    manager.connect = () => {
      if (!this.#isStopped) connect();
    };
  }

  connected(): Promise<void> {
    return new Promise((resolve) => {
      if (this.client.getState().name === 'SYNC_CONNECTED') resolve();
      else this.client.once('connected', resolve);
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.client.connectionManager.socket?.destroy();
  }
}

/** Sends a request and waits for what becomes of it. */
export function answerTo(link: SessionLink, request: SessionRequest): Promise<Answer> {
  return new Promise((resolve) => {
    link.send(request, resolve);
  });
}

/** Gives everything else time to happen, where a test shows that nothing does. */
export function elapsed(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}
