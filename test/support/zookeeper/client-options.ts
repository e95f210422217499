import { systemClock, systemRandom, systemScheduler } from '@barnabas/cli';
import { ensembleOptions } from '@barnabas/zookeeper';

/** For sessions of a test, over the adapter on the machine's own clock. @param connectString may have a chroot */
export const clientOptions = (connectString: string, timeoutMs: number) =>
  ensembleOptions({
    connectString,
    timeoutMs,
    clock: systemClock,
    scheduler: systemScheduler,
    random: systemRandom,
    onUncaught: (error) => {
      throw error;
    },
  });
