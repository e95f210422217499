import type { ErrorName } from '@barnabas/model';
import type { Group } from '../group/group.ts';
import { type Member, NO_BYTES } from '../group/member.ts';
import type { RequestId } from '../groups/group-shard.ts';
import { type Answer, PARKED } from '../turn/answer.ts';
import { type GroupRequestOf, groupRefusal } from '../turn/group-refusal.ts';
import type { Turn } from '../turn/turn.ts';
import type { WriteOutcome } from '../turn/write.ts';
import { groupWriteError } from '../turn/write-errors.ts';
import { unreachable } from '../unreachable.ts';
import { checkGeneration } from './check-member.ts';
import { answerSyncs, synced } from './member-answers.ts';
import { hasSynced, prepareRebalance } from './rebalance.ts';
import { restartSession } from './sessions.ts';
import { storeGroup } from './store-group.ts';

/** From this version on a member has to say which protocol it takes the group to have (KIP-559). */
const PROTOCOL_REQUIRED_FROM = 5;

/** A member asks for its assignment, the leader after it has made it for all. All get theirs once it is in the log. */
export const syncGroup = (turn: Turn, id: RequestId, asked: GroupRequestOf<'SyncGroup'>): Answer => {
  const { protocolType, protocolName } = asked.request;
  if (asked.version >= PROTOCOL_REQUIRED_FROM && (protocolType === null || protocolName === null)) {
    return groupRefusal(asked, 'INCONSISTENT_GROUP_PROTOCOL');
  }
  const group = turn.state.groups.get(asked.request.groupId);
  const member = group?.member(asked.request.memberId);
  const error = group === undefined ? null : checkSync(group, asked);
  if (group === undefined || member === undefined || error !== null) {
    return groupRefusal(asked, error ?? 'UNKNOWN_MEMBER_ID');
  }
  switch (group.state.name) {
    case 'Empty':
      return groupRefusal(asked, 'UNKNOWN_MEMBER_ID');
    case 'Dead':
      return groupRefusal(asked, 'COORDINATOR_NOT_AVAILABLE');
    case 'PreparingRebalance':
      return groupRefusal(asked, 'REBALANCE_IN_PROGRESS');
    case 'CompletingRebalance':
      waitForAssignment(turn, group, member, id, asked);
      return PARKED;
    case 'Stable':
      hasSynced(turn, group, member.id);
      restartSession(turn, group, member);
      return synced(group, member);
    default:
      return unreachable(group.state);
  }
};

const checkSync = (group: Group, { request }: GroupRequestOf<'SyncGroup'>): ErrorName | null => {
  if (group.is('Dead')) return 'COORDINATOR_NOT_AVAILABLE';
  const { memberId, groupInstanceId, generationId: generation, protocolType, protocolName } = request;
  const error = checkGeneration(group, { memberId, groupInstanceId, generation });
  if (error !== null) return error;
  const isOfAnother =
    (protocolType !== null && protocolType !== group.protocolType) ||
    (protocolName !== null && protocolName !== group.protocol);
  return isOfAnother ? 'INCONSISTENT_GROUP_PROTOCOL' : null;
};

/** A request that the member has sent before is answered: the member has given it up. */
const waitForAssignment = (
  turn: Turn,
  group: Group,
  member: Member,
  id: RequestId,
  { request }: GroupRequestOf<'SyncGroup'>,
): void => {
  if (member.syncRequest !== null) turn.refuse(member.syncRequest, 'REBALANCE_IN_PROGRESS');
  group.parkSync(member.id, id);
  hasSynced(turn, group, member.id);
  const { state } = group;
  if (group.leader !== member.id || state.name !== 'CompletingRebalance' || state.assignment === 'under way') return;
  group.moveTo({ ...state, assignment: 'under way' }, turn.nowMs);
  const assignments = new Map(
    request.assignments.map(({ memberId, assignment }) => [memberId, Buffer.from(assignment)]),
  );
  const { id: groupId, generation } = group;
  const without = group.members.filter(({ id: memberId }) => !assignments.has(memberId)).length;
  if (without > 0)
    turn.log.warn({ groupId, generation, members: without }, 'the leader assigns nothing to some members');
  const assignmentOf = ({ id: memberId }: Member) => assignments.get(memberId) ?? NO_BYTES;
  storeGroup(turn, group, assignmentOf, { kind: 'assignment stored', generation });
};

/** The leader's assignment is in the log, or is not; of no use to anyone where the group has gone on since. */
export const assignmentStored = (turn: Turn, group: Group, generation: number, outcome: WriteOutcome): void => {
  const { state } = group;
  if (state.name !== 'CompletingRebalance' || group.generation !== generation) return;
  if (outcome.kind === 'failed') {
    answerSyncs(turn, group, groupWriteError(outcome.error));
    prepareRebalance(turn, group, `the assignment was not stored: ${outcome.error}`);
    return;
  }
  for (const [id, { assignment }] of group.stored?.members ?? []) group.assign(id, assignment);
  group.moveTo({ name: 'Stable', unsynced: state.unsynced }, turn.nowMs);
  answerSyncs(turn, group, 'NONE');
};
