import {
  type GroupEffect,
  type GroupRequest,
  type GroupResponse,
  type GroupShard,
  groupRefusal,
  type ListedGroup,
  type RequestId,
} from '@barnabas/coordinator';
import { type Clock, ERRORS, type ErrorName, formatTopicPartition, type Offset, type Scheduler } from '@barnabas/model';
import type { OffsetsRecord } from '@barnabas/protocol';
import type { Logger } from '../logger.ts';
import type { BrokerMetrics } from '../metrics/broker-metrics.ts';
import type { Replicas } from '../replication/replicas.ts';
import type { SerialQueue } from '../replication/waits/serial-queue.ts';
import { type AppendOptions, appendRecords, type LedPartition } from './append-records.ts';
import { GroupLoad } from './loading/group-load.ts';
import { ParkedRequests } from './parked-requests.ts';
import { ShardTimers } from './shard-timers.ts';

export type HostedShardOptions = Omit<AppendOptions, 'replicas'> & {
  readonly led: LedPartition;
  /** Of the log, when this broker began to lead it. */
  readonly range: { readonly start: Offset; readonly end: Offset };
  readonly shard: GroupShard;
  readonly replicas: Pick<Replicas, 'fetch' | 'produce'>;
  readonly loadBufferBytes: number;
  /** See `GroupLoadOptions`. */
  readonly loads: SerialQueue;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly metrics: Pick<BrokerMetrics, 'groupsLoaded'>;
  readonly log: Logger;
  /** The shard has failed: nothing is asked of it any more, and what it knew is to be read anew. Must not throw. */
  readonly onBroken: () => void;
};

/** `over`: led here no longer, or broken. */
type Phase = 'loading' | 'active' | 'over';
type Turn = () => readonly GroupEffect[];

/**
 * The groups of one partition of the offsets topic in one leader epoch: keeps the shard that decides about them, tells it what comes to
 * pass, and carries out what it decides. Made by the coordinator when the broker begins to lead, ended by it with `resign`; one of a
 * later epoch begins with what is in the log.
 *
 * One turn after the other: a turn that is asked for while another is carried out comes after it. Nothing is awaited in a
 * turn, and so appends get into the log in the order in which the shard wanted them.
 *
 * Invariant: each request that was let in is answered once, and after `resign` nothing waits and no timer is set.
 */
export class HostedShard {
  readonly #options: HostedShardOptions;
  readonly #timers: ShardTimers;
  readonly #parked = new ParkedRequests();
  readonly #turns: Turn[] = [];
  /** Topics that were deleted while it was loading. */
  readonly #deletedTopics: string[] = [];
  #phase: Phase = 'loading';
  #isCarryingOut = false;

  constructor(options: HostedShardOptions) {
    this.#options = options;
    const { clock, scheduler, shard } = options;
    const onDue = (key: string, nowMs: number): void => this.#take(() => shard.timer(key, nowMs));
    this.#timers = new ShardTimers({ clock, scheduler, onDue });
  }

  get led(): LedPartition {
    return this.#options.led;
  }

  get isLoading(): boolean {
    return this.#phase === 'loading';
  }

  /** Loads what is in the log; until then requests are told to come again. */
  start(): void {
    this.#load().catch((error: unknown) => this.#break(error));
  }

