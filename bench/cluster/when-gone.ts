import type { ZooKeeperSession } from '@barnabas/zookeeper';

/** Resolves with the time, as `performance.now` has it, at which a znode was seen to be gone. */
export function whenGone(session: ZooKeeperSession, path: string): Promise<number> {
  const gone = Promise.withResolvers<number>();
  const look = async (): Promise<void> => {
    const stat = await session.exists(path, { watch: () => void look().catch(gone.reject) });
    if (stat === undefined) gone.resolve(performance.now());
  };
  look().catch(gone.reject);
  return gone.promise;
}
