import type { ErrorName } from '@barnabas/model';
import type { Group } from '../group/group.ts';
import type { Groups } from '../group/groups.ts';
import type { GroupEffect, GroupResponse, RequestId, WriteId } from '../groups/group-shard.ts';
import { recordOf } from '../log/group-change.ts';
import type { GroupLimits, GroupLog, GroupShardOptions } from './group-limits.ts';
import { groupRefusal, joinRefusal, NO_MEMBER_ID } from './group-refusal.ts';
import { type TimerEvent, timerKey } from './timers.ts';
import type { Waiting } from './waiting.ts';
import type { AfterWrite, GroupChanges, WritesUnderWay } from './write.ts';

/** What a shard consists of between its turns. */
export type ShardState = {
  readonly groups: Groups;
  readonly waiting: Waiting;
  readonly writes: WritesUnderWay;
  /** Those that are set, by their keys. */
  readonly timers: Map<string, TimerEvent>;
  /** Groups of the member ids that were given out and not yet used, the oldest first. */
  readonly pendingMembers: Map<string, Group>;
  nextWriteId: WriteId;
};

/**
 * One call of the host's: what time it is, what may be changed, and the effects so far, which the host carries out when the call is
 * over. Made for each call; nothing keeps it.
 */
export class Turn {
  /** Epoch ms, whole. */
  readonly nowMs: number;
  readonly state: ShardState;
  readonly limits: GroupLimits;
  readonly random: GroupShardOptions['random'];
  readonly log: GroupLog;
  readonly effects: GroupEffect[] = [];

  constructor(nowMs: number, state: ShardState, options: Required<GroupShardOptions>) {
    this.nowMs = Math.trunc(nowMs);
    this.state = state;
    this.limits = options.limits;
    this.random = options.random;
    this.log = options.log;
  }

  reply(to: RequestId, response: GroupResponse): void {
    if (this.state.waiting.end(to)) this.effects.push({ kind: 'reply', to, response });
  }

  /** Answers what was parked with an error; one that is no member tells its client to begin without a member id. */
  refuse(to: RequestId, error: ErrorName): void {
    const asked = this.state.waiting.get(to);
    if (asked === undefined) return;
    const isNoMember = asked.api === 'JoinGroup' && error === 'UNKNOWN_MEMBER_ID';
    this.reply(to, isNoMember ? joinRefusal(asked.version, NO_MEMBER_ID, error) : groupRefusal(asked, error));
  }

  /** In place of what was set for the same event. */
  setTimer(event: TimerEvent, delayMs: number): void {
    const key = timerKey(event);
    this.state.timers.set(key, event);
    this.effects.push({ kind: 'set timer', key, atMs: this.nowMs + delayMs });
  }

  cancelTimer(event: TimerEvent): void {
    const key = timerKey(event);
    if (this.state.timers.delete(key)) this.effects.push({ kind: 'cancel timer', key });
  }

  /** Has changes appended as one batch; what they change is changed when they are committed. */
  append(changes: GroupChanges, after: AfterWrite): void {
    const records = changes.map(recordOf);
    const writeId = this.state.nextWriteId++;
    this.state.writes.begin({ writeId, changes, after });
    this.effects.push({ kind: 'append', writeId, records });
  }
}
