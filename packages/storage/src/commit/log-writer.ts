import { type Offset, offset } from '@barnabas/model';
import { writeFully } from '../fs/write-fully.ts';
import type { IndexStore } from '../index-file/entry-file.ts';
import type { Segment } from '../segment/segment.ts';
import { FileOperationError, type LogDirFailedError } from '../storage-errors.ts';
import type { CommitTarget, GroupCommit } from './group-commit.ts';
import type { PendingOp, Roll } from './pending-op.ts';
import { RecentBatches, type RecentBudget } from './recent-batches.ts';
import { Waiters } from './waiters.ts';

/**
 * A round writes no more than so many bytes, if it can: while they are written and flushed, those who wait for them can
 * go on, and the bytes of the next round are checked. Larger rounds leave the disk idle meanwhile, and it them.
 */
const ROUND_BYTES = 512 * 1024;

/** Index entries are saved once so many bytes of them have gathered. */
const INDEX_SAVE_BYTES = 4096;

/**
 * When an append is acknowledged: `group` after its bytes were flushed, `os` once they are in the page cache, or
 * flushed too if more than `flushMessages` records would otherwise be unflushed.
 */
export type FlushPolicy = { readonly mode: 'group' | 'os'; flushMessages: number };

export type LogWriterOptions = {
  readonly dir: string;
  readonly store: IndexStore;
  readonly commit: GroupCommit;
  readonly policy: FlushPolicy;
  /** Of the log as it was opened: what it holds, and what of that survives a power cut. */
  readonly end: Offset;
  readonly flushed: Offset;
  readonly recentBudget: RecentBudget;
};

/**
 * The disk side of one log: carries out what the log has decided, in order, and says how far it got.
 *
 * The log calls `enqueue` and goes on; the group commit of the directory calls `write` and `flush`. The two may run at
 * the same time: a flush covers what had been written when it began.
 *
 * Invariant: `flushedEndOffset <= writtenEndOffset`, and neither moves past bytes that are not there.
 */
export class LogWriter implements CommitTarget {
  readonly #dir: string;
  readonly #store: IndexStore;
  readonly #commit: GroupCommit;
  readonly policy: FlushPolicy;
  /** Of those that were appended as a leader. */
  readonly recent: RecentBatches;
  /** Called after the written or the flushed end may have moved. It must not throw. */
  onProgress: () => void = () => {};
  #ops: PendingOp[] = [];
  #writtenEnd: Offset;
  #flushedEnd: Offset;
  /** Segments with bytes that no flush has begun to cover. */
  #unflushed = new Set<Segment>();
  /** Segments that were closed, each with its follower, whose indexes and snapshot are not flushed either. */
  #unflushedRolls: Roll[] = [];
  /** Transaction indexes with entries that no flush has begun to cover. */
  #unflushedAborts = new Set<Segment>();
  #unflushedNames = false;
  /** A flush is wanted, whatever the policy, once so many ops have been written. */
  #flushWantedAt = 0;
  /** Number of ops that were enqueued, and of those that were written. */
  #enqueuedOps = 0;
  #writtenOps = 0;
  readonly #written = new Waiters(0);
  readonly #flushed = new Waiters(0);

  constructor({ dir, store, commit, policy, end, flushed, recentBudget }: LogWriterOptions) {
    this.#dir = dir;
    this.#store = store;
    this.#commit = commit;
    this.policy = policy;
    this.recent = new RecentBatches(recentBudget);
    this.#writtenEnd = end;
    this.#flushedEnd = flushed;
    commit.join(this);
  }

  /** End of what is in the files and may be read. */
  get writtenEndOffset(): Offset {
    return this.#writtenEnd;
  }

  /** End of what survives a power cut. */
  get flushedEndOffset(): Offset {
    return this.#flushedEnd;
  }

