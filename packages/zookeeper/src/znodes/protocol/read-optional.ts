import type { Stat } from '../../operation/stat.ts';
import type { ReadOptions, ZooKeeperSession } from '../../session/session.ts';
import { isZooKeeperError } from '../../session/zookeeper-error.ts';

export type ZnodeContent = { readonly data: Uint8Array | null; readonly stat: Stat };

/** undefined if there is no such znode; a watch is armed only where there is one. Rejects with any other ZooKeeperError. */
export async function readOptional(
  session: ZooKeeperSession,
  path: string,
  options?: ReadOptions,
): Promise<ZnodeContent | undefined> {
  try {
    return await session.get(path, options);
  } catch (error) {
    if (isZooKeeperError(error, 'NO_NODE')) return undefined;
    throw error;
  }
}
