import {
  createSecureServer,
  createServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { TlsOptions } from 'node:tls';
import type { Scheduler } from '@barnabas/model';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { PeerHandlers } from '../peer/peer-handlers.ts';
import { isTrafficClass } from '../peer/traffic-class.ts';
import { FRAMES_CONTENT_TYPE, FRAMES_ROUTE, HTTP2_FRAME_BYTES, WINDOW_BYTES } from '../route.ts';
import { ConnectionKeeper } from './connection-keeper.ts';
import { FrameSession } from './frame-session.ts';
import { FrameSessions } from './frame-sessions.ts';
import type { PeerLogger } from './peer-logger.ts';
import { maxRunningOf, SERVER_LIMITS, type ServerLimits } from './server-limits.ts';

export type PeerServerOptions = {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Key, certificate and the like, for TLS; clear text without. With `requestCert` and `ca`, peers must show theirs. */
  readonly tls?: TlsOptions;
  readonly handlers: PeerHandlers;
  readonly limits?: Partial<ServerLimits>;
  readonly scheduler: Scheduler;
  readonly logger: PeerLogger;
};

type App = FastifyInstance<Http2Server, Http2ServerRequest, Http2ServerResponse>;
type Route = { Params: { class: string } };

const HTTP2_SETTINGS = { initialWindowSize: WINDOW_BYTES, maxFrameSize: HTTP2_FRAME_BYTES };

/**
 * The acceptor: listens for peers (HTTP/2 alone, clear text with prior knowledge or TLS) and serves their streams of
 * frames. Made by `start`; ends with `close`.
 */
export class PeerServer {
  readonly port: number;
  readonly #app: App;
  readonly #connections: ConnectionKeeper;
  readonly #sessions: FrameSessions;
  readonly #options: PeerServerOptions;

  private constructor(app: App, connections: ConnectionKeeper, sessions: FrameSessions, options: PeerServerOptions) {
    this.#app = app;
    this.#connections = connections;
    this.#sessions = sessions;
    this.#options = options;
    this.port = (app.server.address() as AddressInfo).port;
  }

  /** @throws Error where the address cannot be listened on */
  static async start(options: PeerServerOptions): Promise<PeerServer> {
    const limits = limitsOf(options);
    const connections = new ConnectionKeeper(options.scheduler, limits.pingIntervalMs);
    const sessions = new FrameSessions();
    const app = listenerOf(options, connections);
    app.addContentTypeParser(FRAMES_CONTENT_TYPE, (_request, _payload, done) => done(null));
    app.post<Route>(FRAMES_ROUTE, (request, reply) => serveFrames(request, reply, sessions, options));
    try {
      await app.listen({ host: options.host, port: options.port });
    } catch (thrown) {
      connections.close();
      throw thrown;
    }
    return new PeerServer(app, connections, sessions, options);
  }

  /**
   * Takes no more requests, gives those under way some time to be answered, and drops what is left. Streams end before
   * their connections are told to go away: undici drops a connection at once when it is told.
   */
  async close(): Promise<void> {
    const { closeTimeoutMs } = limitsOf(this.#options);
    const timer = this.#options.scheduler.after(closeTimeoutMs, () => this.#connections.dropAll());
    await this.#sessions.finish();
    await this.#app.close();
    timer.cancel();
    this.#connections.close();
  }
}

const limitsOf = ({ limits }: PeerServerOptions): ServerLimits => ({ ...SERVER_LIMITS, ...limits });

const listenerOf = ({ tls, logger }: PeerServerOptions, connections: ConnectionKeeper): App =>
  fastify<Http2Server>({
    http2: true,
    serverFactory: (handler) => {
      const server =
        tls === undefined
          ? createServer({ settings: HTTP2_SETTINGS }, handler)
          : createSecureServer({ ...tls, settings: HTTP2_SETTINGS }, handler);
      server.on('session', (connection) => connections.add(connection));
      server.on('sessionError', (error: NodeJS.ErrnoException, { socket }: ServerHttp2Session) => {
        // The other side has gone, as it does when it stops.
        if (error.code === 'ECONNRESET') return;
        logger.warn(`Dropped a connection of ${socket?.remoteAddress}: ${error.message}`);
      });
      return server;
    },
  });

const serveFrames = (
  request: FastifyRequest<Route, Http2Server, Http2ServerRequest>,
  reply: FastifyReply<Route, Http2Server, Http2ServerRequest, Http2ServerResponse>,
  sessions: FrameSessions,
  options: PeerServerOptions,
): void => {
  const trafficClass = request.params.class;
  if (!isTrafficClass(trafficClass)) {
    void reply.code(404).send();
    return;
  }
  if (sessions.areFinishing) {
    void reply.code(503).send();
    return;
  }
  reply.hijack();
  const { stream } = request.raw;
  const { remoteAddress, remotePort } = request.raw.socket;
  const limits = limitsOf(options);
  const session = new FrameSession(stream, {
    handlers: options.handlers,
    logger: options.logger,
    remote: `${remoteAddress}:${remotePort}`,
    maxFrameBytes: limits.maxFrameBytes,
    maxRunning: maxRunningOf(trafficClass, limits),
    maxWaitingBytes: limits.maxWaitingBytes,
  });
  sessions.add(session);
  stream.respond({ ':status': 200, 'content-type': FRAMES_CONTENT_TYPE });
};