  /**
   * End of what is as safe as the policy asks for. In mode `os` no more than `flushMessages` records, less one, lie beyond
   * what is flushed.
   */
  get safeEndOffset(): Offset {
    if (this.policy.mode === 'group') return this.#flushedEnd;
    return offset(Math.min(this.#writtenEnd, this.#flushedEnd + this.policy.flushMessages - 1));
  }

  enqueue(op: PendingOp): void {
    this.#ops.push(op);
    this.#enqueuedOps++;
    this.#commit.submit(this);
  }

  /**
   * Resolves when all that was enqueued so far, up to log end `end`, is as safe as the policy asks for; rejects when
   * the log directory fails first.
   */
  acknowledged(end: Offset): Promise<void> {
    if (this.policy.mode === 'group') return this.#flushed.until(this.#enqueuedOps);
    if (end - this.#flushedEnd >= this.policy.flushMessages) return this.flushAll();
    return this.#written.until(this.#enqueuedOps);
  }

  /** Resolves when all that was enqueued so far is in the files, and so readable. */
  written(): Promise<void> {
    return this.#written.until(this.#enqueuedOps);
  }

  /** Writes and flushes all that was enqueued so far, whatever the policy. */
  async flushAll(): Promise<void> {
    if (this.#commit.failure !== undefined) throw this.#commit.failure;
    this.#flushWantedAt = this.#enqueuedOps;
    this.#commit.submit(this);
    await this.#flushed.until(this.#enqueuedOps);
  }

  /** The log was cut or filled anew behind the writer's back, with nothing pending. */
  reset(end: Offset, flushed: Offset): void {
    this.#writtenEnd = end;
    this.#flushedEnd = flushed;
    this.recent.clear();
  }

  /** Segments that are being removed need no flush. */
  forget(segments: readonly Segment[]): void {
    for (const segment of segments) {
      this.#unflushed.delete(segment);
      this.#unflushedAborts.delete(segment);
    }
    this.#unflushedRolls = this.#unflushedRolls.filter(({ closed }) => !segments.includes(closed));
  }

  leave(): void {
    this.recent.clear();
    this.#commit.leave(this);
  }

  async write(): Promise<boolean> {
    const ops = this.#takeRound();
    let rolled = false;
    for (let from = 0; from < ops.length; ) {
      const to = endOfRun(ops, from);
      const first = ops[from];
      if (first?.kind === 'batch') await this.#writeRun(first.segment, ops, from, to);
      else if (first !== undefined) await this.#carryOut(first);
      rolled ||= first?.kind === 'roll';
      from = to;
    }
    this.#writtenOps += ops.length;
    this.#written.resolveUpTo(this.#writtenOps);
    this.onProgress();
    return this.#dueForFlush(rolled);
  }

  async flush(): Promise<void> {
    const [end, sequence] = [this.#writtenEnd, this.#writtenOps];
    const [segments, rolls, names] = [this.#unflushed, this.#unflushedRolls, this.#unflushedNames];
    const aborts = this.#unflushedAborts;
    this.#unflushedAborts = new Set();
    this.#unflushed = new Set();
    this.#unflushedRolls = [];
    this.#unflushedNames = false;
    await Promise.all([
      ...[...segments].map((segment) => this.#sync(segment.logPath)),
      ...[...aborts].map((segment) => this.#sync(segment.pathOf('.txnindex'))),
      ...rolls.map((roll) => this.#syncRoll(roll)),
    ]);
    if (names) await this.#store.handles.fs.syncDirectory(this.#dir);
    this.#flushedEnd = end;
    this.#flushed.resolveUpTo(sequence);
    this.onProgress();
  }

  fail(error: LogDirFailedError): void {
    this.#ops = [];
    this.#written.rejectAll(error);
    this.#flushed.rejectAll(error);
  }

  /** A closed segment is flushed soon after in any case, so that recovery never has to look at more than one or two. */
  #dueForFlush(rolled: boolean): boolean {
    const wanted = this.#flushed.done < this.#flushWantedAt && this.#flushWantedAt <= this.#writtenOps;
    return (
      this.policy.mode === 'group' ||
      rolled ||
      wanted ||
      this.#writtenEnd - this.#flushedEnd >= this.policy.flushMessages
    );
  }

  /** Takes out the ops for one round; where some are left, the next round is asked for. */
  #takeRound(): PendingOp[] {
    const left = this.#ops.splice(endOfRound(this.#ops));
    const ops = this.#ops;
    this.#ops = left;
    if (left.length > 0) this.#commit.submit(this);
    return ops;
  }

  /** One writev for the batches `from` to `to - 1`, which follow each other in one segment. */
  async #writeRun(segment: Segment, ops: readonly PendingOp[], from: number, to: number): Promise<void> {
    const chunks: Buffer[] = [];
    let position = 0;
    let bytes = 0;
    let end = this.#writtenEnd;
    for (let index = from; index < to; index++) {
      const op = ops[index];
      if (op?.kind !== 'batch') continue;
      if (chunks.length === 0) position = op.position;
      chunks.push(op.bytes);
      bytes += op.bytes.length;
      end = op.nextOffset;
    }
    await this.#guard('writing', segment.logPath, position, () =>
      this.#store.handles.use(segment.logPath, 'write', (file) => writeFully(file, chunks, position)),
    );
    // Not before: a flush that began during the write does not cover it.
    this.#unflushed.add(segment);
    segment.writtenBytes = position + bytes;
    this.#writtenEnd = end;
    for (const op of ops.slice(from, to)) {
      if (op.kind === 'batch' && op.isSoonRead) this.recent.keep(segment, op.position, op.bytes);
    }
    const { offset, time } = segment.openIndexes;
    if (offset.file.unsavedBytes + time.file.unsavedBytes < INDEX_SAVE_BYTES) return;
    await offset.file.save();
    await time.file.save();
  }

  async #carryOut(op: PendingOp): Promise<void> {
    switch (op.kind) {
      case 'batch':
        return;
      case 'roll':
        return this.#roll(op);
      case 'abort':
        return this.#appendAborted(op.segment, op.entry);
    }
  }

  async #roll(roll: Roll): Promise<void> {
    const { closed, opened, snapshot } = roll;
    const { offset, time } = closed.openIndexes;
    await offset.file.save();
    await time.file.save();
    await this.#writeFile(opened.pathOf('.snapshot'), snapshot);
    this.#unflushed.add(closed);
    this.#unflushedRolls.push(roll);
    await createSegmentFiles(this.#store, opened);
    this.#unflushedNames = true;
  }

  /** A transaction index is small and rarely written: its entries go straight to the end of the file. */
  async #appendAborted(segment: Segment, entry: Buffer): Promise<void> {
    const path = segment.pathOf('.txnindex');
    await this.#guard('writing', path, 0, () =>
      this.#store.handles.use(path, 'write', async (file) => {
        await writeFully(file, [entry], await file.sizeBytes());
      }),
    );
    this.#unflushedAborts.add(segment);
    this.#unflushedNames = true;
  }

