import { KafkaError } from '@barnabas/model';
import {
  ANY_VERSION,
  decodeTopic,
  deleteTopicPath,
  MultiError,
  readOptional,
  topicPath,
  type ZnodeContent,
  type ZooKeeperSession,
} from '@barnabas/zookeeper';
import { type Attempts, writeOnce } from '../write-once.ts';

/** Steps of the transaction. */
const TOPIC_STEP = 0;
const MARK_STEP = 1;

export type TopicToDelete = {
  readonly name: string;
  /** Only the topic of this id is meant; undefined for whichever has the name. */
  readonly topicId: string | undefined;
};

/**
 * Leaves word for the controller that the topic is to be deleted; well, too, where somebody has done so before. A topic that
 * has taken its name since this began is not touched.
 *
 * @param requireActive throws where this broker is not the controller any more
 *
 * Rejects with KafkaError UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID, and as `writeOnce` does.
 */
export function markForDeletion(
  session: ZooKeeperSession,
  topic: TopicToDelete,
  requireActive: () => void,
): Promise<void> {
  let czxid: number | undefined;
  return writeOnce(session, async (attempts) => {
    const found = await readOptional(session, topicPath(topic.name));
    const isGone = found === undefined || (czxid !== undefined && found.stat.czxid !== czxid);
    if (isGone && attempts.mayBeDone) return;
    if (isGone) throw unknown(topic);
    requireSame(topic, found);
    czxid = found.stat.czxid;
    // The mark of an earlier attempt may be there: that is found out even by one who is not the controller any more.
    if (!attempts.mayBeDone) requireActive();
    await mark(session, topic, attempts);
  });
}

async function mark(session: ZooKeeperSession, topic: TopicToDelete, attempts: Attempts): Promise<void> {
  try {
    await attempts.write(() =>
      session.multi([
        { type: 'check', path: topicPath(topic.name), version: ANY_VERSION },
        { type: 'create', path: deleteTopicPath(topic.name), data: null },
      ]),
    );
  } catch (error) {
    if (!(error instanceof MultiError)) throw error;
    if (error.index === MARK_STEP && error.code === 'NODE_EXISTS') return;
    if (error.index !== TOPIC_STEP || error.code !== 'NO_NODE') throw error;
    if (!attempts.mayBeDone) throw unknown(topic);
  }
}

/** @throws KafkaError UNKNOWN_TOPIC_ID where another topic has the name by now */
function requireSame(topic: TopicToDelete, { data }: ZnodeContent): void {
  if (topic.topicId !== undefined && decodeTopic(topic.name, data).topicId !== topic.topicId) throw unknown(topic);
}

function unknown({ name, topicId }: TopicToDelete): KafkaError {
  if (topicId !== undefined) return new KafkaError('UNKNOWN_TOPIC_ID', `There is no topic with the id ${topicId}.`);
  return new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `There is no topic ${name}.`);
}
