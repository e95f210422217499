import type { ZooKeeperSession } from '../../session/session.ts';
import { isZooKeeperError } from '../../session/zookeeper-error.ts';

/**
 * Runs `attempt` until the server has answered all that it asked, each time once there is a connection. What it writes must
 * bear being done twice: guarded so that the second time is refused (and then looked into), or of no harm.
 *
 * After a write that was refused, reads see everything up to it, also what an earlier attempt of which no answer came has
 * done: the server never goes back behind what it once answered, and no server takes a client that has seen more.
 *
 * Rejects with any other error of `attempt`, and with SESSION_EXPIRED once the session is LOST.
 */
export async function untilAnswered<T>(session: ZooKeeperSession, attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isUnanswered(error)) throw error;
    }
    await whenConnected(session);
  }
}

/** Whether the server has not said what became of a request. */
export function isUnanswered(error: unknown): boolean {
  return isZooKeeperError(error, 'CONNECTION_LOSS') || isZooKeeperError(error, 'OPERATION_TIMEOUT');
}

/** Rejects with SESSION_EXPIRED where the session is LOST before it is connected. */
async function whenConnected(session: ZooKeeperSession): Promise<void> {
  for (;;) {
    try {
      return await session.whenConnected();
    } catch (error) {
      if (!isZooKeeperError(error, 'OPERATION_TIMEOUT')) throw error;
    }
  }
}