  async #writeFile(path: string, bytes: Buffer): Promise<void> {
    await this.#guard('writing', path, 0, () =>
      this.#store.handles.use(path, 'write', async (file) => {
        await file.truncate(0);
        await writeFully(file, [bytes], 0);
      }),
    );
  }

  async #syncRoll({ closed, opened }: Roll): Promise<void> {
    const { offset, time } = await closed.indexes();
    await offset.file.sync();
    await time.file.sync();
    await this.#sync(opened.pathOf('.snapshot'));
  }

  async #sync(path: string): Promise<void> {
    await this.#guard('flushing', path, 0, () => this.#store.handles.use(path, 'write', (file) => file.sync()));
  }

  async #guard(operation: string, path: string, position: number, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      throw new FileOperationError(operation, path, position, error);
    }
  }
}

/** Makes the `.log` and the two index files of a new segment, empty. */
export const createSegmentFiles = async (store: IndexStore, segment: Segment): Promise<void> => {
  for (const suffix of ['.log', '.index', '.timeindex'] as const) {
    await store.handles.use(segment.pathOf(suffix), 'write', (file) => file.truncate(0));
  }
};

/** One past the last op of a round: at least one, and no more bytes than a round may have. */
const endOfRound = (ops: readonly PendingOp[]): number => {
  let bytes = 0;
  const beyond = ops.findIndex((op) => {
    if (op.kind === 'batch') bytes += op.bytes.length;
    return bytes > ROUND_BYTES;
  });
  return beyond < 0 ? ops.length : Math.max(1, beyond);
};

/** One past the last op that can be written together with the one at `from`. */
const endOfRun = (ops: readonly PendingOp[], from: number): number => {
  const first = ops[from];
  if (first?.kind !== 'batch') return from + 1;
  let to = from + 1;
  for (let next = ops[to]; next?.kind === 'batch' && next.segment === first.segment; next = ops[to]) to++;
  return to;
};
