import type { AddressInfo } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { type FastifyError, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { Logger } from '../logger.ts';
import { FetchTurns } from './asking/fetch-turns.ts';
import { clusterRoutes } from './cluster/cluster-routes.ts';
import type { Door, Health } from './door/door.ts';
import { REST_LIMITS, type RestLimits } from './door/rest-limits.ts';
import { healthRoutes } from './health/health-routes.ts';
import { homeRoutes } from './home/home-routes.ts';
import type { App } from './http/app.ts';
import { BodyParsers } from './http/body-parsers.ts';
import { refuseCrossSite, refuseWithoutHost } from './http/cross-site.ts';
import { answerTo, withStatus } from './http/error-answers.ts';
import { answerBrokenRequest, httpServer } from './http/http-server.ts';
import { type AllowedHosts, refuseUnknownHost } from './http/known-hosts.ts';
import { describeApi } from './http/openapi.ts';
import { OtherMethods } from './http/other-methods.ts';
import { errorBody, RestError } from './http/rest-error.ts';
import { Slots } from './http/slots.ts';
import { produceRoutes } from './produce/produce-routes.ts';
import { producerRoutes } from './produce/producer-routes.ts';
import { RecordProducer } from './produce/record-producer.ts';
import { readRoutes } from './read/read-routes.ts';
import { topicReadRoutes } from './read-topic/topic-read-routes.ts';
import { topicRoutes } from './topics/topic-routes.ts';
import { isV2, sendV2Failure } from './v2/send-v2-failure.ts';
import { v2Routes } from './v2/v2-routes.ts';

export type RestServerOptions = Omit<Door, 'closing' | 'limits'> &
  AllowedHosts & {
    readonly host: string;
    /** 0: any that is free. */
    readonly port: number;
    /** Key, certificate and the like; clear text without. */
    readonly tls?: TlsOptions;
    readonly limits?: Partial<RestLimits>;
    /** The text of `/metrics`. */
    readonly metrics: () => Promise<string>;
    readonly health: () => Health;
  };

export interface RestServer {
  readonly port: number;
  /**
   * Ends streams and waiting reads, takes no more requests, and gives those under way some time to be answered; then drops
   * what is left.
   */
  close(): Promise<void>;
}

/**
 * The REST door: HTTP/1.1, in clear text or over TLS.
 *
 * @throws Error where the address cannot be listened on
 */
export async function startRestServer(options: RestServerOptions): Promise<RestServer> {
  const { host, port, scheduler } = options;
  const { app, stopWaiting, limits } = await restApp(options);
  await app.listen({ host, port });
  const close = async () => {
    stopWaiting();
    const deadline = scheduler.after(limits.closeTimeoutMs, () => app.server.closeAllConnections());
    // A stream that ends leaves its connection open, and nothing says so.
    const idle = scheduler.every(IDLE_CHECK_MS, () => app.server.closeIdleConnections());
    await app.close();
    deadline.cancel();
    idle.cancel();
  };
  let closed: Promise<void> | undefined;
  return {
    port: (app.server.address() as AddressInfo).port,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

const IDLE_CHECK_MS = 20;

/** Longest that the router looks at; names of topics are checked later, with a better answer. */
const PARAMETER_LENGTH_MAX = 4 * 1024;

/** All of the door but its address. `stopWaiting` ends streams and waiting reads, and has new requests refused. */
export async function restApp(
  options: RestServerOptions,
): Promise<{ app: App; stopWaiting: () => void; limits: RestLimits }> {
  const closing = new AbortController();
  const limits = { ...REST_LIMITS, ...options.limits };
  const door: Door = { ...options, limits, closing: closing.signal };
  const app: App = fastify({
    serverFactory: (handler) => httpServer(handler, limits, options.tls),
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) =>
      sendFailure(error, request as FastifyRequest, reply as FastifyReply, options.logger),
    return503OnClosing: false,
    bodyLimit: limits.bodyBytes,
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX, ignoreTrailingSlash: true },
    ajv: { customOptions: { removeAdditional: false } },
  });
  answerFailures(app, door);
  app.addHook('onRequest', async (request, reply) => {
    if (closing.signal.aborted) {
      void reply.header('connection', 'close');
      throw new RestError(503, 'BROKER_NOT_AVAILABLE', 'the broker is shutting down');
    }
    refuseWithoutHost(request);
    refuseUnknownHost(request, door, options);
    refuseCrossSite(request);
  });
  await addRoutes(app, door, options);
  return { app, stopWaiting: () => closing.abort(), limits };
}

const sendFailure = (thrown: FastifyError, { url }: FastifyRequest, reply: FastifyReply, logger: Logger): void => {
  const answer = answerTo(thrown, logger);
  if (isV2(url)) void sendV2Failure(reply, answer);
  else void withStatus(reply, answer).type('application/json; charset=utf-8').send(errorBody(answer));
};

const answerFailures = (app: App, { logger }: Door): void => {
  app.setErrorHandler((thrown: FastifyError, request, reply) =>
    sendFailure(thrown, request as FastifyRequest, reply as FastifyReply, logger),
  );
  app.setNotFoundHandler(async ({ method, url }) => {
    const where = /^\/v1\/clusters\b/.test(url) ? '/v1/cluster is the one there is' : '/docs shows what there is';
    throw new RestError(404, 'INVALID_REQUEST', `there is no ${method} ${url}; ${where}`);
  });
};

const addRoutes = async (app: App, door: Door, options: RestServerOptions): Promise<void> => {
  const bodies = new BodyParsers(door);
  const producer = new RecordProducer(door);
  const others = new OtherMethods();
  await describeApi(app);
  others.watch(app);
  await app.register(async (records: App) => {
    bodies.useBytes(records);
    produceRoutes(records, door, producer);
    const share = { turns: new FetchTurns(door), slots: new Slots(door.limits.waitingReaders) };
    readRoutes(records, door, share);
    topicReadRoutes(records, door, share);
  });
  await app.register(async (v2: App) => {
    bodies.useBytes(v2);
    v2Routes(v2, door, producer);
  });
  await app.register(async (rest: App) => {
    bodies.useJson(rest);
    topicRoutes(rest, door);
    producerRoutes(rest, door);
    homeRoutes(rest, door);
    clusterRoutes(rest, door);
    healthRoutes(rest, options);
  });
  others.refuse(app);
};
