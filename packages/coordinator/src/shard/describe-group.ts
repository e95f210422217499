import { ERRORS } from '@barnabas/model';
import type { Group } from '../group/group.ts';
import { metadataOf, NO_BYTES } from '../group/member.ts';
import type { Answer } from '../turn/answer.ts';
import type { GroupRequestOf } from '../turn/group-refusal.ts';
import type { Turn } from '../turn/turn.ts';

/** Groups as they are; one that is not there is Dead. What members say and are assigned is told of a Stable group alone. */
export const describeGroups = (turn: Turn, { request }: GroupRequestOf<'DescribeGroups'>): Answer => ({
  throttleTimeMs: 0,
  groups: request.groups.map((groupId) => described(groupId, turn.state.groups.get(groupId))),
});

const described = (groupId: string, group: Group | undefined) => ({
  errorCode: ERRORS.NONE.code,
  groupId,
  groupState: group?.state.name ?? 'Dead',
  protocolType: group?.protocolType ?? '',
  protocolData: group?.is('Stable') ? (group.protocol ?? '') : '',
  members: group === undefined ? [] : membersOf(group),
});

const membersOf = (group: Group) =>
  group.members.map((member) => ({
    memberId: member.id,
    groupInstanceId: member.groupInstanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    memberMetadata: group.is('Stable') ? metadataOf(member, group.protocol ?? '') : NO_BYTES,
    memberAssignment: group.is('Stable') ? member.assignment : NO_BYTES,
  }));
