import { type BrokerEpoch, type BrokerId, type ErrorName, errorByCode, type Timer } from '@barnabas/model';
import type { PeerResponse } from '@barnabas/transport';
import type { Following } from '../followed-partition.ts';
import { applyPiece, returnIntoRange } from './apply-piece.ts';
import { AskedSession, type SessionRequest } from './asked-session.ts';
import { exponentialDelayMs } from './exponential-delay.ts';
import { FETCH_VERSION, fetchRequest } from './fetch-request.ts';
import { fetchedPiece } from './fetched-piece.ts';
import { FetchedReplica, sessionKey } from './fetched-replica.ts';
import type { FetcherOptions } from './fetcher-options.ts';
import { findLeaderEnds } from './leader-ends.ts';
import { LeaderRefusedError } from './leader-refused-error.ts';
import { ReplicaKeeper } from './replica-keeper.ts';

/**
 * The next fetch waits as long for the logs that are at work on the last answer, so that one request asks for all of them
 * again: that is fewer requests, and as the logs then flush together, it is also sooner that a record is acknowledged. A log
 * that hangs holds the others up once, not again and again: it is not asked for meanwhile.
 */
const GATHER_MS = 30;
/** While there is no leader to be reached. */
const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;
/** One that starts or stops is away for less; it is said once. */
const UNREACHABLE_WARN_MS = 3000;
/** While this broker has not registered. */
const NO_EPOCH_PAUSE_MS = 100;
/** Chance is drawn in as many steps. */
const CHANCE_STEPS = 1000;

/** The leader has no such session, or not at this point: another one is opened at once. */
const SESSION_ERRORS: ReadonlySet<ErrorName> = new Set([
  'FETCH_SESSION_ID_NOT_FOUND',
  'INVALID_FETCH_SESSION_EPOCH',
  'FETCH_SESSION_TOPIC_ID_ERROR',
]);

type Pause = { readonly timer: Timer };

/**
 * Fetches from one leader, for as long as the broker runs. One session, mostly one request in flight; a second one goes out
 * when there is more to ask for while the first waits at the leader, which then answers the first at once. A partition is
 * asked for while it is `ready`; what came for it is with its log while it is `busy`, and others are asked for meanwhile.
 * Calls come from `ReplicaFetchers`, between any two steps. Ends with `close`.
 *
 * Invariant: an answer reaches a log only if it is one to what would be asked now, so no log gets the same records twice.
 */
export class LeaderFetcher {
  readonly #leader: BrokerId;
  readonly #options: FetcherOptions;
  readonly #replicas = new Map<string, FetchedReplica>();
  readonly #session = new AskedSession(this.#replicas);
  readonly #keeper: ReplicaKeeper;
  /** Of the session as it is now. */
  #inFlight = 0;
  /** In a row, to reach the leader at all. */
  #failures = 0;
  /** The first of them; undefined once the leader's absence was said. */
  #failingSinceMs: number | undefined;
  /** Nothing is sent meanwhile. */
  #pause: Pause | undefined;
  /** Whether `#sendIfDue` is about to run. */
  #isDue = false;
  #isClosed = false;

  constructor(leader: BrokerId, options: FetcherOptions) {
    const { limits, clock, scheduler, log } = options;
    this.#leader = leader;
    this.#options = options;
    const onMoved = ({ key, state }: FetchedReplica): void => {
      // What the leader told it last may have come to nothing.
      if (state === 'delayed') this.#session.distrust(key);
      else this.#session.touch(key);
      this.#sendSoon();
    };
    this.#keeper = new ReplicaKeeper({ leader, limits, clock, scheduler, log, onMoved });
  }

  /** @param before the same replica under an earlier `follow`: it is fetched once that one's log is at rest */
  add(following: Following, topicId: string, before: FetchedReplica | undefined): FetchedReplica {
    const replica = new FetchedReplica(following, topicId);
    this.#replicas.set(replica.key, replica);
    if (before?.running === undefined) this.#keeper.admit(replica);
    else void this.#keeper.run(replica, before.running);
    return replica;
  }

