import { staticMemberStored } from '../membership/static-members.ts';
import { assignmentStored } from '../membership/sync-group.ts';
import { offsetsCommitted } from '../offsets/commit-offsets.ts';
import { groupDeleted } from '../offsets/delete-group.ts';
import { offsetsDeleted } from '../offsets/delete-offsets.ts';
import type { Turn } from '../turn/turn.ts';
import type { Write, WriteOutcome } from '../turn/write.ts';
import { unreachable } from '../unreachable.ts';

/** A write has ended: its changes are applied, or never were, and whoever waits for it goes on. */
export const endWrite = (turn: Turn, { changes, after }: Write, outcome: WriteOutcome): void => {
  const { groups } = turn.state;
  if (outcome.kind === 'committed') for (const change of changes) groups.apply(change, turn.nowMs);
  const group = groups.getOrCreate(changes[0].groupId, turn.nowMs);
  if (outcome.kind === 'failed') {
    turn.log.warn({ groupId: group.id, write: after.kind, error: outcome.error }, 'a write to the log failed');
    if ('deletion' in after) after.deletion.failure ??= outcome.error;
  }
  switch (after.kind) {
    case 'offsets committed':
      offsetsCommitted(turn, group, { ...after, changes }, outcome);
      break;
    case 'assignment stored':
      assignmentStored(turn, group, after.generation, outcome);
      break;
    case 'static member stored':
      staticMemberStored(turn, group, after, outcome);
      break;
    case 'group deleted':
      groupDeleted(turn, group, after);
      break;
    case 'offsets deleted':
      offsetsDeleted(turn, group, after);
      break;
    case 'nothing':
    case 'part deleted':
    // Where an empty generation is not in the log, the last one that is would have its members leave as these did.
    case 'empty group stored':
      break;
    default:
      unreachable(after);
  }
};
