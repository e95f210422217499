/**
 * LeaderAndIsr, versions 5 to 7 (topic ids): who leads and follows from now on. Per partition, in Kafka's order:
 *
 *   the log directory is offline                    KAFKA_STORAGE_ERROR
 *   our log is of another topic of that name        INCONSISTENT_TOPIC_ID
 *   this controller has had the topic deleted       UNKNOWN_TOPIC_OR_PARTITION (ours): the request was held up on its way
 *   the leader epoch is older, or known already     STALE_CONTROLLER_EPOCH; where it only brings the topic id, that is noted
 *   this broker has no replica                      UNKNOWN_TOPIC_OR_PARTITION
 *   the log cannot be had                           KAFKA_STORAGE_ERROR, and nothing is remembered of the change
 *
 * A stopped replica takes the epoch in which it was stopped once more.
 *
 * Source: Kafka's ReplicaManager.becomeLeaderOrFollower, KIP-497, KIP-516.
 */
import {
  brokerId,
  ERRORS,
  type ErrorName,
  KafkaError,
  leaderEpoch,
  partitionEpoch,
  type TopicPartition,
} from '@barnabas/model';
import type { LeaderAndIsrRequest } from '@barnabas/protocol';
import type { PeerResponse } from '@barnabas/transport';
import { topicIdFromWire } from '../../wire/topic-id.ts';
import type { Following } from '../followed-partition.ts';
import type { Assignment } from '../partition/assignment.ts';
import { FollowedReplica } from '../partition/followed-replica.ts';
import type { Partition } from '../partition/partition.ts';
import type { ControlParts } from './control-parts.ts';
import { removeStrays } from './stray-replicas.ts';

type Response = PeerResponse<'LeaderAndIsr'>;

/** Type of a request that names every replica of the broker (KIP-516). */
const FULL = 2;
const NO_IDS: ReadonlySet<string> = new Set();

/** Carries a request out that has passed the fences of broker and controller epoch. Never rejects. */
export async function leaderAndIsr(request: LeaderAndIsrRequest, parts: ControlParts): Promise<Response> {
  const assignments = assignmentsOf(request);
  const isFirst = parts.firstRequests.isFirst(request);
  if (isFirst && request.type === FULL) await removeStrays(assignments, parts);
  const errors = (await applyAssignments(assignments, deletedIdsFor(request, parts), parts)).values();
  const topics = request.topicStates.map(({ topicId, partitionStates }) => ({
    topicId,
    partitionErrors: partitionStates.map(({ partitionIndex }) => ({
      topicName: '',
      partitionIndex,
      errorCode: ERRORS[errors.next().value ?? 'UNKNOWN_SERVER_ERROR'].code,
    })),
  }));
  return { ...leaderAndIsrRefused('NONE'), topics };
}

/** The answer to a request as a whole. */
export const leaderAndIsrRefused = (error: ErrorName): Response => ({
  errorCode: ERRORS[error].code,
  partitionErrors: [],
  topics: [],
});

/** Ids of topics that the controller who sends the request has had deleted. Another one's word of that may be out of date. */
const deletedIdsFor = ({ controllerEpoch }: LeaderAndIsrRequest, { cluster }: ControlParts): ReadonlySet<string> => {
  const { deleted } = cluster.image;
  return deleted.controllerEpoch === controllerEpoch ? deleted.topicIds : NO_IDS;
};

/** All that a request says, in its order. */
function assignmentsOf({ topicStates }: LeaderAndIsrRequest): Assignment[] {
  return topicStates.flatMap(({ topicName, topicId, partitionStates }) =>
    partitionStates.map((state) => ({
      topicPartition: { topic: topicName, partition: state.partitionIndex },
      topicId: topicIdFromWire(topicId),
      leader: state.leader < 0 ? undefined : brokerId(state.leader),
      leaderEpoch: leaderEpoch(state.leaderEpoch),
      partitionEpoch: partitionEpoch(state.partitionEpoch),
      isr: state.isr.map(brokerId),
      replicas: state.replicas.map(brokerId),
      isNew: state.isNew,
    })),
  );
}

