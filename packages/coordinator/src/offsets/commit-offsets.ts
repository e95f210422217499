import { ERRORS, type ErrorName } from '@barnabas/model';
import type { Group } from '../group/group.ts';
import { GROUP_BOUNDS } from '../group/group-bounds.ts';
import type { RequestId } from '../groups/group-shard.ts';
import { type CommittedOffset, type GroupChange, NO_TIMESTAMP } from '../log/group-change.ts';
import { checkGeneration } from '../membership/check-member.ts';
import { restartSession } from '../membership/sessions.ts';
import { type Answer, PARKED } from '../turn/answer.ts';
import { type GroupRequestOf, groupRefusal } from '../turn/group-refusal.ts';
import type { Turn } from '../turn/turn.ts';
import type { WriteOutcome } from '../turn/write.ts';
import { offsetWriteError } from '../turn/write-errors.ts';
import { unreachable } from '../unreachable.ts';

type Asked = GroupRequestOf<'OffsetCommit'>;
type Partition = Asked['request']['topics'][number]['partitions'][number];

/** What a request says that comes from no member: an administrator's, or a consumer's that was assigned nothing by a group. */
const NO_GENERATION = 0;
/** An offset whose record says when it expires has no place for the leader epoch. */
const NO_LEADER_EPOCH = -1;
const INT64_MAX = 2n ** 63n - 1n;

/** Commits offsets of a group; the answer waits until they are committed in the log. */
export const commitOffsets = (turn: Turn, id: RequestId, asked: Asked): Answer => {
  const { groupId, generationIdOrMemberEpoch: generation } = asked.request;
  const known = turn.state.groups.get(groupId);
  if (known === undefined && generation >= NO_GENERATION) return groupRefusal(asked, 'ILLEGAL_GENERATION');
  const group = known ?? turn.state.groups.getOrCreate(groupId, turn.nowMs);
  const error = checkCommit(group, asked);
  if (error !== null) return groupRefusal(asked, error);
  const member = group.member(asked.request.memberId);
  if (member !== undefined) restartSession(turn, group, member);
  const changes = offsetChanges(turn, asked);
  const [first, ...rest] = changes;
  if (first === undefined) return commitAnswer(turn, asked, 'NONE');
  turn.append([first, ...rest], { kind: 'offsets committed', request: id, asked });
  for (const { topic, partition } of changes) group.offsets.commitBegins(topic, partition);
  return PARKED;
};

const checkCommit = (group: Group, { request }: Asked): ErrorName | null => {
  const { generationIdOrMemberEpoch: generation, memberId, groupInstanceId } = request;
  if (group.is('Dead')) return 'COORDINATOR_NOT_AVAILABLE';
  if (generation < NO_GENERATION && group.is('Empty')) return null;
  if (generation < NO_GENERATION && memberId === '' && groupInstanceId === null) return 'UNKNOWN_MEMBER_ID';
  const error = checkGeneration(group, { memberId, groupInstanceId, generation });
  if (error !== null) return error;
  switch (group.state.name) {
    case 'Empty':
    case 'Stable':
    case 'PreparingRebalance':
      return null;
    case 'CompletingRebalance':
      return 'REBALANCE_IN_PROGRESS';
    case 'Dead':
      return 'COORDINATOR_NOT_AVAILABLE';
    default:
      return unreachable(group.state);
  }
};

/** Those whose metadata is not too long. */
const offsetChanges = (turn: Turn, { request }: Asked): (GroupChange & { readonly kind: 'offset' })[] => {
  const { groupId, topics, retentionTimeMs } = request;
  const expireTimestamp = expiryOf(turn, retentionTimeMs);
  return topics.flatMap(({ name: topic, partitions }) =>
    partitions
      .filter(({ committedMetadata }) => metadataFits(turn, committedMetadata))
      .map((asked) => {
        const { partitionIndex: partition } = asked;
        return {
          kind: 'offset',
          groupId,
          topic,
          partition,
          value: committedOffset(turn, asked, expireTimestamp),
        } as const;
      }),
  );
};

/** Versions 2 to 4 may say how long to keep the offset; a time too far away to be said is as good as never. */
const expiryOf = (turn: Turn, retentionTimeMs: bigint): bigint => {
  if (retentionTimeMs === NO_TIMESTAMP) return NO_TIMESTAMP;
  const expiry = BigInt(turn.nowMs) + retentionTimeMs;
  return expiry > INT64_MAX ? INT64_MAX : expiry;
};

const committedOffset = (turn: Turn, asked: Partition, expireTimestamp: bigint): CommittedOffset => ({
  offset: asked.committedOffset,
  leaderEpoch: expireTimestamp === NO_TIMESTAMP ? asked.committedLeaderEpoch : NO_LEADER_EPOCH,
  metadata: asked.committedMetadata ?? '',
  commitTimestamp: asked.commitTimestamp === NO_TIMESTAMP ? BigInt(turn.nowMs) : asked.commitTimestamp,
  expireTimestamp,
});

const metadataFits = (turn: Turn, metadata: string | null): boolean =>
  metadata === null ||
  (metadata.length <= turn.limits.offsetMetadataMaxBytes &&
    Buffer.byteLength(metadata) <= GROUP_BOUNDS.recordStringBytes);

const commitAnswer = (turn: Turn, { request }: Asked, error: ErrorName) => ({
  throttleTimeMs: 0,
  topics: request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, committedMetadata }) => ({
      partitionIndex,
      errorCode: ERRORS[metadataFits(turn, committedMetadata) ? error : 'OFFSET_METADATA_TOO_LARGE'].code,
    })),
  })),
});

/** They are committed, or are not. */
export const offsetsCommitted = (
  turn: Turn,
  group: Group | undefined,
  {
    request,
    asked,
    changes,
  }: { readonly request: RequestId; readonly asked: Asked; readonly changes: readonly GroupChange[] },
  outcome: WriteOutcome,
): void => {
  for (const change of changes) if (change.kind === 'offset') group?.offsets.commitEnds(change.topic, change.partition);
  turn.reply(request, commitAnswer(turn, asked, outcome.kind === 'failed' ? offsetWriteError(outcome.error) : 'NONE'));
};
