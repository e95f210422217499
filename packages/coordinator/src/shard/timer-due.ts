import { pendingMemberExpires, sessionEnds } from '../membership/expire-member.ts';
import { joinPhaseEnds, syncPhaseEnds } from '../membership/rebalance.ts';
import { expire } from '../offsets/retention.ts';
import type { TimerEvent } from '../turn/timers.ts';
import type { Turn } from '../turn/turn.ts';

/** The time of an event has come. */
export const timerDue = (turn: Turn, event: TimerEvent): void => {
  if (event.kind === 'retention') {
    expire(turn);
    return;
  }
  const group = turn.state.groups.get(event.groupId);
  if (group === undefined) return;
  if (event.kind === 'session') sessionEnds(turn, group, event.memberId);
  else if (event.kind === 'pending member') pendingMemberExpires(turn, group, event.memberId);
  else if (event.kind === 'join phase') joinPhaseEnds(turn, group);
  else syncPhaseEnds(turn, group);
};
