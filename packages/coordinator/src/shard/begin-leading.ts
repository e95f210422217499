import type { Group } from '../group/group.ts';
import { prepareRebalance } from '../membership/rebalance.ts';
import { restartSession } from '../membership/sessions.ts';
import { scheduleRetention } from '../offsets/retention.ts';
import type { Turn } from '../turn/turn.ts';

/** The log was read to its end: its groups are as it has them, and the sessions of their members begin. */
export const beginLeading = (turn: Turn): void => {
  for (const group of turn.state.groups) {
    if (group.stored !== null) group.restore(group.stored);
    if (group.isUnused) turn.state.groups.remove(group);
    else beginSessions(turn, group);
  }
  scheduleRetention(turn);
};

const beginSessions = (turn: Turn, group: Group): void => {
  if (group.size > turn.limits.maxSize) prepareRebalance(turn, group, 'it has more members than are allowed');
  for (const member of group.members) restartSession(turn, group, member);
};
