import { ERRORS, type ErrorName, errorByCode } from '@barnabas/model';
import { APIS, decodeOffsetsRecord, type KeyAndValue, type Message } from '@barnabas/protocol';
import { seededRandom } from '@barnabas/testkit';
import {
  createGroupShard,
  type GroupEffect,
  type GroupLimits,
  type GroupRequest,
  type GroupResponse,
  type GroupShard,
  type RequestId,
  type WriteId,
} from '../../src/index.ts';

export const LIMITS: GroupLimits = {
  minSessionTimeoutMs: 6000,
  maxSessionTimeoutMs: 1_800_000,
  maxSize: 2_147_483_647,
  initialRebalanceDelayMs: 3000,
  offsetMetadataMaxBytes: 4096,
  offsetsRetentionMs: 7 * 24 * 3_600_000,
  retentionCheckIntervalMs: 600_000,
};

type PartitionAnswer = {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly committedOffset: bigint;
  readonly committedLeaderEpoch: number;
  readonly metadata: string;
};
type TopicAnswer = { readonly name: string; readonly partitions: readonly PartitionAnswer[] };
type MemberAnswer = {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly errorCode: number;
  readonly metadata: Buffer;
  readonly clientId: string;
  readonly clientHost: string;
  readonly memberMetadata: Buffer;
  readonly memberAssignment: Buffer;
};

/** The fields of the answers of all APIs; a test reads those of the API that it asked. */
export type Answered = {
  readonly errorCode: number;
  readonly memberId: string;
  readonly generationId: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leader: string;
  readonly skipAssignment?: boolean;
  readonly members: readonly MemberAnswer[];
  readonly assignment: Buffer;
  readonly topics: readonly TopicAnswer[];
  readonly groups: readonly {
    readonly errorCode: number;
    readonly groupState: string;
    readonly protocolType: string;
    readonly protocolData: string;
    readonly members: readonly MemberAnswer[];
    readonly topics: readonly TopicAnswer[];
  }[];
  readonly results: readonly { readonly groupId: string; readonly errorCode: number }[];
};

type Append = { readonly writeId: WriteId; readonly records: readonly KeyAndValue[] };

type HostOptions = {
  readonly limits?: Partial<GroupLimits>;
  readonly log?: readonly KeyAndValue[];
  readonly nowMs?: number;
  readonly random?: { bytes(count: number): Uint8Array };
};

/**
 * Hosts a shard as a broker does: a log, timers, answers. Writes are committed at once, unless a test holds them back.
 */
export class ShardHost {
  readonly #options: HostOptions;
  shard: GroupShard;
  nowMs: number;
  /** All that is committed. */
  readonly log: KeyAndValue[];
  /** What was appended and is neither committed nor failed. */
  readonly underWay: Append[] = [];
  readonly timers = new Map<string, number>();
  readonly #answers = new Map<RequestId, Answered[]>();
  readonly #asked = new Map<RequestId, GroupRequest>();
  #lastId = 0;
  holdsWrites = false;

  constructor(options: HostOptions = {}) {
    this.#options = options;
    this.nowMs = options.nowMs ?? 1_000_000;
    this.log = [...(options.log ?? [])];
    this.shard = this.#load();
  }

  ask(request: GroupRequest): RequestId {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#answers.set(id, []);
    this.#asked.set(id, request);
    this.#do(this.shard.handle(id, request, this.nowMs));
    return id;
  }

  /** The only answer so far; undefined where it still waits. */
  answer(id: RequestId): Answered | undefined {
    const answers = this.#answers.get(id) ?? [];
    if (answers.length > 1) throw new Error(`request ${id} was answered ${answers.length} times`);
    return answers[0];
  }

  /** Asks, and is answered at once. */
  call(request: GroupRequest): Answered {
    const answer = this.answer(this.ask(request));
    if (answer === undefined) throw new Error(`${request.api} still waits`);
    return answer;
  }

  error(id: RequestId): ErrorName | undefined {
    const answer = this.answer(id);
    return answer === undefined ? undefined : errorByCode(answer.errorCode).name;
  }

  advance(forMs: number): void {
    const endMs = this.nowMs + forMs;
    for (;;) {
      const [due] = [...this.timers].filter(([, atMs]) => atMs <= endMs).sort((a, b) => a[1] - b[1]);
      if (due === undefined) break;
      const [key, atMs] = due;
      this.timers.delete(key);
      this.nowMs = Math.max(this.nowMs, atMs);
      this.#do(this.shard.timer(key, this.nowMs));
    }
    this.nowMs = endMs;
  }

  /** The first of those under way, or the one that is given. */
  commit(writeId = this.#first()): void {
    const [append] = this.underWay.splice(this.#indexOf(writeId), 1);
    this.log.push(...(append?.records ?? []));
    this.#do(this.shard.committed(writeId, this.nowMs));
  }

  fail(error: ErrorName, writeId = this.#first()): void {
    this.underWay.splice(this.#indexOf(writeId), 1);
    this.#do(this.shard.failed(writeId, error, this.nowMs));
  }

  deleteTopic(topic: string): void {
    this.#do(this.shard.topicDeleted(topic, this.nowMs));
  }

  resign(): void {
    this.#do(this.shard.resign(this.nowMs));
    this.underWay.length = 0;
  }

  /** Another broker leads now: its shard knows what is in the log. */
  moveTo(limits: Partial<GroupLimits> = {}): void {
    this.resign();
    this.timers.clear();
    this.shard = this.#load(limits);
  }

  #load(limits: Partial<GroupLimits> = {}): GroupShard {
    this.shard = createGroupShard({
      limits: { ...LIMITS, ...this.#options.limits, ...limits },
      random: this.#options.random ?? seededRandom(1),
    });
    for (const { key, value } of this.log) this.shard.replay(decodeOffsetsRecord(key, value));
    this.#do(this.shard.loaded(this.nowMs));
    return this.shard;
  }

  #first(): WriteId {
    const [first] = this.underWay;
    if (first === undefined) throw new Error('nothing is under way');
    return first.writeId;
  }

  #indexOf(writeId: WriteId): number {
    const index = this.underWay.findIndex((append) => append.writeId === writeId);
    if (index === -1) throw new Error(`write ${writeId} is not under way`);
    return index;
  }

  #do(effects: readonly GroupEffect[]): void {
    for (const effect of effects) this.#carryOut(effect);
    while (!this.holdsWrites && this.underWay.length > 0) this.commit();
  }

  /** What the client reads: its version may not have all fields. */
  #asReceived({ to, response }: Extract<GroupEffect, { kind: 'reply' }>): Answered {
    const asked = this.#asked.get(to);
    if (asked === undefined) throw new Error(`no request ${to}`);
    return received(asked, response);
  }

  #carryOut(effect: GroupEffect): void {
    switch (effect.kind) {
      case 'reply':
        this.#answers.get(effect.to)?.push(this.#asReceived(effect));
        break;
      case 'append':
        this.underWay.push(effect);
        break;
      case 'set timer':
        this.timers.set(effect.key, effect.atMs);
        break;
      case 'cancel timer':
        this.timers.delete(effect.key);
    }
  }
}

/** What becomes of an answer on its way to the client. */
export const received = ({ api, version }: GroupRequest, response: GroupResponse): Answered => {
  const message: Message<object, object> = APIS[api].response;
  return message.decode(version, message.encode(version, response)) as Answered;
};

export const codeOf = (error: ErrorName): number => ERRORS[error].code;
