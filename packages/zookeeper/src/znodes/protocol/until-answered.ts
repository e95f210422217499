import { delayBeforeAgainMs, isPassing } from '../../session/asking-again.ts';
import type { ZooKeeperSession } from '../../session/session.ts';
import { isZooKeeperError } from '../../session/zookeeper-error.ts';

/**
 * Runs `attempt` until the server has answered all that it asked, each time once there is a connection; after an answer that
 * the server is too busy, or failed over the request, a little later. What it writes must bear being done twice: guarded so that the second time is refused (and then looked into), or of no harm.
 *
 * After a write that was refused, reads see everything up to it, also what an earlier attempt of which no answer came has
 * done: the server never goes back behind what it once answered, and no server takes a client that has seen more.
 *
 * Rejects with any other error of `attempt`, and with SESSION_EXPIRED once the session is LOST.
 */
export async function untilAnswered<T>(session: ZooKeeperSession, attempt: () => Promise<T>): Promise<T> {
  for (let failures = 1; ; failures++) {
    let delayMs: number;
    try {
      return await attempt();
    } catch (error) {
      if (!isPassing(error)) throw error;
      delayMs = delayBeforeAgainMs(error, failures);
    }
    await whenConnected(session, delayMs);
  }
}

/** Rejects with SESSION_EXPIRED where the session is LOST before it is connected. */
async function whenConnected(session: ZooKeeperSession, delayMs: number): Promise<void> {
  for (;;) {
    try {
      return await session.whenConnected({ delayMs });
    } catch (error) {
      if (!isZooKeeperError(error, 'OPERATION_TIMEOUT')) throw error;
    }
  }
}
