import type { GroupRequest, RequestId } from '../../src/index.ts';
import { commitAsk, heartbeatAsk, joinAsk, leaveAsk, syncAsk } from '../support/asks.ts';
import type { Answered } from '../support/shard-host.ts';

/** What a client owns of its group's topic by one assignment. */
export type Ownership = {
  readonly groupId: string;
  readonly generation: number;
  readonly owner: string;
  readonly partitions: readonly string[];
};

const SESSIONS_MS = [6000, 10_000, 30_000];
const VERSIONS = [9, 9, 8, 3];
const PARTITIONS = ['p0', 'p1', 'p2'];
const PROTOCOLS = ['range', 'sticky', 'cooperative'];

/** A client of a group that does as it is told; it knows what it was answered, and no more. */
export class ModelClient {
  readonly number: number;
  readonly groupId: string;
  readonly #instanceId: string | null;
  readonly #version: number;
  memberId = '';
  generation = -1;
  #members: readonly string[] = [];
  readonly #asked = new Map<RequestId, GroupRequest>();

  constructor(number: number) {
    this.number = number;
    this.groupId = `group-${number % 2}`;
    this.#version = VERSIONS[(number >> 1) % VERSIONS.length] ?? 9;
    this.#instanceId = number >= 4 && this.#version >= 5 ? `instance-${number}` : null;
  }

  get requests(): readonly RequestId[] {
    return [...this.#asked.keys()];
  }

  noteRequest(id: RequestId, asked: GroupRequest): void {
    this.#asked.set(id, asked);
  }

  restart(): void {
    this.memberId = '';
    this.generation = -1;
    this.#members = [];
  }

  giveUp(): readonly RequestId[] {
    const given = this.requests;
    this.#asked.clear();
    return given;
  }

  joins(says: number): GroupRequest {
    const names = says === 0 ? PROTOCOLS : PROTOCOLS.slice(0, 2);
    const metadata = Buffer.from(`${this.number} says ${says}`);
    return joinAsk({
      version: this.#version,
      groupId: this.groupId,
      memberId: this.memberId,
      groupInstanceId: this.#instanceId,
      sessionTimeoutMs: SESSIONS_MS[this.number % SESSIONS_MS.length] ?? 6000,
      rebalanceTimeoutMs: 20_000,
      protocols: (this.number % 3 === 0 ? names.toReversed() : names).map((name) => ({ name, metadata })),
      clientId: `client-${this.number}`,
    });
  }

  /** The leader deals out the partitions, each time beginning with another member. */
  syncs(round: number): GroupRequest {
    const assigned = (index: number) =>
      PARTITIONS.filter((_, at) => (at + round) % this.#members.length === index).join(',');
    return syncAsk({
      ...this.#identity(),
      generationId: this.generation,
      assignments: this.#members.map((memberId, index) => ({ memberId, assignment: Buffer.from(assigned(index)) })),
    });
  }

  beats(): GroupRequest {
    return heartbeatAsk({ ...this.#identity(), generationId: this.generation });
  }

  leaves(): GroupRequest {
    return leaveAsk([{ memberId: this.memberId, groupInstanceId: this.#instanceId }], this.groupId);
  }

  commits(partition: number, offset: bigint): GroupRequest {
    return commitAsk(
      { t: [{ partition, offset }] },
      { ...this.#identity(), generationIdOrMemberEpoch: this.generation },
    );
  }

  /** What it owns from now on, where the answer says so. */
  answered(id: RequestId, answer: Answered): Ownership | undefined {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    if (asked?.api === 'JoinGroup' && asked.request.memberId === this.memberId) this.#joined(answer);
    if (asked?.api !== 'SyncGroup' || answer.errorCode !== 0) return undefined;
    const partitions = String(answer.assignment)
      .split(',')
      .filter((name) => name !== '');
    const { generationId: generation, memberId, groupInstanceId } = asked.request;
    return { groupId: this.groupId, generation, owner: groupInstanceId ?? memberId, partitions };
  }

  #joined(answer: Answered): void {
    if (answer.errorCode === 0) {
      this.memberId = answer.memberId;
      this.generation = answer.generationId;
      this.#members = answer.skipAssignment === true ? [] : answer.members.map(({ memberId }) => memberId);
    } else if (answer.errorCode === 79) {
      this.memberId = answer.memberId;
    } else if (answer.errorCode === 25 || answer.errorCode === 82) {
      this.restart();
    }
  }

  #identity() {
    return { groupId: this.groupId, memberId: this.memberId, groupInstanceId: this.#instanceId };
  }
}
