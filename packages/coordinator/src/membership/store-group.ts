import type { Group } from '../group/group.ts';
import { type Member, metadataOf } from '../group/member.ts';
import type { StoredGroup } from '../log/group-change.ts';
import type { Turn } from '../turn/turn.ts';
import type { AfterWrite } from '../turn/write.ts';

/** Has the group as it is now appended, with these assignments. */
export const storeGroup = (
  turn: Turn,
  group: Group,
  assignmentOf: (member: Member) => Buffer,
  after: AfterWrite,
): void => {
  const value = storedGroup(group, assignmentOf);
  turn.append([{ kind: 'group', groupId: group.id, value }], after);
};

const storedGroup = (group: Group, assignmentOf: (member: Member) => Buffer): StoredGroup => ({
  protocolType: group.protocolType ?? '',
  generation: group.generation,
  protocol: group.protocol,
  leader: group.leader,
  stateTimestampMs: group.stateTimestampMs,
  members: new Map(
    group.members.map((member) => [
      member.id,
      {
        groupInstanceId: member.groupInstanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        rebalanceTimeoutMs: member.terms.rebalanceTimeoutMs,
        sessionTimeoutMs: member.terms.sessionTimeoutMs,
        subscription: metadataOf(member, group.protocol ?? ''),
        assignment: assignmentOf(member),
      },
    ]),
  ),
});
