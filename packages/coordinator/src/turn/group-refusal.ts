import { ERRORS, type ErrorName } from '@barnabas/model';
import type { GroupApi, GroupRequest, GroupResponse } from '../groups/group-shard.ts';
import { unreachable } from '../unreachable.ts';

export type GroupRequestOf<Api extends GroupApi> = Extract<GroupRequest, { readonly api: Api }>;

/** From this version on the answer says of a whole OffsetFetch that it has failed; before, each of its partitions does. */
const OFFSET_FETCH_ERROR_FROM = 2;
/** From this version on OffsetFetch has groups. */
export const MANY_OFFSET_FETCHES_FROM = 8;
/** From this version on the protocol in the answer to JoinGroup may be null. */
const NULL_PROTOCOL_FROM = 7;

/** What a request is answered that has failed as a whole, in the place where its version has the error. */
export const groupRefusal = (asked: GroupRequest, error: ErrorName): GroupResponse => {
  const { code: errorCode } = ERRORS[error];
  const throttleTimeMs = 0;
  switch (asked.api) {
    case 'JoinGroup':
      return joinRefusal(asked.version, asked.request.memberId, error);
    case 'SyncGroup':
      return { throttleTimeMs, errorCode, assignment: Buffer.alloc(0) };
    case 'Heartbeat':
    case 'LeaveGroup':
      return { throttleTimeMs, errorCode };
    case 'OffsetCommit':
      return { throttleTimeMs, topics: refusedCommits(asked, errorCode) };
    case 'OffsetFetch':
      return { throttleTimeMs, ...refusedFetch(asked, errorCode) };
    case 'DescribeGroups': {
      const nothing = { groupState: '', protocolType: '', protocolData: '', members: [] };
      return { throttleTimeMs, groups: asked.request.groups.map((groupId) => ({ errorCode, groupId, ...nothing })) };
    }
    case 'DeleteGroups':
      return { throttleTimeMs, results: asked.request.groupsNames.map((groupId) => ({ groupId, errorCode })) };
    case 'OffsetDelete':
      return { throttleTimeMs, errorCode, topics: [] };
    default:
      return unreachable(asked);
  }
};

/** In JoinGroup: none. */
export const NO_MEMBER_ID = '';

/** A JoinGroup that failed; `memberId` is the one that the client is to go on with, empty for none. */
export const joinRefusal = (version: number, memberId: string, error: ErrorName): GroupResponse => ({
  throttleTimeMs: 0,
  errorCode: ERRORS[error].code,
  protocolName: version < NULL_PROTOCOL_FROM ? '' : null,
  leader: '',
  memberId,
  members: [],
});

const refusedCommits = ({ request }: GroupRequestOf<'OffsetCommit'>, errorCode: number) =>
  request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
  }));

const refusedFetch = ({ request, version }: GroupRequestOf<'OffsetFetch'>, errorCode: number) => {
  if (version >= MANY_OFFSET_FETCHES_FROM) {
    return { groups: request.groups.map(({ groupId }) => ({ groupId, topics: [], errorCode })) };
  }
  if (version >= OFFSET_FETCH_ERROR_FROM) return { errorCode };
  const none = { committedOffset: -1n, metadata: '', errorCode };
  const topics = (request.topics ?? []).map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partitionIndex) => ({ partitionIndex, ...none })),
  }));
  return { topics };
};