  /** Resolves with the answer, also where it is that there is none to be had here. */
  ask(request: GroupRequest, signal: AbortSignal): Promise<GroupResponse> {
    if (this.#phase !== 'active') return Promise.resolve(this.#notActive(request));
    const { shard, clock } = this.#options;
    const { id, answered } = this.#parked.park(request, signal, (gone) => this.#onGone(gone));
    this.#take(() => this.#handled(id, request.api, () => shard.handle(id, request, clock.nowMs())));
    if (signal.aborted) this.#onGone(id);
    return answered;
  }

  /** Whoever waits is answered; nothing is heard of it any more. */
  resign(): void {
    if (this.#phase !== 'active') {
      this.#end('NOT_COORDINATOR');
      return;
    }
    const { shard, clock } = this.#options;
    this.#take(() => shard.resign(clock.nowMs()));
    this.#take(() => {
      this.#end('NOT_COORDINATOR');
      return [];
    });
  }

  list(): readonly ListedGroup[] {
    return this.#phase === 'active' ? this.#options.shard.list() : [];
  }

  topicDeleted(topic: string): void {
    const { shard, clock } = this.#options;
    if (this.#phase === 'loading') this.#deletedTopics.push(topic);
    else this.#take(() => shard.topicDeleted(topic, clock.nowMs()));
  }

  async #load(): Promise<void> {
    const { led, range, shard, loads, clock, scheduler, metrics, log, ...rest } = this.#options;
    const startMs = clock.steadyMs();
    const load = new GroupLoad({
      led,
      ...range,
      ...rest,
      bufferBytes: rest.loadBufferBytes,
      turns: loads,
      pause: (delayMs) => new Promise((resolve) => void scheduler.after(delayMs, resolve)),
      isWanted: () => this.#phase === 'loading',
      replay: (record) => this.#replay(record),
      log,
    });
    if (!(await load.run())) return;
    this.#phase = 'active';
    this.#take(() => shard.loaded(clock.nowMs()));
    for (const topic of this.#deletedTopics.splice(0)) this.topicDeleted(topic);
    const durationMs = clock.steadyMs() - startMs;
    metrics.groupsLoaded(durationMs);
    log.debug({ ...this.#fields, durationMs, groups: shard.list().length }, 'coordinates the groups of a partition');
  }

  /** One that means nothing to the shard is not to keep the others from being known. */
  #replay(record: OffsetsRecord): void {
    try {
      this.#options.shard.replay(record);
    } catch (err) {
      this.#options.log.error({ err, ...this.#fields }, 'a record of groups is not understood, and is passed over');
    }
  }

  /** Takes a turn of the shard's and carries out what comes of it, or leaves that to whoever is at it. */
  #take(turn: Turn): void {
    this.#turns.push(turn);
    if (this.#isCarryingOut) return;
    this.#isCarryingOut = true;
    try {
      for (let next = this.#turns.shift(); next !== undefined; next = this.#turns.shift()) {
        if (this.#phase === 'active') for (const effect of next()) this.#carryOut(effect);
      }
    } catch (error) {
      this.#turns.length = 0;
      this.#break(error);
    } finally {
      this.#isCarryingOut = false;
    }
  }

  #carryOut(effect: GroupEffect): void {
    switch (effect.kind) {
      case 'reply':
        this.#parked.answer(effect.to, effect.response);
        break;
      case 'append':
        this.#append(effect);
        break;
      case 'set timer':
        this.#timers.set(effect.key, effect.atMs);
        break;
      case 'cancel timer':
        this.#timers.cancel(effect.key);
    }
  }

  #append({ writeId, records }: GroupEffect & { kind: 'append' }): void {
    const { led, shard, clock } = this.#options;
    void appendRecords(led, records, this.#options).then((error) =>
      this.#take(() =>
        error === undefined ? shard.committed(writeId, clock.nowMs()) : shard.failed(writeId, error, clock.nowMs()),
      ),
    );
  }

  /** A request that the shard cannot take, as nobody foresaw, has changed nothing, and is the only one that fails. */
  #handled(id: RequestId, api: GroupRequest['api'], handle: Turn): readonly GroupEffect[] {
    try {
      return handle();
    } catch (err) {
      this.#options.log.error({ err, ...this.#fields, api }, 'a request of a group failed unexpectedly');
      this.#parked.refuse(id, 'UNKNOWN_SERVER_ERROR');
      return [];
    }
  }

  #onGone(id: RequestId): void {
    if (!this.#parked.has(id)) return;
    // Nobody reads it.
    this.#parked.refuse(id, 'REQUEST_TIMED_OUT');
    this.#take(() => {
      this.#options.shard.gone(id);
      return [];
    });
  }

  /** While it loads, members stay what they are: a heartbeat is all that they need (Kafka's rule). */
  #notActive(request: GroupRequest): GroupResponse {
    if (this.#phase === 'over') return groupRefusal(request, 'NOT_COORDINATOR');
    if (request.api === 'Heartbeat') return { throttleTimeMs: 0, errorCode: ERRORS.NONE.code };
    // As Kafka does: older clients do not expect the other code here, and join anew on this one.
    if (request.api === 'SyncGroup') return groupRefusal(request, 'REBALANCE_IN_PROGRESS');
    return groupRefusal(request, 'COORDINATOR_LOAD_IN_PROGRESS');
  }

  #break(err: unknown): void {
    if (this.#phase === 'over') return;
    this.#options.log.error(
      { err, ...this.#fields },
      'the groups of a partition failed unexpectedly; they are loaded anew',
    );
    this.#end('NOT_COORDINATOR');
    this.#options.onBroken();
  }

  #end(error: ErrorName): void {
    this.#phase = 'over';
    this.#timers.cancelAll();
    this.#parked.refuseAll(error);
  }

  get #fields(): object {
    const { topicPartition, leaderEpoch } = this.#options.led;
    return { partition: formatTopicPartition(topicPartition), leaderEpoch };
  }
}
