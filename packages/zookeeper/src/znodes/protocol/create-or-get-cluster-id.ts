import type { Random } from '@barnabas/model';
import type { ZooKeeperSession } from '../../session/session.ts';
import { isZooKeeperError } from '../../session/zookeeper-error.ts';
import { CLUSTER_ID_PATH, CLUSTER_PATH, decodeClusterId, encodeClusterId } from '../cluster-id.ts';
import { randomUuid } from '../random-uuid.ts';
import { createPaths } from './create-paths.ts';
import { readOptional } from './read-optional.ts';
import { untilAnswered } from './until-answered.ts';

/**
 * The cluster's id; the first broker makes it. Where several come first at once, or an attempt got no answer, that which
 * was created counts.
 *
 * Rejects with MalformedZnodeError where there is one that cannot be read, and with ZooKeeperError.
 */
export function createOrGetClusterId(session: ZooKeeperSession, random: Random): Promise<string> {
  const proposed = randomUuid(random);
  return untilAnswered(session, async () => {
    for (;;) {
      const found = await readOptional(session, CLUSTER_ID_PATH);
      if (found !== undefined) return decodeClusterId(found.data);
      await createPaths(session, [CLUSTER_PATH]);
      try {
        await session.create(CLUSTER_ID_PATH, encodeClusterId(proposed));
        return proposed;
      } catch (error) {
        if (!isZooKeeperError(error, 'NODE_EXISTS')) throw error;
      }
    }
  });
}
