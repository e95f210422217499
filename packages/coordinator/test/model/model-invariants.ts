import { decodeOffsetsRecord, type KeyAndValue } from '@barnabas/protocol';
import { seededRandom } from '@barnabas/testkit';
import { expect } from 'vitest';
import { createGroupShard, type GroupRequest, type GroupShard, type RequestId } from '../../src/index.ts';
import { describeAsk, fetchAsk, heartbeatAsk } from '../support/asks.ts';
import { type Answered, LIMITS } from '../support/shard-host.ts';
import type { ModelClient, Ownership } from './model-client.ts';
import type { ModelLog } from './model-log.ts';

/** All that must hold of a shard, by what its clients were told and what is in its log. */
export class ModelInvariants {
  readonly #log: ModelLog;
  readonly #groupIds: readonly string[];
  #shard: GroupShard;
  #nowMs = 0;
  /** Owners of each partition, by group, life of the group, and generation. */
  readonly #owners = new Map<string, string>();
  /** The newest generation that a group's members were told of, as long as the group and its coordinator are there. */
  readonly #generations = new Map<string, number>();
  /** The last offset that a client was told is committed, and nobody has had deleted since. */
  readonly #acknowledged = new Map<string, bigint>();
  /** The last request before an offset was to be deleted. */
  readonly #deletedSince = new Map<string, RequestId>();

  constructor(log: ModelLog, groupIds: readonly string[], shard: GroupShard) {
    this.#log = log;
    this.#groupIds = groupIds;
    this.#shard = shard;
  }

  noteAppend(records: readonly KeyAndValue[], lastRequest: RequestId): void {
    for (const { key, value } of records) {
      const record = decodeOffsetsRecord(key, value);
      if (record.type !== 'offset-commit' || record.value !== null) continue;
      const place = `${record.key.data.group} ${record.key.data.partition}`;
      this.#acknowledged.delete(place);
      this.#deletedSince.set(place, lastRequest);
    }
  }

  /** What a group had agreed on may be lost with its coordinator. */
  noteMove(): void {
    this.#generations.clear();
  }

  noteCommit(id: RequestId, asked: GroupRequest | undefined, answer: Answered): void {
    if (asked?.api !== 'OffsetCommit') return;
    const [partition] = asked.request.topics[0]?.partitions ?? [];
    if (partition === undefined || answer.topics[0]?.partitions[0]?.errorCode !== 0) return;
    const place = `${asked.request.groupId} ${partition.partitionIndex}`;
    const before = this.#acknowledged.get(place) ?? 0n;
    if (id <= (this.#deletedSince.get(place) ?? 0) || partition.committedOffset < before) return;
    this.#acknowledged.set(place, partition.committedOffset);
  }

  /** A partition has one owner in a generation, which is in the log. */
  noteOwnership({ groupId, generation, owner, partitions }: Ownership): void {
    expect(this.#log.generationsOf(groupId).flat(), `generations of ${groupId} in the log`).toContain(generation);
    for (const partition of partitions) {
      const place = `${groupId} ${this.#log.deletionsOf(groupId)} ${generation} ${partition}`;
      expect(this.#owners.get(place) ?? owner, `owner of ${place}`).toBe(owner);
      this.#owners.set(place, owner);
    }
  }

  /** The generations of a group only grow. */
  noteGeneration({ groupId }: ModelClient, { generationId }: Answered): void {
    const before = this.#generations.get(groupId) ?? 0;
    expect(generationId, `generation of ${groupId}`).toBeGreaterThanOrEqual(before);
    this.#generations.set(groupId, generationId);
  }

  /** After anything that the shard did. */
  check(shard: GroupShard, nowMs: number): void {
    this.#shard = shard;
    this.#nowMs = nowMs;
    for (const groupId of this.#generations.keys()) {
      if (!shard.list().some((group) => group.groupId === groupId)) this.#generations.delete(groupId);
    }
    for (const groupId of this.#groupIds) this.#checkOffsets(groupId);
    this.#checkReplay();
  }

  /** The offsets of a group are those that the log has by now; none that was acknowledged is ever older. */
  #checkOffsets(groupId: string): void {
    const expected = new Map<string, bigint>();
    for (const record of this.#log.applied()) {
      if (record.type !== 'offset-commit' || record.key.data.group !== groupId) continue;
      const place = `${record.key.data.partition}`;
      if (record.value === null) expected.delete(place);
      else expected.set(place, record.value.data.offset);
    }
    const offsets = this.#offsetsOf(groupId);
    expect([...offsets].sort(), `offsets of ${groupId}`).toEqual([...expected].sort());
    for (const [place, acknowledged] of this.#acknowledged) {
      const [group, partition = ''] = place.split(' ');
      if (group === groupId) expect(offsets.get(partition) ?? 0n).toBeGreaterThanOrEqual(acknowledged);
    }
  }

  #offsetsOf(groupId: string, shard = this.#shard): Map<string, bigint> {
    const [group] = callOf(shard, fetchAsk(null, { groupId }), this.#nowMs).groups;
    return new Map(
      (group?.topics ?? []).flatMap(({ partitions }) =>
        partitions.map(({ partitionIndex, committedOffset }) => [`${partitionIndex}`, committedOffset] as const),
      ),
    );
  }

  /** A shard that reads what this one has applied has the same offsets, and the same of each group that is stable. */
  #checkReplay(): void {
    const other = createGroupShard({ limits: LIMITS, random: seededRandom(2) });
    for (const { key, value } of this.#log.appliedRaw()) other.replay(decodeOffsetsRecord(key, value));
    other.loaded(this.#nowMs);
    for (const groupId of this.#groupIds) expect(this.#offsetsOf(groupId, other)).toEqual(this.#offsetsOf(groupId));
    for (const { groupId } of this.#shard.list().filter(({ state }) => state === 'Stable'))
      this.#checkStable(groupId, other);
  }

  #checkStable(groupId: string, other: GroupShard): void {
    const [live, replayed] = [this.#shard, other].map(
      (shard) => callOf(shard, describeAsk(groupId), this.#nowMs).groups[0],
    );
    const byIdentity = (group: Answered['groups'][number] | undefined) =>
      (group?.members ?? [])
        .map(({ memberId, groupInstanceId, memberAssignment }) => [
          groupInstanceId ?? memberId,
          String(memberAssignment),
        ])
        .sort();
    expect(replayed?.groupState, `${groupId} read again`).toBe('Stable');
    expect(replayed?.protocolData).toBe(live?.protocolData);
    expect(byIdentity(replayed)).toEqual(byIdentity(live));
    const generationId = this.#generations.get(groupId);
    for (const { memberId, groupInstanceId } of generationId === undefined ? [] : (replayed?.members ?? [])) {
      const beat = heartbeatAsk({ groupId, generationId: generationId ?? -1, memberId, groupInstanceId });
      expect(callOf(other, beat, this.#nowMs).errorCode).toBe(0);
    }
  }

  checkGenerationsInLog(): void {
    for (const groupId of this.#groupIds) {
      for (const generations of this.#log.generationsOf(groupId)) {
        expect(generations).toEqual([...generations].sort((a, b) => a - b));
      }
    }
  }
}

let asides = 0;

/** An answer that a shard gives at once, beside what its clients ask. */
const callOf = (shard: GroupShard, asked: GroupRequest, nowMs: number): Answered => {
  asides -= 1;
  const reply = shard.handle(asides, asked, nowMs).find((effect) => effect.kind === 'reply' && effect.to === asides);
  if (reply?.kind !== 'reply') throw new Error(`${asked.api} is not answered at once`);
  return reply.response as unknown as Answered;
};
