import { KafkaError } from '@barnabas/model';
import type { ClusterImage, ClusterTopic } from '../../cluster/cluster-image.ts';
import { topicIdFromWire } from '../../wire/topic-id.ts';
import { errorIn } from '../asking/ask-leader.ts';
import { firstView } from '../asking/next-view.ts';
import type { Patience } from '../asking/patience.ts';
import { again, done, untilDone } from '../asking/until-done.ts';
import type { Door } from '../door/door.ts';
import { askController } from './ask-controller.ts';
import { topicConfigs } from './topic-configs.ts';
import { topicDifference } from './topic-difference.ts';
import type { AskedTopic } from './topic-schemas.ts';

export type CreateOutcome = {
  /** False where there was one just like it. */
  readonly isNew: boolean;
  readonly topic: ClusterTopic;
  readonly configs: Record<string, string>;
};

/**
 * Creates a topic, or finds that there is one just like it. Resolves when this broker knows it, with a leader for each
 * partition: what follows can begin at once. One of the name that is being deleted is waited for until it is gone.
 *
 * @throws KafkaError TOPIC_ALREADY_EXISTS where there is another one of the name; REQUEST_TIMED_OUT where it may have been
 *   created, or has been and has no leaders yet; the controller's error
 */
export async function createTopic(
  door: Door,
  name: string,
  asked: AskedTopic,
  patience: Patience,
): Promise<CreateOutcome> {
  const found = await untilDone<{ existing: ClusterTopic } | { createdId: string | undefined }>(
    door,
    patience,
    async () => {
      const topic = door.cluster.image.topics.get(name);
      if (topic !== undefined) return done({ existing: topic });
      try {
        return done({ createdId: await create(door, name, asked, patience) });
      } catch (thrown) {
        // This broker has not heard of it yet, or it is being deleted: which of them, a moment shows.
        if (thrown instanceof KafkaError && thrown.error === 'TOPIC_ALREADY_EXISTS') return again(thrown);
        throw thrown;
      }
    },
  );
  if ('existing' in found) return await existing(door, found.existing, asked, patience);
  const topic = await firstView(door, patience, (image) => usableTopic(image, name, found.createdId));
  if (topic === undefined) {
    throw new KafkaError('REQUEST_TIMED_OUT', `topic ${name} has been created, but not all its partitions lead yet`);
  }
  return { isNew: true, topic, configs: await topicConfigs(door, name, 'own', patience) };
}

const CREATE_TOPICS = ['CreateTopics', 7] as const;
/** For the broker's default. */
const UNSAID = -1;

async function create(
  door: Door,
  name: string,
  { partitions = UNSAID, replicationFactor = UNSAID, configs = {} }: AskedTopic,
  patience: Patience,
): Promise<string | undefined> {
  const topic = {
    name,
    numPartitions: partitions,
    replicationFactor,
    assignments: [],
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value: String(value) })),
  };
  const { topics } = await askController(
    door,
    CREATE_TOPICS,
    (timeoutMs) => ({ topics: [topic], timeoutMs }),
    ({ topics: [created] }) => errorIn(created?.errorCode ?? -1, created?.errorMessage),
    patience,
  );
  const [created] = topics;
  return created === undefined ? undefined : topicIdFromWire(created.topicId);
}

/** The topic that was created, once all its partitions have leaders; an older one of the name does not count. */
const usableTopic = (image: ClusterImage, name: string, topicId: string | undefined): ClusterTopic | undefined => {
  const topic = image.topics.get(name);
  if (topic === undefined || (topicId !== undefined && topic.topicId !== topicId)) return undefined;
  return Array.from(topic.partitions.values()).every(({ leader }) => leader !== undefined) ? topic : undefined;
};

/** @throws KafkaError TOPIC_ALREADY_EXISTS where it is not what is asked for */
async function existing(
  door: Door,
  topic: ClusterTopic,
  asked: AskedTopic,
  patience: Patience,
): Promise<CreateOutcome> {
  const configs = await topicConfigs(door, topic.name, 'own', patience);
  const difference = topicDifference(asked, topic, configs);
  if (difference !== undefined) {
    throw new KafkaError('TOPIC_ALREADY_EXISTS', `topic ${topic.name} exists, ${difference}`);
  }
  return { isNew: false, topic, configs };
}