/** Carries them out, all at the same time, each in the queue of its partition. What became of them, in their order. */
async function applyAssignments(
  assignments: readonly Assignment[],
  deletedIds: ReadonlySet<string>,
  parts: ControlParts,
): Promise<ErrorName[]> {
  const followings: Following[] = [];
  const unfollowed: TopicPartition[] = [];
  const errors = await Promise.all(
    assignments.map(async (assignment): Promise<ErrorName> => {
      const isDeleted = assignment.topicId !== undefined && deletedIds.has(assignment.topicId);
      const partition = isDeleted ? undefined : hostedOrNew(assignment, parts);
      if (partition === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION';
      return partition.queue.run(async () => {
        const error = await apply(partition, assignment, parts);
        const following = error === 'NONE' ? followingOf(partition) : undefined;
        if (following !== undefined) followings.push(following);
        else if (error === 'NONE') unfollowed.push(assignment.topicPartition);
        return error;
      });
    }),
  );
  if (unfollowed.length > 0) parts.fetchers.unfollow(unfollowed);
  if (followings.length > 0) parts.fetchers.follow(followings);
  return errors;
}

/** undefined where there is nobody to follow. */
const followingOf = (partition: Partition): Following | undefined => {
  const { role, log, leaderEpoch: epoch } = partition;
  if (role.kind !== 'follower' || role.leader === undefined || log === undefined) return undefined;
  return { partition: new FollowedReplica(partition, log), leader: role.leader, leaderEpoch: epoch };
};

/** Nothing is kept of a partition that this broker has no replica of. */
const hostedOrNew = ({ topicPartition, topicId, replicas }: Assignment, parts: ControlParts): Partition | undefined => {
  const found = parts.hosted.get(topicPartition);
  if (found !== undefined || !replicas.includes(parts.localId)) return found;
  return parts.host(topicPartition, topicId);
};

const apply = async (partition: Partition, assignment: Assignment, parts: ControlParts): Promise<ErrorName> => {
  const refused = refusalOf(partition, assignment, parts);
  if (refused === 'STALE_CONTROLLER_EPOCH' && bringsTopicId(partition, assignment)) {
    return orError(partition, parts, () => noteTopicId(partition, assignment, parts));
  }
  if (refused !== undefined) {
    const fields = { partition: partition.name, refused, ...epochsOf(partition, assignment) };
    // What it says is done already: a controller that begins tells everything again.
    if (assignment.leaderEpoch === partition.leaderEpoch) parts.logger.debug(fields, 'not taken over');
    else parts.logger.info(fields, 'not taken over');
    return refused;
  }
  return orError(partition, parts, () => takeOver(partition, assignment, parts));
};

const refusalOf = (partition: Partition, assignment: Assignment, { localId }: ControlParts): ErrorName | undefined => {
  const { role, topicId, leaderEpoch: known } = partition;
  if (role.kind === 'offline' && role.cause === 'directory') return 'KAFKA_STORAGE_ERROR';
  const isOther = topicId !== undefined && assignment.topicId !== undefined && topicId !== assignment.topicId;
  if (isOther) return 'INCONSISTENT_TOPIC_ID';
  const isKnown = assignment.leaderEpoch === known && role.kind !== 'none' && role.kind !== 'offline';
  if (assignment.leaderEpoch < known || isKnown) return 'STALE_CONTROLLER_EPOCH';
  return assignment.replicas.includes(localId) ? undefined : 'UNKNOWN_TOPIC_OR_PARTITION';
};

const bringsTopicId = (partition: Partition, assignment: Assignment): boolean =>
  assignment.leaderEpoch === partition.leaderEpoch &&
  partition.topicId === undefined &&
  assignment.topicId !== undefined;

const noteTopicId = async (partition: Partition, { topicId }: Assignment, { logs, hosted }: ControlParts) => {
  if (partition.log !== undefined && topicId !== undefined) await logs.rememberTopicId(partition.log, topicId);
  partition.topicId = topicId;
  hosted.noteTopicId(partition);
};

/** What has to be awaited comes first; then the role changes, within one turn (trap 14). */
const takeOver = async (partition: Partition, assignment: Assignment, parts: ControlParts): Promise<void> => {
  const { localId, logs, hosted, logger } = parts;
  const leads = assignment.leader === localId;
  if (partition.log !== undefined && partition.topicId === undefined && assignment.topicId !== undefined) {
    await logs.rememberTopicId(partition.log, assignment.topicId);
  }
  const isMissed = logs.isMissed(assignment, localId);
  const log = await logs.provide(assignment, localId);
  if (isMissed)
    logger.error({ partition: partition.name }, 'there was no log of what is in sync here alone: it is empty');
  // In this turn: a directory that fails later takes the partition offline, one that failed before did not know of its log.
  logs.throwIfOffline(log);
  if (leads) partition.lead(log, assignment);
  else partition.follow(log, assignment);
  hosted.noteTopicId(partition);
};

const orError = async (partition: Partition, parts: ControlParts, act: () => Promise<void>): Promise<ErrorName> => {
  try {
    await act();
    return 'NONE';
  } catch (error) {
    const name = error instanceof KafkaError ? error.error : 'UNKNOWN_SERVER_ERROR';
    parts.logger.error({ err: error, partition: partition.name }, 'the replica could not take over its role');
    if (name === 'KAFKA_STORAGE_ERROR') partition.goOffline('damaged', (error as Error).message);
    return name;
  }
};

const epochsOf = ({ leaderEpoch: known }: Partition, { leaderEpoch: told }: Assignment) => ({ known, told });
