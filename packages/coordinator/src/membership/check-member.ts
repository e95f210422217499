import type { ErrorName } from '@barnabas/model';
import type { Group } from '../group/group.ts';

/** Why a request is not one of a current member; null where it is. A static member's is fenced once another has taken its place. */
export const checkMember = (group: Group, memberId: string, groupInstanceId: string | null): ErrorName | null => {
  if (groupInstanceId !== null) {
    const current = group.memberOfInstance(groupInstanceId);
    if (current === undefined) return 'UNKNOWN_MEMBER_ID';
    if (current !== memberId) return 'FENCED_INSTANCE_ID';
  }
  return group.member(memberId) === undefined ? 'UNKNOWN_MEMBER_ID' : null;
};

/** As `checkMember`, for what only members of the current generation may ask. */
export const checkGeneration = (
  group: Group,
  asked: { readonly memberId: string; readonly groupInstanceId: string | null; readonly generation: number },
): ErrorName | null =>
  checkMember(group, asked.memberId, asked.groupInstanceId) ??
  (asked.generation === group.generation ? null : 'ILLEGAL_GENERATION');
