import type { Assignment } from '../partition/assignment.ts';
import type { Partition } from '../partition/partition.ts';
import type { ControlParts } from './control-parts.ts';

/**
 * A full LeaderAndIsr names every replica that the broker is to have: what else it has is of topics that were deleted, or
 * given to others, while it was away. Those are taken out of the way (rule 10), and their files kept.
 *
 * Source: Kafka's LogManager.findStrayReplicas.
 */
export async function removeStrays(assignments: readonly Assignment[], parts: ControlParts): Promise<void> {
  const wanted = new Map<string, Map<number, Assignment>>();
  for (const assignment of assignments) {
    const { topic, partition } = assignment.topicPartition;
    const partitions = wanted.get(topic) ?? new Map<number, Assignment>();
    wanted.set(topic, partitions.set(partition, assignment));
  }
  const isWanted = ({ topicPartition: { topic, partition }, topicId }: Partition): boolean => {
    const found = wanted.get(topic)?.get(partition);
    if (found === undefined) return false;
    return topicId === undefined || found.topicId === undefined || topicId === found.topicId;
  };
  await Promise.all([...parts.hosted].filter((each) => !isWanted(each)).map((stray) => remove(stray, parts)));
}

const remove = (stray: Partition, { hosted, logs, fetchers, logger }: ControlParts): Promise<void> =>
  stray.queue.run(async () => {
    const { role, topicPartition, name, topicId } = stray;
    if (role.kind === 'offline' && role.cause === 'directory') return;
    fetchers.unfollow([topicPartition]);
    stray.stop();
    try {
      await logs.setAside(topicPartition);
      hosted.delete(stray);
      logger.warn(
        { partition: name, topicId },
        'the cluster knows no such replica here; its files are kept, out of the way',
      );
    } catch (err) {
      logger.error({ err, partition: name, topicId }, 'a stray replica could not be taken out of the way');
    }
  });
