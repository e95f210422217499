import { ERRORS, type ErrorName } from '@barnabas/model';
import type { Group } from '../group/group.ts';
import type { OffsetPlace } from '../group/group-offsets.ts';
import type { CommittedOffset } from '../log/group-change.ts';
import type { Answer } from '../turn/answer.ts';
import { type GroupRequestOf, MANY_OFFSET_FETCHES_FROM } from '../turn/group-refusal.ts';
import type { Turn } from '../turn/turn.ts';

type AskedTopics = readonly { readonly name: string; readonly partitionIndexes: readonly number[] }[] | null;

const NO_OFFSET = -1n;
const NO_LEADER_EPOCH = -1;

/** The committed offsets of a group, whatever its state; a group that is not there has none. */
export const fetchOffsets = (turn: Turn, { request, version }: GroupRequestOf<'OffsetFetch'>): Answer => {
  const throttleTimeMs = 0;
  const errorCode = ERRORS.NONE.code;
  const { requireStable } = request;
  if (version < MANY_OFFSET_FETCHES_FROM) {
    const topics = offsetsOf(turn.state.groups.get(request.groupId), request.topics, requireStable);
    return { throttleTimeMs, errorCode, topics };
  }
  const groups = request.groups.map(({ groupId, topics }) => ({
    groupId,
    errorCode,
    topics: offsetsOf(turn.state.groups.get(groupId), topics, requireStable),
  }));
  return { throttleTimeMs, groups };
};

const offsetsOf = (group: Group | undefined, asked: AskedTopics, requireStable: boolean) => {
  const answerOf = (place: OffsetPlace) => {
    const isUnstable = requireStable && group?.offsets.isUnderWay(place.topic, place.partition) === true;
    const committed = isUnstable ? undefined : group?.offsets.get(place.topic, place.partition);
    return partitionAnswer(place.partition, committed, isUnstable ? 'UNSTABLE_OFFSET_COMMIT' : 'NONE');
  };
  const topics = asked ?? allOf(group);
  return topics.map(({ name: topic, partitionIndexes }) => ({
    name: topic,
    partitions: partitionIndexes.map((partition) => answerOf({ topic, partition })),
  }));
};

const allOf = (group: Group | undefined): NonNullable<AskedTopics> => {
  const partitionsByTopic = Map.groupBy(group?.offsets.committed() ?? [], ({ topic }) => topic);
  return [...partitionsByTopic].map(([name, offsets]) => ({
    name,
    partitionIndexes: offsets.map(({ partition }) => partition),
  }));
};

const partitionAnswer = (partitionIndex: number, committed: CommittedOffset | undefined, error: ErrorName) => ({
  partitionIndex,
  committedOffset: committed?.offset ?? NO_OFFSET,
  committedLeaderEpoch: committed?.leaderEpoch ?? NO_LEADER_EPOCH,
  metadata: committed?.metadata ?? '',
  errorCode: ERRORS[error].code,
});
