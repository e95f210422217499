import { ERRORS, type ErrorName } from '@barnabas/model';
import type { Group } from '../group/group.ts';
import type { Answer } from '../turn/answer.ts';
import { type GroupRequestOf, groupRefusal } from '../turn/group-refusal.ts';
import type { Turn } from '../turn/turn.ts';
import { checkMember } from './check-member.ts';
import { removePendingMember } from './pending-members.ts';
import { completeJoinIfAllAreThere, memberLeaves } from './rebalance.ts';

/** From this version on several may leave at once, each with an error of its own. */
const BATCH_FROM = 3;

type Leaving = { readonly memberId: string; readonly groupInstanceId: string | null; readonly reason: string | null };

/** Members leave, or an administrator removes static ones by their instance ids. */
export const leaveGroup = (turn: Turn, asked: GroupRequestOf<'LeaveGroup'>): Answer => {
  const { request, version } = asked;
  const group = turn.state.groups.get(request.groupId);
  if (group?.is('Dead')) return groupRefusal(asked, 'COORDINATOR_NOT_AVAILABLE');
  const throttleTimeMs = 0;
  if (version < BATCH_FROM) {
    const error = leave(turn, group, { memberId: request.memberId, groupInstanceId: null, reason: null });
    return { throttleTimeMs, errorCode: ERRORS[error].code };
  }
  const members = request.members.map((leaving) => ({
    memberId: leaving.memberId,
    groupInstanceId: leaving.groupInstanceId,
    errorCode: ERRORS[leave(turn, group, leaving)].code,
  }));
  return { throttleTimeMs, errorCode: ERRORS.NONE.code, members };
};

const leave = (turn: Turn, group: Group | undefined, leaving: Leaving): ErrorName => {
  if (group === undefined) return 'UNKNOWN_MEMBER_ID';
  const { memberId, groupInstanceId } = leaving;
  if (group.pendingMembers.has(memberId)) {
    removePendingMember(turn, group, memberId);
    completeJoinIfAllAreThere(turn, group);
    return 'NONE';
  }
  const leavingId = memberId === '' && groupInstanceId !== null ? group.memberOfInstance(groupInstanceId) : memberId;
  const error = checkMember(group, leavingId ?? '', groupInstanceId);
  if (error !== null || leavingId === undefined) return error ?? 'UNKNOWN_MEMBER_ID';
  memberLeaves(turn, group, leavingId, `member ${leavingId} leaves: ${leaving.reason ?? 'no reason given'}`);
  return 'NONE';
};
