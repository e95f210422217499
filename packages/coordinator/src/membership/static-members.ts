/**
 * Static members (KIP-345): one that was restarted comes back under its instance id, gets a new member id, and, where nothing that
 * matters to the others has changed, takes up its old assignment without a rebalance. The old member id is fenced from then on.
 */
import { ERRORS } from '@barnabas/model';
import type { Group } from '../group/group.ts';
import type { JoinTerms } from '../group/member.ts';
import type { GroupResponse, RequestId } from '../groups/group-shard.ts';
import type { Turn } from '../turn/turn.ts';
import type { StaticReplacement, WriteOutcome } from '../turn/write.ts';
import { groupWriteError } from '../turn/write-errors.ts';
import { answerJoin, joined, refuseParked } from './member-answers.ts';
import { prepareRebalance } from './rebalance.ts';
import { endSession, restartSession } from './sessions.ts';
import { storeGroup } from './store-group.ts';

/** From this version on a leader that comes back can be told that it leads, and that there is nothing to assign (KIP-814). */
const SKIP_ASSIGNMENT_FROM = 9;

type Return = {
  readonly oldId: string;
  readonly newId: string;
  readonly terms: JoinTerms;
  readonly request: RequestId;
  readonly version: number;
};

export const returnAsStaticMember = (
  turn: Turn,
  group: Group,
  { oldId, newId, terms, request, version }: Return,
): void => {
  const before = group.member(oldId);
  if (before === undefined) return;
  const replaced = { oldId, oldTerms: before.terms, newId, leaderBefore: group.leader ?? '', version };
  refuseParked(turn, before, 'FENCED_INSTANCE_ID');
  endSession(turn, group, oldId);
  group.rename(oldId, newId);
  group.setTerms(newId, terms);
  restartSession(turn, group, group.parkJoin(newId, request));
  if (group.is('Stable') && group.electProtocol() === group.protocol) {
    const after = { kind: 'static member stored', generation: group.generation, replaced } as const;
    storeGroup(turn, group, ({ assignment }) => assignment, after);
  } else {
    prepareRebalance(turn, group, `static member ${newId} comes back`);
  }
};

/** Its new id is in the log, or is not. Where a rebalance has begun since, it joins that one. */
export const staticMemberStored = (
  turn: Turn,
  group: Group,
  { generation, replaced }: { readonly generation: number; readonly replaced: StaticReplacement },
  outcome: WriteOutcome,
): void => {
  const member = group.member(replaced.newId);
  if (member === undefined || !group.is('Stable') || group.generation !== generation) return;
  if (outcome.kind === 'committed') {
    answerJoin(turn, group, member, returned(group, replaced));
    return;
  }
  const refusal = { ...returned(group, replaced), errorCode: ERRORS[groupWriteError(outcome.error)].code };
  if (member.joinRequest !== null) {
    turn.reply(member.joinRequest, {
      ...refusal,
      leader: replaced.leaderBefore,
      memberId: '',
      members: [],
      skipAssignment: false,
    });
  }
  endSession(turn, group, replaced.newId);
  group.rename(replaced.newId, replaced.oldId);
  restartSession(turn, group, group.setTerms(replaced.oldId, replaced.oldTerms));
};

/** Versions that cannot say that there is nothing to assign name the leader's old id, so that nobody takes itself for the leader. */
const returned = (group: Group, { newId, leaderBefore, version }: StaticReplacement): GroupResponse => {
  if (version >= SKIP_ASSIGNMENT_FROM) return { ...joined(group, newId), skipAssignment: group.leader === newId };
  return { ...joined(group, newId), leader: leaderBefore, members: [] };
};
