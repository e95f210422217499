/**
 * Member ids that were given out with MEMBER_ID_REQUIRED, and that a client has yet to join with (KIP-394). A rebalance waits for
 * them, for one session time-out at most.
 */
import type { Group } from '../group/group.ts';
import { GROUP_BOUNDS } from '../group/group-bounds.ts';
import type { Turn } from '../turn/turn.ts';

/** @returns the groups whose oldest ids had to make room: their join phase may be complete now */
export const addPendingMember = (turn: Turn, group: Group, memberId: string, sessionTimeoutMs: number): Group[] => {
  const { pendingMembers } = turn.state;
  const displaced: Group[] = [];
  for (const [oldest, itsGroup] of pendingMembers) {
    if (pendingMembers.size < GROUP_BOUNDS.pendingMembers) break;
    removePendingMember(turn, itsGroup, oldest);
    displaced.push(itsGroup);
  }
  group.pendingMembers.add(memberId);
  pendingMembers.set(memberId, group);
  turn.setTimer({ kind: 'pending member', groupId: group.id, memberId }, sessionTimeoutMs);
  return displaced;
};

/** No effect where it is none of this group's. */
export const removePendingMember = (turn: Turn, group: Group, memberId: string): void => {
  if (!group.pendingMembers.delete(memberId)) return;
  turn.state.pendingMembers.delete(memberId);
  turn.cancelTimer({ kind: 'pending member', groupId: group.id, memberId });
};
