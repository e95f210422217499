import { ZooKeeperError, type ZooKeeperSession } from '@barnabas/zookeeper';

const CONNECT_MAX_MS = 60_000;

/** Does it again and again until it says that it is done, whenever the session is connected, until that is LOST. */
export const whileAlive = async (session: ZooKeeperSession, task: () => Promise<boolean>): Promise<void> => {
  while (session.state !== 'LOST') {
    try {
      await session.whenConnected({ deadlineMs: CONNECT_MAX_MS });
      if (await task()) return;
    } catch (error) {
      if (!(error instanceof ZooKeeperError)) throw error;
    }
  }
};
