import { setImmediate as endOfTurn } from 'node:timers/promises';
import type { LoggedTxn } from '../../txn/txn.ts';
import type { Journal } from '../engine/peer.ts';
import { DurabilityWaiters } from './durability-waiters.ts';
import type { FileSystem } from './file-system.ts';
import { LogFile } from './log-file.ts';
import { TxnLogFailedError } from './persistence-errors.ts';
import type { RecoveryPointFile } from './recovery-point.ts';
import { encodeTxnEntry } from './txn-entry.ts';

/** Who is told what became of the transactions. Called from the event loop, never from within `append`. */
export interface TxnLogListener {
  /** All transactions up to this one are on the disk. */
  durable(zxid: number): void;
  /** Once: nothing after the last that was durable will ever be. */
  failed(error: TxnLogFailedError): void;
  /** Enough was logged since the last snapshot. Said once for each. */
  snapshotDue(): void;
}

export type TxnLogOptions = {
  /** `fsync`: a transaction is durable when it is on the disk. `none`: when the system has it, lost if that dies. */
  readonly sync: 'fsync' | 'none';
  /** Transactions, and bytes of them, after which a snapshot is due. */
  readonly snapCount: number;
  readonly snapSizeBytes: number;
  /** By how much a file is lengthened at a time; 0: not at all. */
  readonly preallocateBytes: number;
};

/** What goes to the disk together, into one file. */
type Group = { readonly chunks: Buffer[]; readonly firstZxid: number; lastZxid: number; readonly beginsFile: boolean };

/**
 * The transaction log of a server. The engine appends to it; one write and one flush take all that was appended while
 * the last flush was under way. It begins a new file at each start of the server and at each snapshot.
 *
 * Invariant: after a write or a flush that failed nothing is written, and nothing is reported durable: the system may
 * have dropped the pages that it failed to write, and would report success the next time.
 *
 * It ends with `close`, or when it fails.
 */
export class TxnLog implements Journal {
  readonly #fs: FileSystem;
  readonly #directory: string;
  readonly #recoveryPoint: RecoveryPointFile;
  readonly #options: TxnLogOptions;
  readonly #waiters: DurabilityWaiters;
  #listener: TxnLogListener | undefined;
  #groups: Group[] = [];
  #file: LogFile | undefined;
  #appendedZxid: number;
  #beginsFile = true;
  #loggedCount: number;
  #loggedBytes = 0;
  #isSnapshotAnnounced = false;
  #running: Promise<void> | undefined;
  /** The write of the recovery point that is under way, or was the last. */
  #noting: Promise<void> = Promise.resolve();
  #isClosed = false;

  /**
   * @param start last transaction that is logged, and how many are after the last snapshot
   * @internal use `openDataDir`
   */
  constructor(
    fs: FileSystem,
    directory: string,
    recoveryPoint: RecoveryPointFile,
    start: { readonly lastZxid: number; readonly txnsSinceSnapshot: number },
    options: TxnLogOptions,
  ) {
    this.#fs = fs;
    this.#directory = directory;
    this.#recoveryPoint = recoveryPoint;
    this.#options = options;
    this.#waiters = new DurabilityWaiters(start.lastZxid);
    this.#appendedZxid = start.lastZxid;
    this.#loggedCount = start.txnsSinceSnapshot;
  }

  /** The transaction up to which all are durable. */
  get durableZxid(): number {
    return this.#waiters.durableZxid;
  }

  get failure(): TxnLogFailedError | undefined {
    return this.#waiters.failure;
  }

  /** There is one listener; it hears of what happens from now on. */
  listen(listener: TxnLogListener): void {
    this.#listener = listener;
  }

