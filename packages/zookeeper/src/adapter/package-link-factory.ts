import { createSecureContext } from 'node:tls';
import { nameOfServer, type Server } from '../session/server.ts';
import type { LinkFactory } from '../session/session-link.ts';
import { ZooKeeperError } from '../session/zookeeper-error.ts';
import type { PackageLinkOptions } from './link-options.ts';
import { PackageLink } from './package-link.ts';

const PORT_MAX = 65_535;

/**
 * Links over node-zookeeper-client to one ensemble.
 *
 * @throws ZooKeeperError BAD_ARGUMENTS where there is no server, or one has no host or a port that is none
 * @throws Error of Node's `tls.createSecureContext`, for a certificate or key that cannot be used
 */
export function packageLinkFactory(options: PackageLinkOptions): LinkFactory {
  if (options.servers.length === 0)
    throw new ZooKeeperError('BAD_ARGUMENTS', 'There is no ZooKeeper server to connect to');
  for (const server of options.servers) {
    if (!isServer(server))
      throw new ZooKeeperError('BAD_ARGUMENTS', `${nameOfServer(server)} is not a host and a port`);
  }
  const { tls } = options;
  const withContext =
    tls === undefined ? options : { ...options, tls: { secureContext: createSecureContext(tls), ...tls } };
  return ({ timeoutMs }) => new PackageLink(withContext, timeoutMs);
}

function isServer({ host, port }: Server): boolean {
  return host !== '' && Number.isInteger(port) && port >= 1 && port <= PORT_MAX;
}
