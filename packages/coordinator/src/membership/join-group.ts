import type { ErrorName } from '@barnabas/model';
import { forgetIfUnused } from '../group/forget-unused.ts';
import type { Group } from '../group/group.ts';
import { GROUP_BOUNDS } from '../group/group-bounds.ts';
import { type JoinTerms, memberSizeBytes, NO_BYTES, offersTheSame } from '../group/member.ts';
import type { RequestId } from '../groups/group-shard.ts';
import { type Answer, PARKED } from '../turn/answer.ts';
import { type GroupRequestOf, groupRefusal, joinRefusal, NO_MEMBER_ID } from '../turn/group-refusal.ts';
import type { Turn } from '../turn/turn.ts';
import { unreachable } from '../unreachable.ts';
import { checkMember } from './check-member.ts';
import { joined } from './member-answers.ts';
import { newMemberId } from './member-id.ts';
import { addPendingMember, removePendingMember } from './pending-members.ts';
import { completeJoinIfAllAreThere, prepareRebalance, removeMember } from './rebalance.ts';
import { startFirstJoin } from './sessions.ts';
import { returnAsStaticMember } from './static-members.ts';

/** From this version on a new member has to come again with the id that it is given. */
const MEMBER_ID_REQUIRED_FROM = 4;

/** One JoinGroup. */
type Join = { readonly id: RequestId; readonly asked: GroupRequestOf<'JoinGroup'>; readonly terms: JoinTerms };

/** A member joins, or joins again. Its answer waits for the rebalance that this may begin. */
export const joinGroup = (turn: Turn, id: RequestId, asked: GroupRequestOf<'JoinGroup'>): Answer => {
  const { request } = asked;
  const error = checkRequest(turn, asked);
  if (error !== null) return groupRefusal(asked, error);
  const known = turn.state.groups.get(request.groupId);
  if (known === undefined && request.memberId !== NO_MEMBER_ID) return groupRefusal(asked, 'UNKNOWN_MEMBER_ID');
  const group = known ?? turn.state.groups.getOrCreate(request.groupId, turn.nowMs);
  if (group.is('Dead')) return groupRefusal(asked, 'COORDINATOR_NOT_AVAILABLE');
  const answer = join(turn, group, { id, asked, terms: termsOf(asked) });
  completeJoinIfAllAreThere(turn, group);
  return answer;
};

const checkRequest = (turn: Turn, asked: GroupRequestOf<'JoinGroup'>): ErrorName | null => {
  const { sessionTimeoutMs } = asked.request;
  const { minSessionTimeoutMs, maxSessionTimeoutMs } = turn.limits;
  const isInRange = sessionTimeoutMs >= minSessionTimeoutMs && sessionTimeoutMs <= maxSessionTimeoutMs;
  if (!isInRange) return 'INVALID_SESSION_TIMEOUT';
  return namesFitIntoRecords(asked) ? null : 'INVALID_REQUEST';
};

const join = (turn: Turn, group: Group, joining: Join): Answer => {
  const { asked, terms } = joining;
  const { memberId, protocolType } = asked.request;
  if (!hasMemory(group, joining)) return joinRefusal(asked.version, NO_MEMBER_ID, 'GROUP_MAX_SIZE_REACHED');
  if (!hasRoom(turn, group, memberId)) {
    removePendingMember(turn, group, memberId);
    removeMember(turn, group, memberId);
    return joinRefusal(asked.version, NO_MEMBER_ID, 'GROUP_MAX_SIZE_REACHED');
  }
  if (!group.fits(protocolType, terms.protocols)) return groupRefusal(asked, 'INCONSISTENT_GROUP_PROTOCOL');
  return memberId === NO_MEMBER_ID ? joinAsNewcomer(turn, group, joining) : joinAgain(turn, group, joining);
};

const termsOf = ({ request, version }: GroupRequestOf<'JoinGroup'>): JoinTerms => ({
  sessionTimeoutMs: request.sessionTimeoutMs,
  rebalanceTimeoutMs: version === 0 ? request.sessionTimeoutMs : request.rebalanceTimeoutMs,
  protocols: request.protocols.map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata) })),
});

const namesFitIntoRecords = ({ request, clientId }: GroupRequestOf<'JoinGroup'>): boolean =>
  [request.groupId, request.groupInstanceId ?? '', request.protocolType, clientId]
    .concat(request.protocols.map(({ name }) => name))
    .every((name) => Buffer.byteLength(name) <= GROUP_BOUNDS.nameBytes);

