import type { FastifyRequest } from 'fastify';
import { badRequest, RestError } from './rest-error.ts';

const READING: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Refuses a request of HTTP/1.1 that does not say for which host it is (RFC 9112, 3.2).
 *
 * @throws KafkaError INVALID_REQUEST
 */
export const refuseWithoutHost = ({ raw, headers }: FastifyRequest): void => {
  if (headers.host === undefined && raw.httpVersion === '1.1') throw badRequest('the Host header is missing');
};

/**
 * Refuses what a page of another site makes a browser send: a form post needs no permission by CORS. Programs send no
 * Origin.
 *
 * @throws RestError 403
 */
export const refuseCrossSite = (request: FastifyRequest): void => {
  const { origin, host } = request.headers;
  if (origin === undefined || READING.includes(request.method)) return;
  if (URL.canParse(origin) && new URL(origin).host === host) return;
  throw new RestError(403, 'CLUSTER_AUTHORIZATION_FAILED', 'pages of other sites may not write to this cluster');
};
