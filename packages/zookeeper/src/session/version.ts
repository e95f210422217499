import { ANY_VERSION } from '../operation/request.ts';
import { ZooKeeperError } from './zookeeper-error.ts';

const VERSION_MIN = -(2 ** 31);
const VERSION_MAX = 2 ** 31 - 1;

/**
 * The version itself, which has to fit into the int32 of a request. Versions wrap, so there are negative ones; the
 * server takes -1 for any.
 *
 * @throws ZooKeeperError BAD_ARGUMENTS
 */
export function checkedVersion(version: number, path: string): number {
  if (Number.isInteger(version) && version >= VERSION_MIN && version <= VERSION_MAX) return version;
  const message = `${path}: ${version} is no version; pass that of the znode, or ${ANY_VERSION} for any`;
  throw new ZooKeeperError('BAD_ARGUMENTS', message, { path });
}
