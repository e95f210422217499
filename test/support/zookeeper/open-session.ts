import { systemClock, systemRandom, systemScheduler } from '@barnabas/cli';
import { connectSession, ensembleOptions, type ZooKeeperSession } from '@barnabas/zookeeper';

const TIMEOUT_MS = 20_000;

/** A session over the adapter on the machine's own clock; `connectString` may have a chroot, which is made. */
export const openSession = (connectString: string): Promise<ZooKeeperSession> =>
  connectSession(
    ensembleOptions({
      connectString,
      timeoutMs: TIMEOUT_MS,
      clock: systemClock,
      scheduler: systemScheduler,
      random: systemRandom,
      onUncaught: (error) => {
        throw error;
      },
    }),
    1,
  );
