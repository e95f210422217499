import { ERRORS, type ErrorName } from '@barnabas/model';
import type { Answer } from '../turn/answer.ts';
import type { GroupRequestOf } from '../turn/group-refusal.ts';
import type { Turn } from '../turn/turn.ts';
import { checkGeneration } from './check-member.ts';
import { restartSession } from './sessions.ts';

/** A member is alive, and hears of a rebalance. */
export const heartbeat = (turn: Turn, asked: GroupRequestOf<'Heartbeat'>): Answer => ({
  throttleTimeMs: 0,
  errorCode: ERRORS[beat(turn, asked)].code,
});

const beat = (turn: Turn, { request }: GroupRequestOf<'Heartbeat'>): ErrorName => {
  const { memberId, groupInstanceId, generationId: generation } = request;
  const group = turn.state.groups.get(request.groupId);
  if (group === undefined) return 'UNKNOWN_MEMBER_ID';
  if (group.is('Dead')) return 'COORDINATOR_NOT_AVAILABLE';
  const error = checkGeneration(group, { memberId, groupInstanceId, generation });
  const member = group.member(memberId);
  if (error !== null || member === undefined) return error ?? 'UNKNOWN_MEMBER_ID';
  restartSession(turn, group, member);
  return group.is('PreparingRebalance') ? 'REBALANCE_IN_PROGRESS' : 'NONE';
};
