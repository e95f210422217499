import {
  ANY_VERSION,
  CONFIG_CHANGES,
  configPath,
  decodeTopic,
  deleteTopicPath,
  encodeConfig,
  encodeTopic,
  MultiError,
  readOptional,
  type TransactionOp,
  topicPath,
  type ZooKeeperSession,
} from '@barnabas/zookeeper';
import { type Attempts, writeOnce } from '../write-once.ts';
import { alreadyExists, beingDeleted } from './existing-topics.ts';
import type { PlannedTopic } from './planned-topic.ts';

/** Steps of the transaction. */
const CONFIG_STEP = 0;
const TOPIC_STEP = 1;

/**
 * Creates a topic: in one transaction its configuration and then its description, and, where something is configured or was,
 * word of it to all brokers. Kafka writes the first two one after the other, so that of two who create the same topic at the same
 * time one may get the configuration of the other.
 *
 * After an attempt without an answer the topic is looked for by its id. Where it is not there nothing is tried again: it may
 * have been created, and deleted since (rule 10).
 *
 * @param requireActive throws where this broker is not the controller any more
 *
 * Rejects with KafkaError TOPIC_ALREADY_EXISTS, REQUEST_TIMED_OUT, and as `writeOnce` does.
 */
export function writeTopic(session: ZooKeeperSession, topic: PlannedTopic, requireActive: () => void): Promise<void> {
  return writeOnce(session, async (attempts) => {
    if (attempts.mayBeDone) {
      await findOwn(session, topic, attempts);
      return;
    }
    const marked = await session.exists(deleteTopicPath(topic.name));
    if (marked !== undefined) throw beingDeleted(topic.name);
    await create(session, topic, attempts, requireActive);
  });
}

async function findOwn(session: ZooKeeperSession, { name, znode }: PlannedTopic, attempts: Attempts): Promise<void> {
  const found = await readOptional(session, topicPath(name));
  if (found === undefined) throw new Error('the topic is not there: it was not created, or is deleted again');
  if (decodeTopic(name, found.data).topicId === znode.topicId) return;
  attempts.notDone();
  throw alreadyExists(name);
}

async function create(
  session: ZooKeeperSession,
  topic: PlannedTopic,
  attempts: Attempts,
  requireActive: () => void,
): Promise<void> {
  for (let isConfigThere = false; ; isConfigThere = !isConfigThere) {
    requireActive();
    try {
      await attempts.write(() => session.multi(stepsFor(topic, isConfigThere)));
      return;
    } catch (error) {
      if (!(error instanceof MultiError)) throw error;
      if (error.index === TOPIC_STEP && error.code === 'NODE_EXISTS') throw alreadyExists(topic.name);
      // Left by who created it in two steps and died in between, or just gone with the topic that it belonged to.
      const expected = isConfigThere ? 'NO_NODE' : 'NODE_EXISTS';
      if (error.index !== CONFIG_STEP || error.code !== expected) throw error;
    }
  }
}

function stepsFor({ name, znode, overrides }: PlannedTopic, isConfigThere: boolean): TransactionOp[] {
  const entity = { type: 'topic', topic: name } as const;
  const config = { path: configPath(entity), data: encodeConfig(overrides) };
  const { parent, prefix, encode } = CONFIG_CHANGES;
  const notification: TransactionOp = {
    type: 'create',
    path: `${parent}/${prefix}`,
    data: encode(entity),
    mode: 'persistentSequential',
  };
  return [
    isConfigThere ? { type: 'set', ...config, version: ANY_VERSION } : { type: 'create', ...config },
    { type: 'create', path: topicPath(name), data: encodeTopic(znode) },
    ...(overrides.size > 0 || isConfigThere ? [notification] : []),
  ];
}