  remove(replica: FetchedReplica): void {
    replica.state = 'ended';
    this.#replicas.delete(replica.key);
    this.#session.touch(replica.key);
    if (this.#replicas.size === 0) this.#failures = 0;
  }

  /** Resolves when no log is at work any more for this fetcher. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const replica of this.#replicas.values()) replica.state = 'ended';
    this.#replicas.clear();
    this.#pause?.timer.cancel();
    await this.#keeper.close();
  }

  /** All that happens before the next promise continues goes into one request. */
  #sendSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#sendIfDue();
    });
  }

  #sendIfDue(): void {
    if (this.#pause !== undefined || this.#isClosed || !this.#hasReady()) return;
    const mayInterrupt = this.#inFlight === 1 && this.#session.isOpen;
    if (this.#inFlight > 0 && !(mayInterrupt && this.#session.hasMoreToAsk())) return;
    const epoch = this.#options.brokerEpoch();
    if (epoch === undefined) this.#pauseFor(NO_EPOCH_PAUSE_MS);
    else void this.#fetch(epoch);
  }

  #hasReady(): boolean {
    for (const { state } of this.#replicas.values()) if (state === 'ready') return true;
    return false;
  }

  async #fetch(epoch: BrokerEpoch): Promise<void> {
    const { peers, brokerId, limits } = this.#options;
    // A session's id has to be known before another request can follow: the leader tells it at once.
    const maxWaitMs = this.#session.isOpen || this.#session.isRefused ? limits.maxWaitMs : 0;
    const request = this.#session.next();
    const message = fetchRequest(request, {
      replicaId: brokerId,
      replicaEpoch: epoch,
      maxWaitMs,
      minBytes: limits.minBytes,
      maxBytes: limits.responseMaxBytes,
      partitionMaxBytes: limits.partitionMaxBytes,
    });
    this.#inFlight++;
    try {
      const deadlineMs = maxWaitMs + limits.requestTimeoutMs;
      const response = await peers.send(this.#leader, 'Fetch', FETCH_VERSION, message, { deadlineMs });
      if (this.#session.isCurrent(request)) this.#onAnswer(request, response);
    } catch (error) {
      if (this.#session.isCurrent(request)) this.#onUnreachable(error);
    }
  }

  #onAnswer(request: SessionRequest, response: PeerResponse<'Fetch'>): void {
    this.#inFlight--;
    const error = errorByCode(response.errorCode).name;
    if (error !== 'NONE') {
      this.#onRefused(error);
      return;
    }
    this.#failures = 0;
    this.#session.onAnswer(request, response.sessionId);
    const works = this.#take(request, response);
    if (works.length > 0 && this.#inFlight === 0) this.#gather(works);
    this.#sendSoon();
  }

  /** Hands what came to the logs. @returns what they do with it */
  #take(request: SessionRequest, { responses }: PeerResponse<'Fetch'>): Promise<void>[] {
    const works: Promise<void>[] = [];
    const strayed: FetchedReplica[] = [];
    for (const { topicId, partitions } of responses) {
      for (const partition of partitions) {
        const replica = this.#replicas.get(sessionKey(topicId, partition.partitionIndex));
        if (replica === undefined) continue;
        if (!this.#session.isAsked(request, replica)) {
          this.#session.onThrownAway(request, replica.key);
          continue;
        }
        const piece = fetchedPiece(partition);
        if (piece.kind === 'refused' && piece.error === 'OFFSET_OUT_OF_RANGE') strayed.push(replica);
        else works.push(this.#keeper.run(replica, applyPiece(replica, piece)));
        if (piece.kind !== 'records') continue;
        replica.returns = 0;
        this.#options.metrics.replicationBytesIn(piece.fetched.records.length);
      }
    }
    if (strayed.length > 0) void this.#bringBack(strayed);
    return works;
  }

  async #bringBack(strayed: readonly FetchedReplica[]): Promise<void> {
    for (const replica of strayed) this.#keeper.occupy(replica);
    const { peers, brokerId, limits } = this.#options;
    const options = { peers, brokerId, requestTimeoutMs: limits.requestTimeoutMs };
    const ends = findLeaderEnds(options, this.#leader, strayed);
    await ends.catch(() => undefined);
    for (const replica of strayed) {
      if (replica.state !== 'busy') continue;
      void this.#keeper.run(replica, returned(replica, ends));
    }
  }

  /** Sends nothing until all of `works` are done, or for a moment. */
  #gather(works: readonly Promise<void>[]): void {
    const pause = this.#pauseFor(GATHER_MS);
    void Promise.all(works).then(() => this.#resume(pause));
  }

  #pauseFor(durationMs: number): Pause {
    this.#pause?.timer.cancel();
    const pause = { timer: this.#options.scheduler.after(durationMs, () => this.#resume(pause)) };
    this.#pause = pause;
    return pause;
  }

  #resume(pause: Pause): void {
    if (this.#pause !== pause) return;
    pause.timer.cancel();
    this.#pause = undefined;
    this.#sendSoon();
  }

  /** The leader refuses the request as a whole. */
  #onRefused(error: ErrorName): void {
    if (SESSION_ERRORS.has(error)) {
      this.#beginAnew();
      this.#sendSoon();
    } else {
      this.#onUnreachable(new LeaderRefusedError(error));
    }
  }

  #onUnreachable(error: unknown): void {
    this.#beginAnew();
    if (this.#isClosed) return;
    this.#failures++;
    this.#noteFailure(error);
    const longestMs = exponentialDelayMs(this.#failures, SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS);
    this.#pauseFor(longestMs * (0.5 + this.#options.random.below(CHANCE_STEPS) / (2 * CHANCE_STEPS)));
  }

  #noteFailure(error: unknown): void {
    const nowMs = this.#options.clock.steadyMs();
    if (this.#failures === 1) this.#failingSinceMs = nowMs;
    if (this.#failingSinceMs === undefined || nowMs - this.#failingSinceMs < UNREACHABLE_WARN_MS) return;
    this.#failingSinceMs = undefined;
    this.#options.log.warn({ leader: this.#leader, err: error }, 'cannot reach a leader');
  }

  #beginAnew(): void {
    this.#session.beginAnew();
    this.#inFlight = 0;
  }
}

/**
 * Brings a replica back into its leader's range. Where it had been brought back before, and the leader has had no records for
 * it since, it is asked for again only after a while.
 */
const returned = async (replica: FetchedReplica, ends: ReturnType<typeof findLeaderEnds>): Promise<void> => {
  await returnIntoRange(replica, (await ends)(replica));
  replica.returns++;
  if (replica.returns > 1) throw new LeaderRefusedError('OFFSET_OUT_OF_RANGE');
};
