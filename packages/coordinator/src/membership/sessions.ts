/**
 * How long a member may be silent. The time is measured from the last request that counts as a sign of life; while one of its requests
 * is parked a member is waiting for others and need not give any.
 */
import type { Group } from '../group/group.ts';
import type { Member } from '../group/member.ts';
import type { Turn } from '../turn/turn.ts';

/**
 * A client whose first JoinGroup is parked does not know its member id yet and cannot be told from one that has given up: so it
 * is let go after this time, and asks again where it is still there.
 */
const NEW_MEMBER_JOIN_TIMEOUT_MS = 5 * 60_000;

/** The session counts from now. */
export const restartSession = (turn: Turn, group: Group, member: Member): void =>
  turn.setTimer({ kind: 'session', groupId: group.id, memberId: member.id }, member.terms.sessionTimeoutMs);

export const startFirstJoin = (turn: Turn, group: Group, memberId: string): void =>
  turn.setTimer({ kind: 'session', groupId: group.id, memberId }, NEW_MEMBER_JOIN_TIMEOUT_MS);

export const endSession = (turn: Turn, group: Group, memberId: string): void =>
  turn.cancelTimer({ kind: 'session', groupId: group.id, memberId });

/** Whether it is gone when its session is over. Whoever answers what was parked restarts the session. */
export const hasLapsed = (member: Member): boolean =>
  member.isNew || (member.joinRequest === null && member.syncRequest === null);
