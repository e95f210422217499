import type { Random } from '@barnabas/model';
import {
  decodeTopic,
  encodeTopic,
  isZooKeeperError,
  MalformedZnodeError,
  type ReplicaAssignment,
  randomTopicId,
  readOptional,
  topicPath,
  type Watcher,
  type ZooKeeperSession,
} from '@barnabas/zookeeper';
import type { Logger } from '../logger.ts';
import type { FencedSession } from './fenced-session.ts';

/** What the znode of a topic says. */
export type ReadTopic = {
  readonly name: string;
  readonly topicId: string;
  readonly partitions: ReadonlyMap<number, ReplicaAssignment>;
};

export type TopicReading = {
  readonly watch: Watcher;
  readonly random: Random;
  /** Told of each topic that is left out. */
  readonly onMalformed: (name: string) => void;
  readonly logger: Logger;
};

/**
 * The topics of these names that there are. One that has no id, of Kafka before 2.8, is given one. One whose znode cannot be
 * read is left out, and read again when it changes.
 */
export async function readTopics(
  fenced: FencedSession,
  names: readonly string[],
  reading: TopicReading,
): Promise<readonly ReadTopic[]> {
  const found = await fenced.readMany(names, (session, name) => readTopic(session, fenced, name, reading));
  return found.filter((topic) => topic !== undefined);
}

async function readTopic(
  session: ZooKeeperSession,
  fenced: FencedSession,
  name: string,
  { watch, random, logger, onMalformed }: TopicReading,
): Promise<ReadTopic | undefined> {
  for (;;) {
    const found = await readOptional(session, topicPath(name), { watch });
    if (found === undefined) return undefined;
    try {
      const { topicId, partitions } = decodeTopic(name, found.data);
      if (topicId !== undefined) return { name, topicId, partitions };
      const data = encodeTopic({ topicId: randomTopicId(random), partitions });
      await fenced.write([{ type: 'set', path: topicPath(name), data, version: found.stat.version }]);
    } catch (error) {
      if (error instanceof MalformedZnodeError) {
        logger.error({ topic: name, err: error }, 'a topic cannot be read, and is left alone');
        onMalformed(name);
        return undefined;
      }
      // It has changed meanwhile, and is read again.
      if (!isZooKeeperError(error, 'BAD_VERSION') && !isZooKeeperError(error, 'NO_NODE')) throw error;
    }
  }
}
