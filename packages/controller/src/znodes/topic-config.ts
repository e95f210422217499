import { MalformedZnodeError, readEntityConfig, type ZooKeeperSession } from '@barnabas/zookeeper';
import type { Logger } from '../logger.ts';

const UNCLEAN_LEADER_ELECTION = 'unclean.leader.election.enable';

/** What the topic says of unclean elections; undefined where it says nothing, or nothing that can be read. */
export async function readUncleanLeaderElection(
  session: ZooKeeperSession,
  topic: string,
  logger: Logger,
): Promise<boolean | undefined> {
  try {
    const config = await readEntityConfig(session, { type: 'topic', topic });
    const value = config.get(UNCLEAN_LEADER_ELECTION)?.trim().toLowerCase();
    return value === undefined ? undefined : value === 'true';
  } catch (error) {
    if (!(error instanceof MalformedZnodeError)) throw error;
    logger.error({ topic, err: error }, 'the configuration of a topic cannot be read; the default holds');
    return undefined;
  }
}
