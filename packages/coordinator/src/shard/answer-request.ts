import type { GroupRequest, RequestId } from '../groups/group-shard.ts';
import { heartbeat } from '../membership/heartbeat.ts';
import { joinGroup } from '../membership/join-group.ts';
import { leaveGroup } from '../membership/leave-group.ts';
import { syncGroup } from '../membership/sync-group.ts';
import { commitOffsets } from '../offsets/commit-offsets.ts';
import { deleteGroup } from '../offsets/delete-group.ts';
import { deleteOffsets } from '../offsets/delete-offsets.ts';
import { fetchOffsets } from '../offsets/fetch-offsets.ts';
import type { Answer } from '../turn/answer.ts';
import type { Turn } from '../turn/turn.ts';
import { unreachable } from '../unreachable.ts';
import { describeGroups } from './describe-group.ts';

/** What does each API. */
export const answerRequest = (turn: Turn, id: RequestId, asked: GroupRequest): Answer => {
  switch (asked.api) {
    case 'JoinGroup':
      return joinGroup(turn, id, asked);
    case 'SyncGroup':
      return syncGroup(turn, id, asked);
    case 'Heartbeat':
      return heartbeat(turn, asked);
    case 'LeaveGroup':
      return leaveGroup(turn, asked);
    case 'OffsetCommit':
      return commitOffsets(turn, id, asked);
    case 'OffsetFetch':
      return fetchOffsets(turn, asked);
    case 'DescribeGroups':
      return describeGroups(turn, asked);
    case 'DeleteGroups':
      return deleteGroup(turn, id, asked);
    case 'OffsetDelete':
      return deleteOffsets(turn, id, asked);
    default:
      return unreachable(asked);
  }
};
