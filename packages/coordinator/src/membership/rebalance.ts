/**
 * A rebalance: all members join again, then the leader assigns, then every member gets its assignment. Source of the rules: Kafka's
 * GroupCoordinator.
 */
import type { Group } from '../group/group.ts';
import type { JoinPhase } from '../group/group-state.ts';
import { NO_BYTES } from '../group/member.ts';
import type { Turn } from '../turn/turn.ts';
import { answerJoin, answerSyncs, joined, refuseParked } from './member-answers.ts';
import { endSession, restartSession } from './sessions.ts';
import { storeGroup } from './store-group.ts';

/**
 * Where only static members are left and none has joined, the group looks again after the rebalance time-out, and not more often than
 * this: clients may say that they need no time.
 */
const WAIT_FOR_STATIC_MEMBERS_MIN_MS = 1000;

/** All members have to join again; no effect where they are asked to already. Whoever waits for an assignment waits in vain. */
export const prepareRebalance = (turn: Turn, group: Group, reason: string): void => {
  if (!group.is('Empty', 'Stable', 'CompletingRebalance')) return;
  if (group.is('CompletingRebalance')) answerSyncs(turn, group, 'REBALANCE_IN_PROGRESS');
  turn.cancelTimer({ kind: 'sync phase', groupId: group.id });
  const { id: groupId, generation, state } = group;
  turn.log.info({ groupId, generation, state: state.name, reason }, 'the group rebalances');
  beginJoinPhase(turn, group, group.is('Empty') ? initialDelay(turn, group) : { kind: 'all members' });
  completeJoinIfAllAreThere(turn, group);
};

const initialDelay = (turn: Turn, group: Group): JoinPhase => {
  const delayMs = turn.limits.initialRebalanceDelayMs;
  const remainingMs = Math.max(group.rebalanceTimeoutMs - delayMs, 0);
  return { kind: 'initial delay', delayMs, remainingMs, memberAdded: false };
};

const beginJoinPhase = (turn: Turn, group: Group, phase: JoinPhase, atLeastMs = 0): void => {
  group.moveTo({ name: 'PreparingRebalance', phase }, turn.nowMs);
  const lastsMs = phase.kind === 'initial delay' ? phase.delayMs : group.rebalanceTimeoutMs;
  turn.setTimer({ kind: 'join phase', groupId: group.id }, Math.max(lastsMs, atLeastMs));
};

/** To be called whenever a member joined or left; an initial delay is waited for in any case. */
export const completeJoinIfAllAreThere = (turn: Turn, group: Group): void => {
  const { state } = group;
  if (state.name !== 'PreparingRebalance' || state.phase.kind === 'initial delay') return;
  if (group.allHaveJoined) completeJoin(turn, group);
};

/** Its time is over. */
export const joinPhaseEnds = (turn: Turn, group: Group): void => {
  const { state } = group;
  if (state.name !== 'PreparingRebalance') return;
  if (state.phase.kind === 'initial delay' && state.phase.memberAdded && state.phase.remainingMs > 0) {
    const { delayMs, remainingMs } = state.phase;
    beginJoinPhase(turn, group, {
      kind: 'initial delay',
      delayMs: Math.min(turn.limits.initialRebalanceDelayMs, remainingMs),
      remainingMs: Math.max(remainingMs - delayMs, 0),
      memberAdded: false,
    });
  } else {
    completeJoin(turn, group);
  }
};

/** A new generation of those that have joined, and of the static members that may still come back. */
const completeJoin = (turn: Turn, group: Group): void => {
  turn.cancelTimer({ kind: 'join phase', groupId: group.id });
  for (const { id, joinRequest, groupInstanceId } of group.members) {
    if (joinRequest === null && groupInstanceId === null) removeMember(turn, group, id);
  }
  if (group.size > 0 && !aMemberLeads(group)) {
    beginJoinPhase(turn, group, { kind: 'all members' }, WAIT_FOR_STATIC_MEMBERS_MIN_MS);
    return;
  }
  group.beginGeneration(turn.nowMs);
  const { id: groupId, generation, size } = group;
  turn.log.info({ groupId, generation, members: size }, 'the group has a new generation');
  if (size === 0) storeGroup(turn, group, () => NO_BYTES, { kind: 'empty group stored' });
  else admitAll(turn, group);
};

/** Whether a member that has joined leads; it is the leader before, where that one has. */
const aMemberLeads = (group: Group): boolean => {
  const leader = group.leader === null ? undefined : group.member(group.leader);
  if (leader !== undefined && leader.joinRequest !== null) return true;
  const next = group.members.find(({ joinRequest }) => joinRequest !== null);
  if (next === undefined) return false;
  group.leader = next.id;
  return true;
};

const admitAll = (turn: Turn, group: Group): void => {
  for (const { id } of group.members) {
    const member = group.hasComeThrough(id);
    if (member.joinRequest === null) restartSession(turn, group, member);
    else answerJoin(turn, group, member, joined(group, id));
  }
  turn.setTimer({ kind: 'sync phase', groupId: group.id }, group.rebalanceTimeoutMs);
};

/** A member asked for its assignment. */
export const hasSynced = (turn: Turn, group: Group, memberId: string): void => {
  const { state } = group;
  if (state.name !== 'CompletingRebalance' && state.name !== 'Stable') return;
  state.unsynced.delete(memberId);
  if (state.unsynced.size === 0) turn.cancelTimer({ kind: 'sync phase', groupId: group.id });
};

/** Its time is over: who did not ask for its assignment is not there any longer. */
export const syncPhaseEnds = (turn: Turn, group: Group): void => {
  const { state } = group;
  if (state.name !== 'CompletingRebalance' && state.name !== 'Stable') return;
  const unsynced = [...state.unsynced];
  for (const id of unsynced) removeMember(turn, group, id);
  if (unsynced.length > 0) prepareRebalance(turn, group, `${unsynced.length} members did not ask for their assignment`);
};

/** It is a member no longer; whoever waits for it is told so. */
export const removeMember = (turn: Turn, group: Group, memberId: string): void => {
  const member = group.member(memberId);
  if (member === undefined) return;
  endSession(turn, group, memberId);
  refuseParked(turn, member, 'UNKNOWN_MEMBER_ID');
  group.remove(memberId);
};

/** It left, or is gone: the others rebalance. */
export const memberLeaves = (turn: Turn, group: Group, memberId: string, reason: string): void => {
  removeMember(turn, group, memberId);
  prepareRebalance(turn, group, reason);
  completeJoinIfAllAreThere(turn, group);
};
