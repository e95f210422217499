import { ERRORS, type ErrorName, formatTopicPartition } from '@barnabas/model';
import { CONSUMER_PROTOCOL_TYPE } from '@barnabas/protocol';
import type { Group } from '../group/group.ts';
import type { OffsetPlace } from '../group/group-offsets.ts';
import type { GroupResponse, RequestId } from '../groups/group-shard.ts';
import type { GroupChange } from '../log/group-change.ts';
import { type Answer, PARKED } from '../turn/answer.ts';
import { type GroupRequestOf, groupRefusal } from '../turn/group-refusal.ts';
import type { Turn } from '../turn/turn.ts';
import type { AfterWrite } from '../turn/write.ts';
import { deletionWriteError } from '../turn/write-errors.ts';
import { appendDeletions, offsetDeletion } from './deletion.ts';

type Asked = GroupRequestOf<'OffsetDelete'>;
type Deleted = Extract<AfterWrite, { readonly kind: 'offsets deleted' }>;

/** Deletes offsets of topics that no member subscribes to (KIP-496); the answer waits until that is committed. */
export const deleteOffsets = (turn: Turn, id: RequestId, asked: Asked): Answer => {
  const group = turn.state.groups.get(asked.request.groupId);
  if (group === undefined) return groupRefusal(asked, 'GROUP_ID_NOT_FOUND');
  if (group.is('Dead')) return groupRefusal(asked, 'COORDINATOR_NOT_AVAILABLE');
  if (!group.is('Empty') && group.protocolType !== CONSUMER_PROTOCOL_TYPE)
    return groupRefusal(asked, 'NON_EMPTY_GROUP');
  const subscribed = new Set(asked.request.topics.map(({ name }) => name).filter((name) => isSubscribed(group, name)));
  const named = placesOf(asked).filter(({ topic }) => !subscribed.has(topic));
  const places = named.filter((place) => isKept(group, place));
  const withGroup = named.length > 0 && isAllThatIsLeft(group, places);
  if (places.length === 0 && !withGroup) return deletionAnswer(asked, subscribed, 'NONE');
  const changes: GroupChange[] = places.map((place) => offsetDeletion(group.id, place));
  if (withGroup) {
    changes.push({ kind: 'group', groupId: group.id, value: null });
    group.moveTo({ name: 'Dead' }, turn.nowMs);
  }
  const after = { kind: 'offsets deleted', withGroup, request: id, asked, subscribed } as const;
  appendDeletions(turn, changes, (deletion) => ({ ...after, deletion }));
  return PARKED;
};

/** Of a group that had members once; one that had none is forgotten with its last offset. */
const isAllThatIsLeft = (group: Group, places: readonly OffsetPlace[]): boolean => {
  if (!group.is('Empty') || group.generation === 0 || group.pendingMembers.size > 0) return false;
  const deleted = new Set(places.map(formatTopicPartition));
  return group.offsets.places().every((place) => deleted.has(formatTopicPartition(place)));
};

const placesOf = ({ request }: Asked): OffsetPlace[] =>
  request.topics.flatMap(({ name: topic, partitions }) =>
    partitions.map(({ partitionIndex: partition }) => ({ topic, partition })),
  );

const isKept = ({ offsets }: Group, { topic, partition }: OffsetPlace): boolean =>
  offsets.get(topic, partition) !== undefined || offsets.isUnderWay(topic, partition);

/** To be safe each topic counts as subscribed of which that is not known. */
const isSubscribed = (group: Group, topic: string): boolean =>
  !group.is('Empty') && (group.subscribedTopics === null || group.subscribedTopics.has(topic));

const deletionAnswer = ({ request }: Asked, subscribed: ReadonlySet<string>, error: ErrorName): GroupResponse => ({
  throttleTimeMs: 0,
  errorCode: ERRORS.NONE.code,
  topics: request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => ({
      partitionIndex,
      errorCode: ERRORS[subscribed.has(name) ? 'GROUP_SUBSCRIBED_TO_TOPIC' : error].code,
    })),
  })),
});

/** They are gone, or are as they were. */
export const offsetsDeleted = (
  turn: Turn,
  group: Group,
  { withGroup, deletion, request, asked, ...rest }: Deleted,
): void => {
  const { failure } = deletion;
  if (withGroup && failure === null) turn.state.groups.remove(group);
  else if (withGroup) group.moveTo({ name: 'Empty' }, turn.nowMs);
  const error = failure === null ? 'NONE' : deletionWriteError(failure);
  turn.reply(request, deletionAnswer(asked, rest.subscribed, error));
};
