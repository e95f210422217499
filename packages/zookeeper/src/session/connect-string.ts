import { problemOfPath } from '../operation/path.ts';
import type { Server } from './server.ts';
import { ZooKeeperError } from './zookeeper-error.ts';

/** What `zookeeper.connect` says. */
export type ConnectString = {
  /** An IPv6 address stands without brackets. */
  readonly servers: readonly Server[];
  /** `/` where none is given. */
  readonly chroot: string;
};

const DEFAULT_PORT = 2181;
const SERVER = /^(?:\[(?<ipv6>[0-9a-fA-F]*:[0-9a-fA-F:.]*(?:%\w+)?)\]|(?<host>[^\s:[\]/]+))(?::(?<port>\d{1,5})?)?$/;

/**
 * Reads `host1:2181,[::1]:2181,host3/chroot`: the port may be missing, an IPv6 address needs its brackets, the chroot comes once
 * and at the end.
 *
 * @throws ZooKeeperError BAD_ARGUMENTS where there is no server, or one or the chroot is none
 */
export function parseConnectString(text: string): ConnectString {
  const slash = text.indexOf('/');
  const hosts = slash < 0 ? text : text.slice(0, slash);
  const chroot = slash < 0 ? '/' : text.slice(slash).trimEnd();
  checkChroot(chroot);
  const servers = hosts
    .split(',')
    .map((server) => server.trim())
    .filter((server) => server !== '')
    .map(parseServer);
  if (servers.length === 0) throw new ZooKeeperError('BAD_ARGUMENTS', `no server in the connect string '${text}'`);
  return { servers, chroot };
}

/** @throws ZooKeeperError BAD_ARGUMENTS where it is no path */
export function checkChroot(chroot: string): void {
  const problem = problemOfPath(chroot);
  if (problem !== undefined)
    throw new ZooKeeperError('BAD_ARGUMENTS', `the chroot '${chroot}' is not a path: ${problem}`);
}

function parseServer(text: string): Server {
  const { ipv6, host = ipv6, port = String(DEFAULT_PORT) } = SERVER.exec(text)?.groups ?? {};
  if (host === undefined)
    throw new ZooKeeperError('BAD_ARGUMENTS', `'${text}' is not a server: host, host:port or [IPv6]:port`);
  const number = Number(port);
  if (number < 1 || number > 65535)
    throw new ZooKeeperError('BAD_ARGUMENTS', `'${text}' is not a server: no port ${port}`);
  return { host, port: number };
}