const hasMemory = (group: Group, { asked, terms }: Join): boolean => {
  const { memberId: id, groupInstanceId } = asked.request;
  const sizeBytes = memberSizeBytes({ id, groupInstanceId, clientId: asked.clientId, terms });
  const member = group.member(id);
  const othersBytes = group.membersSizeBytes - (member === undefined ? 0 : memberSizeBytes(member));
  return othersBytes + sizeBytes <= GROUP_BOUNDS.membersBytes;
};

/**
 * Members are let in up to `group.max.size`. While they join, those that did so first; so a group that has become too large for a lower
 * limit gets rid of the last ones.
 */
const hasRoom = (turn: Turn, group: Group, memberId: string): boolean => {
  const member = group.member(memberId);
  switch (group.state.name) {
    case 'Empty':
    case 'Dead':
      return true;
    case 'PreparingRebalance':
      return (member !== undefined && member.joinRequest !== null) || group.membersWaiting < turn.limits.maxSize;
    case 'CompletingRebalance':
    case 'Stable':
      return member !== undefined || group.size < turn.limits.maxSize;
    default:
      return unreachable(group.state);
  }
};

const joinAsNewcomer = (turn: Turn, group: Group, joining: Join): Answer => {
  const { id: request, asked, terms } = joining;
  const { version, clientId } = asked;
  const { groupInstanceId, sessionTimeoutMs } = asked.request;
  const newId = newMemberId(groupInstanceId ?? clientId, turn.random);
  if (groupInstanceId !== null) {
    const oldId = group.memberOfInstance(groupInstanceId);
    if (oldId === undefined) return addMember(turn, group, newId, joining);
    returnAsStaticMember(turn, group, { oldId, newId, terms, request, version });
    return PARKED;
  }
  if (version < MEMBER_ID_REQUIRED_FROM) return addMember(turn, group, newId, joining);
  for (const displaced of addPendingMember(turn, group, newId, sessionTimeoutMs)) {
    completeJoinIfAllAreThere(turn, displaced);
    if (displaced !== group) forgetIfUnused(turn.state.groups, displaced);
  }
  return joinRefusal(version, newId, 'MEMBER_ID_REQUIRED');
};

const addMember = (turn: Turn, group: Group, memberId: string, { id, asked, terms }: Join): Answer => {
  const { groupInstanceId, protocolType } = asked.request;
  noteAddition(turn, group);
  removePendingMember(turn, group, memberId);
  const { clientId, clientHost } = asked;
  const parked = { assignment: NO_BYTES, joinRequest: id, syncRequest: null, isNew: true };
  group.add({ id: memberId, groupInstanceId, clientId, clientHost, terms, ...parked }, protocolType);
  startFirstJoin(turn, group, memberId);
  prepareRebalance(turn, group, `member ${memberId} joins`);
  return PARKED;
};

/** The first generation waits once more where others keep coming. */
const noteAddition = (turn: Turn, group: Group): void => {
  const { state } = group;
  if (state.name !== 'PreparingRebalance' || state.phase.kind !== 'initial delay' || group.generation !== 0) return;
  group.moveTo({ name: 'PreparingRebalance', phase: { ...state.phase, memberAdded: true } }, turn.nowMs);
};

const joinAgain = (turn: Turn, group: Group, joining: Join): Answer => {
  const { id, asked, terms } = joining;
  const { memberId, groupInstanceId } = asked.request;
  if (group.pendingMembers.has(memberId) && groupInstanceId === null) return addMember(turn, group, memberId, joining);
  const error = checkMember(group, memberId, groupInstanceId);
  if (error !== null) return groupRefusal(asked, error);
  if (needsNoRebalance(group, memberId, terms)) return joined(group, memberId);
  const { joinRequest: before } = group.setTerms(memberId, terms);
  if (before !== null) turn.refuse(before, 'REBALANCE_IN_PROGRESS');
  group.parkJoin(memberId, id);
  prepareRebalance(turn, group, `member ${memberId} joins again`);
  return PARKED;
};

/** It may not have got the answer of this generation, which is still good for it. */
const needsNoRebalance = (group: Group, memberId: string, { protocols }: JoinTerms): boolean => {
  const member = group.member(memberId);
  if (member === undefined || !offersTheSame(member, protocols)) return false;
  return group.is('CompletingRebalance') || (group.is('Stable') && group.leader !== memberId);
};
