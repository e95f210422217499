import type { ErrorName } from '@barnabas/model';
import type { OffsetsRecord } from '@barnabas/protocol';
import { forgetIfUnused } from '../group/forget-unused.ts';
import { Groups } from '../group/groups.ts';
import type { GroupEffect, GroupRequest, GroupShard, ListedGroup, RequestId, WriteId } from '../groups/group-shard.ts';
import { changeOf } from '../log/group-change.ts';
import { deleteOffsetsOfTopic } from '../offsets/topic-deleted.ts';
import { PARKED } from '../turn/answer.ts';
import { type GroupShardOptions, NO_GROUP_LOG } from '../turn/group-limits.ts';
import { groupRefusal } from '../turn/group-refusal.ts';
import { type ShardState, Turn } from '../turn/turn.ts';
import { Waiting } from '../turn/waiting.ts';
import { type WriteOutcome, WritesUnderWay } from '../turn/write.ts';
import { endWrite } from './after-write.ts';
import { answerRequest } from './answer-request.ts';
import { beginLeading } from './begin-leading.ts';
import { timerDue } from './timer-due.ts';

/** A shard with no groups yet, for the host to replay the log into. */
export const createGroupShard = (options: GroupShardOptions): GroupShard => new ClassicGroupShard(options);

/** Consumer groups of the classic protocol. Each call is one turn; all that is kept from one to the next is in `#state`. */
class ClassicGroupShard implements GroupShard {
  readonly #options: Required<GroupShardOptions>;
  readonly #state: ShardState = {
    groups: new Groups(),
    waiting: new Waiting(),
    writes: new WritesUnderWay(),
    timers: new Map(),
    pendingMembers: new Map(),
    nextWriteId: 1,
  };

  constructor(options: GroupShardOptions) {
    this.#options = { log: NO_GROUP_LOG, ...options };
  }

  replay(record: OffsetsRecord): void {
    const change = changeOf(record);
    if (change !== undefined) this.#state.groups.apply(change, null);
  }

  loaded(nowMs: number): readonly GroupEffect[] {
    return this.#turn(nowMs, beginLeading);
  }

  handle(id: RequestId, asked: GroupRequest, nowMs: number): readonly GroupEffect[] {
    return this.#turn(nowMs, (turn) => {
      this.#state.waiting.begin(id, asked);
      const answer = answerRequest(turn, id, asked);
      if (answer !== PARKED) turn.reply(id, answer);
      forgetWhereUnused(turn, groupIdsOf(asked));
    });
  }

  gone(id: RequestId): void {
    this.#state.waiting.end(id);
  }

  timer(key: string, nowMs: number): readonly GroupEffect[] {
    const event = this.#state.timers.get(key);
    if (event === undefined) return [];
    this.#state.timers.delete(key);
    return this.#turn(nowMs, (turn) => {
      timerDue(turn, event);
      if (event.kind !== 'retention') forgetWhereUnused(turn, [event.groupId]);
    });
  }

  committed(writeId: WriteId, nowMs: number): readonly GroupEffect[] {
    return this.#end(writeId, { kind: 'committed' }, nowMs);
  }

  failed(writeId: WriteId, error: ErrorName, nowMs: number): readonly GroupEffect[] {
    return this.#end(writeId, { kind: 'failed', error }, nowMs);
  }

  resign(nowMs: number): readonly GroupEffect[] {
    return this.#turn(nowMs, (turn) => {
      for (const [id, asked] of this.#state.waiting.all()) turn.reply(id, groupRefusal(asked, 'NOT_COORDINATOR'));
      for (const event of [...this.#state.timers.values()]) turn.cancelTimer(event);
      this.#state.writes.clear();
    });
  }

  list(): readonly ListedGroup[] {
    return [...this.#state.groups].map(({ id: groupId, protocolType, state }) => ({
      groupId,
      protocolType: protocolType ?? '',
      state: state.name,
    }));
  }

  topicDeleted(topic: string, nowMs: number): readonly GroupEffect[] {
    return this.#turn(nowMs, (turn) => deleteOffsetsOfTopic(turn, topic));
  }

  #end(writeId: WriteId, outcome: WriteOutcome, nowMs: number): readonly GroupEffect[] {
    return this.#turn(nowMs, (turn) => {
      for (const ended of this.#state.writes.end(writeId, outcome)) {
        endWrite(turn, ended.write, ended.outcome);
        forgetWhereUnused(turn, new Set(ended.write.changes.map(({ groupId }) => groupId)));
      }
    });
  }

  #turn(nowMs: number, take: (turn: Turn) => void): readonly GroupEffect[] {
    const turn = new Turn(nowMs, this.#state, this.#options);
    take(turn);
    return turn.effects;
  }
}

const forgetWhereUnused = ({ state: { groups } }: Turn, groupIds: Iterable<string>): void => {
  for (const groupId of groupIds) forgetIfUnused(groups, groups.get(groupId));
};

const groupIdsOf = (asked: GroupRequest): readonly string[] =>
  'groupId' in asked.request ? [asked.request.groupId] : [];
