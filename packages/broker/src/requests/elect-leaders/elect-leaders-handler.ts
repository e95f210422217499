import { type BegunEpoch, type Controller, type ElectLeadersAnswer, electLeadersRefused } from '@barnabas/controller';
import { ERRORS, formatTopicPartition, KafkaError, type Scheduler } from '@barnabas/model';
import type { PeerHandler } from '@barnabas/transport';
import type { ClusterImage, ClusterView } from '../../cluster/cluster-image.ts';
import type { Logger } from '../../logger.ts';
import { whenImage } from '../../topics/when-image.ts';
import { answered } from '../answered.ts';

export type ElectLeadersHandlerOptions = {
  readonly controller: Pick<Controller, 'electLeaders'>;
  readonly cluster: ClusterView;
  readonly scheduler: Scheduler;
  readonly log: Logger;
};

/** Of elections: the preferred replica, and an unclean one (KIP-460). */
const ELECTION_TYPES: ReadonlySet<number> = new Set([0, 1]);

/**
 * ElectLeaders, versions 0 to 2: has the controller elect, and waits until this broker has been told of each new leader, so that
 * who asks it next finds what was asked for. Of those that it has not heard of in time REQUEST_TIMED_OUT is answered: they are
 * elected all the same. Kafka's rule.
 */
export const electLeadersHandler = ({
  controller,
  cluster,
  scheduler,
  log,
}: ElectLeadersHandlerOptions): PeerHandler<'ElectLeaders'> =>
  answered(
    'ElectLeaders',
    log,
    async (request, { version, signal }) => {
      const { electionType, timeoutMs } = request;
      if (!ELECTION_TYPES.has(electionType)) {
        throw new KafkaError('INVALID_REQUEST', `${electionType} is no type of election`);
      }
      const { answer, begun } = await controller.electLeaders(request, version);
      const isHeardOf = (image: ClusterImage) => begun.every((each) => hasHeardOf(image, each));
      await whenImage(cluster, isHeardOf, { timeoutMs, scheduler, signal });
      const overdue = begun.filter((each) => !hasHeardOf(cluster.image, each));
      return overdue.length === 0 ? answer : withoutOverdue(answer, overdue);
    },
    ({ error }, request, { version }) => electLeadersRefused(error, request, version),
  );

const hasHeardOf = ({ topics }: ClusterImage, { topic, partition, leaderEpoch }: BegunEpoch): boolean => {
  const known = topics.get(topic)?.partitions.get(partition);
  return known !== undefined && known.leaderEpoch >= leaderEpoch;
};

const withoutOverdue = (answer: ElectLeadersAnswer, overdue: readonly BegunEpoch[]): ElectLeadersAnswer => {
  const keys = new Set(overdue.map(formatTopicPartition));
  const { code, sentence } = ERRORS.REQUEST_TIMED_OUT;
  const replicaElectionResults = answer.replicaElectionResults.map(({ topic, partitionResult }) => ({
    topic,
    partitionResult: partitionResult.map((result) =>
      keys.has(formatTopicPartition({ topic, partition: result.partitionId }))
        ? { ...result, errorCode: code, errorMessage: sentence }
        : result,
    ),
  }));
  return { ...answer, replicaElectionResults };
};
