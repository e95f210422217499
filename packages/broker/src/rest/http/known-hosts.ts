import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { Door } from '../door/door.ts';
import { RestError } from './rest-error.ts';

/** What is allowed beside the names that the broker knows; `*` allows all. */
export type AllowedHosts = {
  /** Of this machine. */
  readonly hostName: string;
  /** `rest.allowed.hosts`. */
  readonly allowedHosts: readonly string[];
};

/**
 * Refuses what a browser sends to a name that is not one of this cluster's. A page may have its own name resolve to this
 * machine; for the browser the API is then a part of that page's site, and all that keeps others out is no more
 * (DNS rebinding). Programs may call a broker by whatever name they have for it: of a proxy, of a container.
 *
 * @throws RestError 403
 */
export const refuseUnknownHost = (request: FastifyRequest, { cluster }: Door, allowed: AllowedHosts): void => {
  const { host } = request.headers;
  if (host === undefined || !isOfBrowser(request) || allowed.allowedHosts.includes('*')) return;
  const name = hostNameOf(host);
  if (isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost')) return;
  const isNamed = [allowed.hostName, ...allowed.allowedHosts].some((known) => known.toLowerCase() === name);
  if (isNamed || isAdvertised(cluster, name)) return;
  const message = `browsers may not call this cluster ${JSON.stringify(name.slice(0, NAME_LENGTH_MAX))}: rest.allowed.hosts has to have the name`;
  throw new RestError(403, 'CLUSTER_AUTHORIZATION_FAILED', message);
};

const NAME_LENGTH_MAX = 253;

/**
 * Browsers say Sec-Fetch-Site to an address that is secure, and Origin where it is another one's or a write; of what is left, reading over
 * plain HTTP, their name is what tells them. `fetch` of Node says Sec-Fetch-Mode, and nothing of these.
 */
const isOfBrowser = ({ headers }: FastifyRequest): boolean =>
  headers.origin !== undefined ||
  headers['sec-fetch-site'] !== undefined ||
  (headers['user-agent']?.startsWith('Mozilla/') ?? false);

/** Without port, brackets and the dot of the root. */
const hostNameOf = (host: string): string =>
  host
    .toLowerCase()
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');

const isAdvertised = ({ image }: Door['cluster'], name: string): boolean =>
  Array.from(image.brokers.values()).some(({ endpoints }) => endpoints.some(({ host }) => host.toLowerCase() === name));
