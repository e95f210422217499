import type { RequestListener, Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import type { RestLimits } from '../door/rest-limits.ts';
import { answerOf, errorBody } from './rest-error.ts';

/** An `import` would evaluate all that the module exports, Node's own `fetch` and WebSocket among it: tens of milliseconds of each start. */
const { createServer, STATUS_CODES } = process.getBuiltinModule('node:http');

/** How often Node looks for requests that take too long to arrive. */
const CHECK_INTERVAL_MS = 1_000;

/** The server below fastify: what a slow or hostile client can hold of it is bounded here, before there is a request. */
export const httpServer = (handler: RequestListener, limits: RestLimits, tls: TlsOptions | undefined): Server => {
  const options = {
    maxHeaderSize: limits.httpHeaderBytes,
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
    // Node would answer without a body; see `refuseWithoutHost`.
    requireHostHeader: false,
  };
  const server = tls === undefined ? createServer(options, handler) : createTlsServer({ ...options, ...tls }, handler);
  server.headersTimeout = limits.headersTimeoutMs;
  server.requestTimeout = limits.wholeRequestTimeoutMs;
  server.keepAliveTimeout = limits.keepAliveMs;
  server.maxConnections = limits.connections;
  server.setTimeout(limits.silentConnectionMs);
  return server;
};

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Answers what Node's parser could make no request of, in the shape of all errors, and ends the connection. */
export const answerBrokenRequest = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = STATUS_BY_CODE[error.code ?? ''] ?? 400;
  const reason = STATUS_CODES[status] ?? 'Bad Request';
  const body = JSON.stringify(errorBody(answerOf('INVALID_REQUEST', reason.toLowerCase())));
  const length = Buffer.byteLength(body);
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
};
