import { LogDirFailedError } from '../storage-errors.ts';

/** A log, as the group commit of its directory sees it. No two calls of the same method overlap. */
export interface CommitTarget {
  /** Writes what is pending; answers whether the log is due to be flushed. */
  write(): Promise<boolean>;
  /** Flushes what had been written when the call began, and acknowledges it. */
  flush(): Promise<void>;
  /** The directory has failed: nothing pending will be acknowledged. */
  fail(error: LogDirFailedError): void;
}

/**
 * The group commit of one log directory: two loops over the logs that have something to do.
 *
 * The write loop takes all logs with pending batches and writes each with one writev. The flush loop takes all logs
 * that were written meanwhile and flushes each file with one fdatasync. So what arrives while a flush is in flight
 * shares the next one, over all partitions of the directory; on a journalling file system the flushes of one turn
 * share a journal commit as well.
 *
 * Invariant: after a failed write or flush, no call of a target is started and nothing is acknowledged: a file system
 * may drop the pages it failed to write and report success the next time.
 */
export class GroupCommit {
  readonly #dir: string;
  readonly #maxParallel: number;
  readonly #onFailure: (error: LogDirFailedError) => void;
  readonly #targets = new Set<CommitTarget>();
  #toWrite = new Set<CommitTarget>();
  #toFlush = new Set<CommitTarget>();
  #writing = false;
  #flushing = false;
  #failure: LogDirFailedError | undefined;
  #idleWaiters: (() => void)[] = [];

  /** @param maxParallel files that are written, and as many flushed, at a time */
  constructor(dir: string, maxParallel: number, onFailure: (error: LogDirFailedError) => void) {
    this.#dir = dir;
    this.#maxParallel = maxParallel;
    this.#onFailure = onFailure;
  }

  get failure(): LogDirFailedError | undefined {
    return this.#failure;
  }

  /** Lets a log take part, so that it hears of a failure of its directory. */
  join(target: CommitTarget): void {
    this.#targets.add(target);
  }

  leave(target: CommitTarget): void {
    this.#targets.delete(target);
  }

  /** The log has something to write. */
  submit(target: CommitTarget): void {
    this.#toWrite.add(target);
    if (!this.#writing && this.#failure === undefined) void this.#writeLoop();
  }

  /** Resolves when both loops have nothing left to do, or the directory has failed. */
  async idle(): Promise<void> {
    while (this.#writing || this.#flushing) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  /** Takes the directory offline. Whoever finds an error elsewhere, in a read or a rename, calls it too. */
  fail(cause: unknown): LogDirFailedError {
    if (this.#failure !== undefined) return this.#failure;
    const failure = cause instanceof LogDirFailedError ? cause : new LogDirFailedError(this.#dir, cause);
    this.#failure = failure;
    this.#toWrite.clear();
    this.#toFlush.clear();
    for (const target of this.#targets) target.fail(failure);
    this.#onFailure(failure);
    return failure;
  }

  /** Lets the code that is running end first, so that all it appends is written together. */
  async #writeLoop(): Promise<void> {
    this.#writing = true;
    await undefined;
    while (this.#toWrite.size > 0) {
      const targets = this.#toWrite;
      this.#toWrite = new Set();
      await this.#forEach(targets, async (target) => {
        if (await target.write()) this.#toFlush.add(target);
      });
      if (!this.#flushing && this.#toFlush.size > 0) void this.#flushLoop();
    }
    this.#writing = false;
    this.#wakeIfIdle();
  }

  async #flushLoop(): Promise<void> {
    this.#flushing = true;
    while (this.#toFlush.size > 0) {
      const targets = this.#toFlush;
      this.#toFlush = new Set();
      await this.#forEach(targets, (target) => target.flush());
    }
    this.#flushing = false;
    this.#wakeIfIdle();
  }

  async #forEach(targets: Set<CommitTarget>, act: (target: CommitTarget) => Promise<void>): Promise<void> {
    const rest = targets.values();
    const worker = async (): Promise<void> => {
      for (const target of rest) {
        if (this.#failure !== undefined) return;
        try {
          await act(target);
        } catch (error) {
          this.fail(error);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.#maxParallel, targets.size) }, worker));
  }

  #wakeIfIdle(): void {
    if (this.#writing || this.#flushing) return;
    const waiters = this.#idleWaiters;
    this.#idleWaiters = [];
    for (const wake of waiters) wake();
  }
}
