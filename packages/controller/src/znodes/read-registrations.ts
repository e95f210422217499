import { brokerId } from '@barnabas/model';
import {
  BROKER_IDS_PATH,
  brokerPath,
  decodeBrokerRegistration,
  MalformedZnodeError,
  readOptional,
  type Watcher,
} from '@barnabas/zookeeper';
import { type RegisteredBroker, registeredBroker } from '../cluster/registered-broker.ts';
import type { Logger } from '../logger.ts';
import type { FencedSession } from './fenced-session.ts';

const BROKER_ID = /^(0|[1-9]\d{0,9})$/;

/**
 * All brokers that are registered, by ascending id. `dirty` is called once that may have changed. A registration that cannot
 * be read is none: nobody could be told anything.
 */
export async function readRegistrations(
  fenced: FencedSession,
  dirty: Watcher,
  logger: Logger,
): Promise<readonly RegisteredBroker[]> {
  const { children } = await fenced.untilAnswered((session) => session.children(BROKER_IDS_PATH, { watch: dirty }));
  const ids = children
    .filter((name) => BROKER_ID.test(name))
    .map((name) => brokerId(Number(name)))
    .sort((a, b) => a - b);
  const found = await fenced.readMany(ids, (session, id) => readOptional(session, brokerPath(id), { watch: dirty }));
  return ids.flatMap((id, index) => {
    const content = found[index];
    if (content === undefined) return [];
    try {
      return [registeredBroker(id, decodeBrokerRegistration(id, content.data), content.stat)];
    } catch (error) {
      if (!(error instanceof MalformedZnodeError)) throw error;
      logger.error({ broker: id, err: error }, 'a broker has registered in a way that cannot be read');
      return [];
    }
  });
}
