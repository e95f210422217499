import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { Clock, Scheduler } from '@barnabas/model';
import type { PeerHandlers } from '@barnabas/transport';
import type { Logger } from '../logger.ts';
import { servedWithApiVersions } from './api-versions.ts';
import type { ConnectionQuota } from './connection-quota.ts';
import { KafkaConnection, type KafkaConnectionOptions } from './kafka-connection.ts';
import { KafkaConnections } from './kafka-connections.ts';
import type { KafkaLimits } from './kafka-limits.ts';
import { UnreadAnswers } from './unread-answers.ts';

export type KafkaServerOptions = {
  /** Its name, which handlers are told: addresses that they answer are of the same listener. */
  readonly listener: string;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Key, certificate and the like, for TLS; clear text without. */
  readonly tls?: TlsOptions;
  /** Those of the table are served, and ApiVersions. */
  readonly handlers: PeerHandlers;
  readonly limits: KafkaLimits;
  /** Shared with the other doors for clients. */
  readonly quota: ConnectionQuota;
  readonly clock: Pick<Clock, 'steadyMs'>;
  readonly scheduler: Scheduler;
  readonly logger: Logger;
};

/** A silent machine at the other end is noticed by TCP itself after this, and some attempts more. */
const KEEP_ALIVE_MS = 60_000;

/**
 * The door for clients that speak Kafka's protocol, over TCP or TLS. Made by `start`; ends with `close`.
 */
export class KafkaServer {
  readonly port: number;
  readonly #server: Server;
  readonly #doorway: Doorway;
  readonly #options: KafkaServerOptions;

  private constructor(server: Server, doorway: Doorway, options: KafkaServerOptions) {
    this.#server = server;
    this.#doorway = doorway;
    this.#options = options;
    this.port = (server.address() as AddressInfo).port;
  }

  /** @throws Error where the address cannot be listened on */
  static async start(options: KafkaServerOptions): Promise<KafkaServer> {
    const doorway = new Doorway(options);
    const server = listenerOf(options, doorway);
    try {
      await listen(server, options);
    } catch (error) {
      doorway.close();
      throw error;
    }
    return new KafkaServer(server, doorway, options);
  }

  /** Takes no more requests, gives those under way some time to be answered, and drops what is left. */
  async close(): Promise<void> {
    const { scheduler, limits } = this.#options;
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    const timer = scheduler.after(limits.closeTimeoutMs, () => this.#doorway.close());
    await this.#doorway.finish();
    timer.cancel();
    this.#doorway.close();
    await closed;
  }
}

/** Lets sockets in and keeps them, with or without a connection on them yet. */
class Doorway {
  readonly #options: KafkaServerOptions;
  readonly #connectionOptions: KafkaConnectionOptions;
  readonly #connections: KafkaConnections;
  readonly #sockets = new Set<Socket>();

  constructor(options: KafkaServerOptions) {
    this.#options = options;
    const unread = new UnreadAnswers(options.limits.allWaitingBytes);
    this.#connectionOptions = { ...options, apis: servedWithApiVersions(options.handlers), unread };
    this.#connections = new KafkaConnections({ ...options, idleMs: options.limits.idleMs });
  }

  /** Whether a socket that has been accepted may stay. */
  admit(socket: Socket): boolean {
    const { quota, logger, listener } = this.#options;
    const { remoteAddress } = socket;
    // It has gone already.
    if (remoteAddress === undefined) {
      socket.destroy();
      return false;
    }
    const admission = quota.admit(remoteAddress);
    if (admission.kind === 'refused') {
      logger.info({ listener, remoteAddress }, `refused a connection: ${admission.reason}`);
      socket.destroy();
      return false;
    }
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      admission.release();
    });
    return true;
  }

  serve(socket: Socket): void {
    this.#connections.add(new KafkaConnection(socket, this.#connectionOptions));
  }

  async finish(): Promise<void> {
    await this.#connections.finish();
  }

  /** At once. */
  close(): void {
    this.#connections.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

function listenerOf({ tls, limits, logger, listener }: KafkaServerOptions, doorway: Doorway): Server {
  const common = { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS, allowHalfOpen: true };
  if (tls === undefined) {
    return createServer(common, (socket) => {
      if (doorway.admit(socket)) doorway.serve(socket);
    });
  }
  const { handshakeTimeoutMs: handshakeTimeout } = limits;
  const server = createTlsServer({ ...common, ...tls, handshakeTimeout }, (socket) => doorway.serve(socket));
  server.on('connection', (socket: Socket) => void doorway.admit(socket));
  server.on('tlsClientError', (error, socket) => {
    logger.info({ listener, remoteAddress: socket.remoteAddress }, `no TLS with a client: ${error.message}`);
  });
  return server;
}

function listen(server: Server, options: KafkaServerOptions): Promise<void> {
  const { host, port, listener, logger } = options;
  const { backlog } = options.limits;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog }, () => {
      server.off('error', reject);
      // As where the system has no more files to open: those who are connected are not to suffer from it.
      server.on('error', (err) => logger.warn({ err, listener }, 'a connection could not be accepted'));
      resolve();
    });
  });
}
