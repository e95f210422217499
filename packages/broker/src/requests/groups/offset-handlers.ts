import { ERRORS } from '@barnabas/model';
import type { PeerHandler } from '@barnabas/transport';
import type { ClusterView } from '../../cluster/cluster-image.ts';
import type { Logger } from '../../logger.ts';
import type { BrokerMetrics } from '../../metrics/broker-metrics.ts';
import { answered } from '../answered.ts';
import { askGroup, type Coordinator } from './group-asker.ts';
import { answersInOrder, knownPartitions } from './known-partitions.ts';
import { wholeRefusal } from './whole-refusal.ts';

export type OffsetHandlersOptions = {
  readonly coordinator: Coordinator;
  readonly cluster: ClusterView;
  readonly metrics: Pick<BrokerMetrics, 'offsetsCommitted'>;
  readonly log: Logger;
};

const UNKNOWN_PARTITION = ERRORS.UNKNOWN_TOPIC_OR_PARTITION.code;
const NONE = ERRORS.NONE.code;

/**
 * OffsetCommit, versions 0 to 9. Partitions that are not there are refused here; the group decides about the others. Version 0,
 * whose offsets Kafka keeps in ZooKeeper, is taken for version 1 of a group without members.
 */
export const offsetCommitHandler = (options: OffsetHandlersOptions): PeerHandler<'OffsetCommit'> =>
  answered(
    'OffsetCommit',
    options.log,
    async (request, context) => {
      const { coordinator, cluster, metrics } = options;
      const topics = knownPartitions(cluster.image, request.topics);
      const found =
        topics.length === 0
          ? []
          : (await askGroup(coordinator, 'OffsetCommit', { ...request, topics }, context)).topics;
      const answers = answersInOrder(request.topics, found, UNKNOWN_PARTITION);
      const count = answers.reduce((sum, { partitions }) => sum + partitions.filter(isDone).length, 0);
      if (count > 0) metrics.offsetsCommitted(count);
      return { throttleTimeMs: 0, topics: answers };
    },
    wholeRefusal('OffsetCommit'),
  );

/** OffsetDelete, version 0. A group that refuses is asked also where no partition of those named is there, as in Kafka. */
export const offsetDeleteHandler = ({
  coordinator,
  cluster,
  log,
}: OffsetHandlersOptions): PeerHandler<'OffsetDelete'> =>
  answered(
    'OffsetDelete',
    log,
    async (request, context) => {
      const topics = knownPartitions(cluster.image, request.topics);
      const answer = await askGroup(coordinator, 'OffsetDelete', { ...request, topics }, context);
      if (answer.errorCode !== NONE) return answer;
      return { ...answer, topics: answersInOrder(request.topics, answer.topics, UNKNOWN_PARTITION) };
    },
    wholeRefusal('OffsetDelete'),
  );

const isDone = ({ errorCode }: { readonly errorCode: number }): boolean => errorCode === NONE;
