import type { ZooKeeperSession } from '@barnabas/zookeeper';
import { whileAlive } from './while-alive.ts';

/** Resolves as soon as `session` knows that there is no znode at `path`: to when that was, by `performance.now()`. */
export const goneAtMs = async (session: ZooKeeperSession, path: string): Promise<number> => {
  await whileAlive(session, async () => {
    const changed = Promise.withResolvers<void>();
    if ((await session.exists(path, { watch: () => changed.resolve() })) === undefined) return true;
    await changed.promise;
    return false;
  });
  return performance.now();
};
