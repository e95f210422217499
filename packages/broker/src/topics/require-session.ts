import { type ErrorName, KafkaError } from '@barnabas/model';
import type { ZooKeeperSession } from '@barnabas/zookeeper';
import type { Coordination } from '../coordination/coordination.ts';

/**
 * The session to make a change with; one that is SUSPENDED may recover.
 *
 * @throws KafkaError `unavailable`
 */
export function requireSession({ session }: Coordination, unavailable: ErrorName): ZooKeeperSession {
  if (session !== undefined && session.state !== 'LOST') return session;
  throw new KafkaError(unavailable, 'This broker has no session with ZooKeeper at the moment; nothing was changed.');
}
