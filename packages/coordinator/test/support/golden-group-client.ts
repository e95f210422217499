import { decodeOffsetsRecord, type GroupMetadataValue, type KeyAndValue } from '@barnabas/protocol';
import { joinAsk, leaveAsk, syncAsk } from './asks.ts';
import type { ShardHost } from './shard-host.ts';

type GoldenMember = GroupMetadataValue['members'][number];

const UUID_LENGTH = 36;

/** The group records of a log, of one group, decoded. */
export const generationsOf = (log: readonly KeyAndValue[], groupId: string): (GroupMetadataValue | null)[] =>
  log.flatMap(({ key, value }) => {
    const record = decodeOffsetsRecord(key, value);
    return record.type === 'group-metadata' && record.key.data.group === groupId ? [record.value?.data ?? null] : [];
  });

/** Ids as Kafka gave them out to these members: one after the other. */
export class GoldenUuids {
  readonly #uuids: string[];

  constructor(generations: readonly (GroupMetadataValue | null)[]) {
    const ids = generations.flatMap((generation) =>
      generation === null ? [] : inJoiningOrder(generation, generation.members).map(({ memberId }) => memberId),
    );
    this.#uuids = [...new Set(ids)].map((id) => id.slice(-UUID_LENGTH));
  }

  bytes(count: number): Uint8Array {
    const uuid = this.#uuids.shift();
    if (uuid === undefined || count !== 16) throw new Error('no id is left');
    return Buffer.from(uuid.replaceAll('-', ''), 'hex');
  }
}

/** The leader is the one that came first. */
const inJoiningOrder = (generation: GroupMetadataValue, members: readonly GoldenMember[]): GoldenMember[] =>
  [...members].sort((a, b) => Number(b.memberId === generation.leader) - Number(a.memberId === generation.leader));

/** Does with requests what members must have done for Kafka to write this generation, after the ones before it. */
export const liveThrough = (
  host: ShardHost,
  groupId: string,
  before: readonly GoldenMember[],
  now: GroupMetadataValue,
) => {
  const isHereBefore = ({ memberId }: GoldenMember) => before.some((other) => other.memberId === memberId);
  const leaving = before.filter(({ memberId }) => now.members.every((other) => other.memberId !== memberId));
  const newcomers = inJoiningOrder(
    now,
    now.members.filter((member) => !isHereBefore(member)),
  );
  if (leaving.length > 0)
    host.call(
      leaveAsk(
        leaving.map(({ memberId }) => ({ memberId })),
        groupId,
      ),
    );
  for (const member of newcomers) joinAs(host, groupId, now, member);
  for (const member of now.members.filter(isHereBefore)) rejoinAs(host, groupId, now, member);
  host.advance(3000);
  const assignments = now.members.map(({ memberId, assignment }) => ({ memberId, assignment }));
  for (const { memberId } of inJoiningOrder(now, now.members)) {
    const isLeader = memberId === now.leader;
    host.ask(syncAsk({ groupId, memberId, generationId: now.generation, assignments: isLeader ? assignments : [] }));
  }
};

const joinOf = (groupId: string, now: GroupMetadataValue, member: GoldenMember) => ({
  groupId,
  sessionTimeoutMs: member.sessionTimeout,
  rebalanceTimeoutMs: member.rebalanceTimeout,
  groupInstanceId: member.groupInstanceId,
  protocolType: now.protocolType,
  protocols: [{ name: now.protocol ?? '', metadata: member.subscription }],
  clientId: member.clientId,
  clientHost: member.clientHost,
});

const joinAs = (host: ShardHost, groupId: string, now: GroupMetadataValue, member: GoldenMember): void => {
  host.ask(joinAsk(joinOf(groupId, now, member)));
  if (member.groupInstanceId === null) rejoinAs(host, groupId, now, member);
};

const rejoinAs = (host: ShardHost, groupId: string, now: GroupMetadataValue, member: GoldenMember): void => {
  host.ask(joinAsk({ ...joinOf(groupId, now, member), memberId: member.memberId }));
};
