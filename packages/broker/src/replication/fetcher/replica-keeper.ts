import type { BrokerId } from '@barnabas/model';
import { type AfterFailure, afterFailure } from './after-failure.ts';
import { Delays } from './delays.ts';
import { exponentialDelayMs } from './exponential-delay.ts';
import type { FetchedReplica } from './fetched-replica.ts';
import type { FetcherOptions } from './fetcher-options.ts';
import { LeaderRefusedError } from './leader-refused-error.ts';

/** The first pause of a partition, as a part of the longest. */
const FIRST_BACK_OFF_PART = 32;
/** In a row: a leader may hear of its office, or of a topic, a little later than those who follow, or sooner that it is gone. */
const REFUSALS_TO_WARN = 6;
/** Until a log that is still flushing is looked at again. */
const UNFLUSHED_PAUSE_MS = 5;

export type ReplicaKeeperOptions = Pick<FetcherOptions, 'limits' | 'clock' | 'scheduler' | 'log'> & {
  readonly leader: BrokerId;
  /** A replica is in another state, or stands elsewhere. */
  readonly onMoved: (replica: FetchedReplica) => void;
};

/**
 * Moves the replicas of one fetcher from state to state: has their logs work, one thing at a time each, and decides what
 * becomes of those that fail. Ends with `close`.
 *
 * Invariant: a replica that was `ended` stays so; what its log was doing then changes nothing any more.
 */
export class ReplicaKeeper {
  readonly #options: ReplicaKeeperOptions;
  readonly #delays: Delays<FetchedReplica>;
  /** What logs are doing; none of these rejects. */
  readonly #running = new Set<Promise<void>>();

  constructor(options: ReplicaKeeperOptions) {
    this.#options = options;
    this.#delays = new Delays(options.clock, options.scheduler, (replicas) => {
      for (const replica of replicas) if (replica.state === 'delayed') this.admit(replica);
    });
  }

  /** It may be asked for, once all that is in its log is flushed. */
  admit(replica: FetchedReplica): void {
    const { fetchOffset, logEndOffset } = replica.partition;
    if (fetchOffset < logEndOffset) this.#delay(replica, UNFLUSHED_PAUSE_MS);
    else this.#move(replica, 'ready');
  }

  /** It is not asked for while something is found out about it. */
  occupy(replica: FetchedReplica): void {
    this.#move(replica, 'busy');
  }

  /** Keeps it busy until its log has done `work`, then admits it or has it back off. What comes back never rejects. */
  run(replica: FetchedReplica, work: Promise<void>): Promise<void> {
    this.occupy(replica);
    const running = this.#settle(replica, work).finally(() => {
      this.#running.delete(running);
      if (replica.running === running) replica.running = undefined;
    });
    this.#running.add(running);
    replica.running = running;
    return running;
  }

  /** Resolves when no log is at work any more. The replicas have to be `ended` before. */
  async close(): Promise<void> {
    this.#delays.clear();
    await Promise.all(this.#running);
  }

  async #settle(replica: FetchedReplica, work: Promise<void>): Promise<void> {
    try {
      await work;
      if (replica.state !== 'busy') return;
      replica.failures = 0;
      replica.lastFailure = undefined;
      this.admit(replica);
    } catch (error) {
      if (replica.state === 'busy') this.#onFailed(replica, error);
    }
  }

  #onFailed(replica: FetchedReplica, error: unknown): void {
    const outcome = afterFailure(error);
    replica.failures++;
    this.#logFailure(replica, error, outcome);
    if (outcome !== 'retry') {
      this.#move(replica, 'ended');
      return;
    }
    const { backOffMs } = this.#options.limits;
    this.#delay(replica, exponentialDelayMs(replica.failures, backOffMs / FIRST_BACK_OFF_PART, backOffMs));
  }

  #delay(replica: FetchedReplica, delayMs: number): void {
    this.#move(replica, 'delayed');
    this.#delays.add(replica, delayMs);
  }

  #move(replica: FetchedReplica, state: FetchedReplica['state']): void {
    replica.state = state;
    this.#options.onMoved(replica);
  }

  #logFailure(replica: FetchedReplica, error: unknown, outcome: AfterFailure): void {
    const message = error instanceof Error ? error.message : String(error);
    const isBrief = error instanceof LeaderRefusedError && outcome === 'retry' && replica.failures < REFUSALS_TO_WARN;
    if (isBrief || replica.lastFailure === message) return;
    replica.lastFailure = message;
    const { leader, log } = this.#options;
    // A leader that refuses is sound, and so are we: where in the code we are says nothing.
    const cause = error instanceof LeaderRefusedError ? { reason: message } : { err: error };
    const fields = { partition: replica.name, leader, leaderEpoch: replica.leaderEpoch, ...cause };
    if (outcome === 'broken') log.error(fields, 'cannot follow any longer, until the controller says so again');
    else if (outcome === 'retry') log.warn(fields, 'cannot follow at the moment');
    else log.info(fields, 'following has ended');
  }
}
