import { connectSession, type ZooKeeperSession } from '@barnabas/zookeeper';
import { clientOptions } from './client-options.ts';

const TIMEOUT_MS = 20_000;

/** A session over the adapter on the machine's own clock; `connectString` may have a chroot, which is made. */
export const openSession = (connectString: string): Promise<ZooKeeperSession> =>
  connectSession(clientOptions(connectString, TIMEOUT_MS), 1);
