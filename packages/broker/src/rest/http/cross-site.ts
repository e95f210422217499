import type { FastifyRequest } from 'fastify';
import { RestError } from './rest-error.ts';

const READING: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

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
