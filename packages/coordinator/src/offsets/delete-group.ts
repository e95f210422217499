import { ERRORS, type ErrorName } from '@barnabas/model';
import type { Group } from '../group/group.ts';
import type { GroupResponse, RequestId } from '../groups/group-shard.ts';
import type { GroupChange } from '../log/group-change.ts';
import { removePendingMember } from '../membership/pending-members.ts';
import { type Answer, PARKED } from '../turn/answer.ts';
import { type GroupRequestOf, groupRefusal } from '../turn/group-refusal.ts';
import type { Turn } from '../turn/turn.ts';
import type { Deletion } from '../turn/write.ts';
import { deletionWriteError } from '../turn/write-errors.ts';
import { unreachable } from '../unreachable.ts';
import { appendDeletions, offsetDeletion } from './deletion.ts';

/** Deletes a group that has no members, with its offsets; the answer waits until that is committed. */
export const deleteGroup = (turn: Turn, id: RequestId, asked: GroupRequestOf<'DeleteGroups'>): Answer => {
  const [groupId = ''] = asked.request.groupsNames;
  const group = turn.state.groups.get(groupId);
  if (group === undefined) return groupRefusal(asked, 'GROUP_ID_NOT_FOUND');
  switch (group.state.name) {
    case 'Dead':
      return groupRefusal(asked, 'COORDINATOR_NOT_AVAILABLE');
    case 'Stable':
    case 'PreparingRebalance':
    case 'CompletingRebalance':
      return groupRefusal(asked, 'NON_EMPTY_GROUP');
    case 'Empty':
      return beginDeletion(turn, group, id) === 'done' ? deletionAnswer(groupId, 'NONE') : PARKED;
    default:
      return unreachable(group.state);
  }
};

/**
 * Everything of an empty group goes. It is Dead until that is in the log; nothing else is done with it meanwhile.
 *
 * @param request that is answered then; null: nobody asked for it
 * @returns `done` where there is nothing of it in the log
 */
export const beginDeletion = (turn: Turn, group: Group, request: RequestId | null): 'done' | 'under way' => {
  for (const memberId of [...group.pendingMembers]) removePendingMember(turn, group, memberId);
  const changes: GroupChange[] = group.offsets.places().map((place) => offsetDeletion(group.id, place));
  if (group.generation > 0 || group.stored !== null) changes.push({ kind: 'group', groupId: group.id, value: null });
  if (changes.length === 0) {
    turn.state.groups.remove(group);
    return 'done';
  }
  group.moveTo({ name: 'Dead' }, turn.nowMs);
  appendDeletions(turn, changes, (deletion) => ({ kind: 'group deleted', deletion, request }));
  return 'under way';
};

/** It is gone, or it is as it was. */
export const groupDeleted = (
  turn: Turn,
  group: Group,
  { deletion, request }: { readonly deletion: Deletion; readonly request: RequestId | null },
): void => {
  const { failure } = deletion;
  if (failure === null) turn.state.groups.remove(group);
  else group.moveTo({ name: 'Empty' }, turn.nowMs);
  if (request !== null)
    turn.reply(request, deletionAnswer(group.id, failure === null ? 'NONE' : deletionWriteError(failure)));
};

const deletionAnswer = (groupId: string, error: ErrorName): GroupResponse => ({
  throttleTimeMs: 0,
  results: [{ groupId, errorCode: ERRORS[error].code }],
});
