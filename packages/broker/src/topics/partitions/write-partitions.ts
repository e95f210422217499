import { KafkaError } from '@barnabas/model';
import {
  decodeTopic,
  deleteTopicPath,
  encodeTopic,
  isZooKeeperError,
  readOptional,
  type TopicZnode,
  topicPath,
  untilAnswered,
  type ZooKeeperSession,
} from '@barnabas/zookeeper';
import { writeOnce } from '../write-once.ts';

type FoundTopic = { readonly topic: TopicZnode; readonly version: number; readonly czxid: number };

/** What is to become of a topic that has been found; throws where nothing can. */
export type Plan = (topic: TopicZnode) => TopicZnode;

/** Rejects with KafkaError UNKNOWN_TOPIC_OR_PARTITION, INVALID_TOPIC_EXCEPTION; MalformedZnodeError; ZooKeeperError. */
export function readTopicToExtend(session: ZooKeeperSession, name: string): Promise<TopicZnode> {
  return untilAnswered(session, async () => (await find(session, name)).topic);
}

/**
 * Writes the topic with the partitions that `plan` adds, and answers it. What is planned holds only for the version of the
 * topic that was read: where another has changed it since, it is planned anew.
 *
 * @param requireActive throws where this broker is not the controller any more
 *
 * Rejects as `readTopicToExtend` and `writeOnce` do.
 */
export function writePartitions(
  session: ZooKeeperSession,
  name: string,
  plan: Plan,
  requireActive: () => void,
): Promise<TopicZnode> {
  let written: { readonly target: TopicZnode; readonly czxid: number } | undefined;
  return writeOnce(session, async (attempts) => {
    for (;;) {
      const found = await find(session, name);
      if (attempts.mayBeDone && written !== undefined) {
        if (found.czxid !== written.czxid) throw new Error('another topic has taken its place');
        if (hasPartitionsOf(found.topic, written.target)) return written.target;
        // Partitions are never taken away: where there are fewer, ours were not added; else ours may have been, and moved since.
        if (found.topic.partitions.size < written.target.partitions.size) attempts.notDone();
      }
      const target = plan(found.topic);
      requireActive();
      written = { target, czxid: found.czxid };
      try {
        await attempts.write(() => session.set(topicPath(name), encodeTopic(target), found.version));
        return target;
      } catch (error) {
        if (!isZooKeeperError(error, 'BAD_VERSION')) throw error;
      }
    }
  });
}

async function find(session: ZooKeeperSession, name: string): Promise<FoundTopic> {
  const [marked, found] = await Promise.all([
    session.exists(deleteTopicPath(name)),
    readOptional(session, topicPath(name)),
  ]);
  if (found === undefined) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `There is no topic ${name}.`);
  if (marked !== undefined) throw new KafkaError('INVALID_TOPIC_EXCEPTION', `The topic ${name} is being deleted.`);
  return { topic: decodeTopic(name, found.data), version: found.stat.version, czxid: found.stat.czxid };
}

function hasPartitionsOf(topic: TopicZnode, target: TopicZnode): boolean {
  return target.partitions.entries().every(([partition, { replicas }]) => {
    const there = topic.partitions.get(partition)?.replicas;
    return there?.length === replicas.length && there.every((id, index) => id === replicas[index]);
  });
}
