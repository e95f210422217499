import type { Group } from '../group/group.ts';
import type { Turn } from '../turn/turn.ts';
import { removePendingMember } from './pending-members.ts';
import { completeJoinIfAllAreThere, memberLeaves } from './rebalance.ts';
import { hasLapsed } from './sessions.ts';

/** Nothing was heard of a member for its session time-out. */
export const sessionEnds = (turn: Turn, group: Group, memberId: string): void => {
  const member = group.member(memberId);
  if (member !== undefined && hasLapsed(member)) memberLeaves(turn, group, memberId, `member ${memberId} is silent`);
};

/** Nobody came with that member id. */
export const pendingMemberExpires = (turn: Turn, group: Group, memberId: string): void => {
  removePendingMember(turn, group, memberId);
  completeJoinIfAllAreThere(turn, group);
};