  /**
   * Takes a transaction; the listener is told when it is durable. After a failure it is dropped.
   *
   * @throws RangeError if its zxid does not come after the last one
   */
  append(logged: LoggedTxn): void {
    if (this.#isClosed) throw new Error('The transaction log is closed');
    if (this.failure !== undefined) return;
    const { zxid } = logged.header;
    if (zxid <= this.#appendedZxid) throw new RangeError(`Transaction ${zxid} follows ${this.#appendedZxid}`);
    const entry = encodeTxnEntry(logged);
    this.#groupFor(zxid).chunks.push(entry);
    this.#appendedZxid = zxid;
    this.#running ??= this.#run();
  }

  /** The next transaction begins a new file: a snapshot of all before it is about to be written. */
  roll(): void {
    this.#beginsFile = true;
    this.#loggedCount = 0;
    this.#loggedBytes = 0;
    this.#isSnapshotAnnounced = false;
  }

  /** Resolves when all transactions up to `zxid` are durable; rejects with the failure if they will not be. */
  async untilDurable(zxid: number): Promise<void> {
    if (zxid > this.#appendedZxid) throw new RangeError(`Transaction ${zxid} was not appended`);
    await this.#waiters.until(zxid);
  }

  /** Resolves when all that was appended is durable and the file is closed. After a failure it only closes. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#running;
    const file = this.#file;
    try {
      if (file !== undefined && this.failure === undefined) await this.#finish(file);
    } catch (error) {
      this.#fail(error);
    } finally {
      await this.#noting.catch(() => {});
      await file?.close();
      await this.#recoveryPoint.close();
    }
  }

  #groupFor(zxid: number): Group {
    const last = this.#groups.at(-1);
    if (last !== undefined && !this.#beginsFile) {
      last.lastZxid = zxid;
      return last;
    }
    const group: Group = { chunks: [], firstZxid: zxid, lastZxid: zxid, beginsFile: this.#beginsFile };
    this.#beginsFile = false;
    this.#groups.push(group);
    return group;
  }

  /** Lets all requests that have come in the same turn of the event loop into the first group. */
  async #run(): Promise<void> {
    await endOfTurn();
    for (let group = this.#groups.shift(); group !== undefined; group = this.#groups.shift()) {
      try {
        await this.#commit(group);
      } catch (error) {
        this.#fail(error);
        break;
      }
      this.#committed(group);
    }
    this.#running = undefined;
  }

  async #commit(group: Group): Promise<void> {
    const file = await this.#fileFor(group);
    if (this.#options.sync === 'none') {
      await file.append(group.chunks);
      return;
    }
    await bothOf(this.#noting, file.append(group.chunks));
    await file.sync();
    this.#noting = this.#recoveryPoint.write({ logZxid: file.zxid, position: file.flushedPosition });
    // Whoever waits for it hears of its failure: the next group, or `close`.
    this.#noting.catch(() => {});
  }

  async #fileFor({ beginsFile, firstZxid }: Group): Promise<LogFile> {
    if (this.#file !== undefined && !beginsFile) return this.#file;
    const last = this.#file;
    await this.#noting;
    await last?.finish();
    // Its end is there before the next one is, also where transactions are not flushed one by one.
    await last?.sync();
    this.#file = await LogFile.create(this.#fs, this.#directory, firstZxid, this.#options.preallocateBytes);
    await last?.close();
    // On the disk before the first transaction is, so that none of the file is taken for another's.
    await this.#recoveryPoint.write({ logZxid: firstZxid, position: 0 });
    await this.#recoveryPoint.sync();
    return this.#file;
  }

  #committed(group: Group): void {
    this.#loggedCount += group.chunks.length;
    this.#loggedBytes += group.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    this.#waiters.durable(group.lastZxid);
    this.#listener?.durable(group.lastZxid);
    const { snapCount, snapSizeBytes } = this.#options;
    if (this.#isSnapshotAnnounced || (this.#loggedCount < snapCount && this.#loggedBytes < snapSizeBytes)) return;
    this.#isSnapshotAnnounced = true;
    this.#listener?.snapshotDue();
  }

  async #finish(file: LogFile): Promise<void> {
    await this.#noting;
    await file.finish();
    await file.sync();
    await this.#recoveryPoint.write({ logZxid: file.zxid, position: file.flushedPosition });
    await this.#recoveryPoint.sync();
  }

  #fail(cause: unknown): void {
    const failure = new TxnLogFailedError(cause);
    this.#groups = [];
    this.#waiters.fail(failure);
    this.#listener?.failed(failure);
  }
}

/** Both have ended, whatever came of them, when it resolves or rejects. */
async function bothOf(one: Promise<void>, other: Promise<void>): Promise<void> {
  const failed = (await Promise.allSettled([one, other])).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
