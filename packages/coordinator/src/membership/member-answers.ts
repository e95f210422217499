import { ERRORS, type ErrorName } from '@barnabas/model';
import type { Group } from '../group/group.ts';
import { type Member, metadataOf } from '../group/member.ts';
import type { GroupResponse } from '../groups/group-shard.ts';
import type { Turn } from '../turn/turn.ts';
import { restartSession } from './sessions.ts';

/** What a JoinGroup is answered that came through: this generation. Only the leader gets to know the members. */
export const joined = (group: Group, memberId: string): GroupResponse => ({
  throttleTimeMs: 0,
  errorCode: ERRORS.NONE.code,
  generationId: group.generation,
  protocolType: group.protocolType,
  protocolName: group.protocol ?? '',
  leader: group.leader ?? '',
  memberId,
  members: group.leader === memberId ? membersForLeader(group) : [],
});

export const membersForLeader = (group: Group) =>
  group.members.map((member) => ({
    memberId: member.id,
    groupInstanceId: member.groupInstanceId,
    metadata: metadataOf(member, group.protocol ?? ''),
  }));

/** What a SyncGroup is answered whose assignment is in the log. */
export const synced = (group: Group, member: Member): GroupResponse => ({
  throttleTimeMs: 0,
  errorCode: ERRORS.NONE.code,
  protocolType: group.protocolType,
  protocolName: group.protocol,
  assignment: member.assignment,
});

/** Answers the JoinGroup that is parked for a member, if one is; its session begins. */
export const answerJoin = (turn: Turn, group: Group, member: Member, response: GroupResponse): void => {
  if (member.joinRequest === null) return;
  turn.reply(member.joinRequest, response);
  restartSession(turn, group, group.parkJoin(member.id, null));
};

/** Answers every SyncGroup that is parked; the sessions of those members begin. */
export const answerSyncs = (turn: Turn, group: Group, error: ErrorName): void => {
  for (const member of group.members) {
    if (member.syncRequest === null) continue;
    if (error === 'NONE') turn.reply(member.syncRequest, synced(group, member));
    else turn.refuse(member.syncRequest, error);
    restartSession(turn, group, group.parkSync(member.id, null));
  }
};

/** Answers with an error all that is parked for a member. */
export const refuseParked = (turn: Turn, member: Member, error: ErrorName): void => {
  if (member.joinRequest !== null) turn.refuse(member.joinRequest, error);
  if (member.syncRequest !== null) turn.refuse(member.syncRequest, error);
};
