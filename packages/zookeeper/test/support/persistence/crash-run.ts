import { createHash } from 'node:crypto';
import type { Random } from '@barnabas/model';
import { chance, pick, SimulatedDisk, seededRandom } from '@barnabas/testkit';
import { type DataDir, openDataDir } from '../../../src/server/persistence/data-dir.ts';
import type { FileSystem } from '../../../src/server/persistence/file-system.ts';
import type { LoggedTxn } from '../../../src/txn/txn.ts';
import { nodeRecord } from './images.ts';
import { DATA_DIR } from './simulated.ts';
import { fingerprint, txnOf } from './txns.ts';

/** The directory broke a promise, as opposed to an error of the test itself. */
export class CheckFailure extends Error {}

export type Death = 'powerFailure' | 'kill' | 'close';

export type CrashRunOptions = {
  readonly seed: number;
  /** Of which one ends each life. */
  readonly deaths?: readonly Death[];
  readonly sync?: 'fsync' | 'none';
  /** Leaves something out that safety rests on. */
  readonly wrap?: (fs: FileSystem) => FileSystem;
};

/** What a run has met with, to see that it meets with all. */
export type Reached = Record<
  'powerFailure' | 'kill' | 'close' | 'lost' | 'unacknowledgedKept' | 'fromSnapshot',
  number
>;

const LIVES = 6;
const DEATHS: readonly Death[] = ['powerFailure', 'powerFailure', 'kill', 'close'];
/** Some are larger than a page, so that a group has pages of its own to lose. */
const SIZES = [0, 10, 300, 5000, 12_000];

/**
 * Lives of a server on one simulated disk: it appends, takes snapshots and purges, and dies: its power fails, it is
 * killed, or it closes in order. At each start: all that was acknowledged is there, nothing is there that was not
 * appended, and a snapshot has what had been appended up to its zxid.
 *
 * @throws CheckFailure
 */
export async function crashRun(runOptions: CrashRunOptions): Promise<Reached> {
  const { seed, deaths = DEATHS, sync = 'fsync', wrap = (fs) => fs } = runOptions;
  const random = seededRandom(seed);
  const disk = new SimulatedDisk(random);
  disk.faults.shortWriteChance = chance(random, 0.5) ? 0.2 : 0;
  disk.faults.writeBackChance = chance(random, 0.5) ? 0.1 : 0.6;
  const run = new Run(random, disk);
  for (let life = 0; life < LIVES; life++) {
    const process = disk.newProcess();
    const options = { dataDir: DATA_DIR, fs: wrap(process), preallocateBytes: 32 * 1024, sync } as const;
    const dataDir = await openDataDir(options).catch((error: Error) => {
      throw new CheckFailure(`life ${life} did not open: ${error.message}`, { cause: error });
    });
    run.check(dataDir);
    await run.live(dataDir, life);
    await run.end(dataDir, process, pick(random, deaths), sync);
  }
  return run.reached;
}

class Run {
  readonly reached: Reached = { powerFailure: 0, kill: 0, close: 0, lost: 0, unacknowledgedKept: 0, fromSnapshot: 0 };
  readonly #random: Random;
  readonly #disk: SimulatedDisk;
  /** By zxid, from 1 on. */
  #appended: LoggedTxn[] = [];
  #acknowledged = 0;

  constructor(random: Random, disk: SimulatedDisk) {
    this.#random = random;
    this.#disk = disk;
  }

  /** What was found is what there is from now on. */
  check({ image, txns }: DataDir): void {
    const lastZxid = image.lastZxid + txns.length;
    const acknowledged = this.#acknowledged;
    if (lastZxid < acknowledged) throw new CheckFailure(`${acknowledged} was acknowledged, ${lastZxid} is the last`);
    if (lastZxid > this.#appended.length) throw new CheckFailure(`${lastZxid} was never appended`);
    for (const [index, txn] of txns.entries()) {
      const expected = this.#appended[image.lastZxid + index];
      if (expected === undefined || fingerprint(txn) !== fingerprint(expected)) {
        throw new CheckFailure(`what is there as ${txn.header.zxid} was not appended so`);
      }
    }
    const [, root] = [...image.nodes][0] ?? [];
    if (image.lastZxid > 0 && String(root?.data) !== this.#digest(image.lastZxid)) {
      throw new CheckFailure(`the snapshot of ${image.lastZxid} has something else`);
    }
    if (image.lastZxid > 0) this.reached.fromSnapshot++;
    if (lastZxid < this.#appended.length) this.reached.lost++;
    if (lastZxid > acknowledged) this.reached.unacknowledgedKept++;
    this.#appended.length = lastZxid;
    this.#acknowledged = lastZxid;
  }

  async live(dataDir: DataDir, life: number): Promise<void> {
    const { txnLog, saveSnapshot, purge } = dataDir;
    txnLog.listen({
      durable: (zxid) => {
        this.#acknowledged = zxid;
      },
      failed: () => {},
      snapshotDue: () => {},
    });
    for (let step = this.#random.below(25); step > 0; step--) {
      for (let count = this.#random.below(8); count > 0; count--) this.#append(txnLog, life);
      if (chance(this.#random, 0.15)) ignoreDeath(saveSnapshot(this.#image()));
      if (chance(this.#random, 0.1)) ignoreDeath(purge(2));
      await turns(this.#random.below(12));
    }
  }

  async end(dataDir: DataDir, process: { kill(): void }, death: Death, sync: 'fsync' | 'none'): Promise<void> {
    this.reached[death]++;
    if (death === 'close') await dataDir.close();
    else if (death === 'kill') process.kill();
    else this.#disk.crash();
    // Nothing was promised for this case.
    if (death === 'powerFailure' && sync === 'none') this.#acknowledged = 0;
  }

  #append(txnLog: DataDir['txnLog'], life: number): void {
    const sizeBytes = pick(this.#random, SIZES);
    const txn = txnOf(this.#appended.length + 1, { maker: `life ${life}`, sizeBytes });
    this.#appended.push(txn);
    txnLog.append(txn);
  }

  #image(): DataDir['image'] {
    const lastZxid = this.#appended.length;
    const root = nodeRecord({ data: Buffer.from(this.#digest(lastZxid)) });
    return { lastZxid, sessions: new Map(), nodes: [['/', root]] };
  }

  /** Of all up to that zxid. */
  #digest(zxid: number): string {
    const hash = createHash('sha1');
    for (const txn of this.#appended.slice(0, zxid)) hash.update(fingerprint(txn));
    return hash.digest('hex');
  }
}

/** What a process that dies was doing rejects. */
function ignoreDeath(promise: Promise<unknown>): void {
  promise.catch(() => {});
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}
