import type { Engine } from './engine/engine.ts';
import type { Logger } from './logger.ts';
import type { OpenDataDir } from './persistence/data-dir.ts';

type SnapshotDir = Pick<OpenDataDir, 'saveSnapshot' | 'purge'>;

/**
 * Writes snapshots of the tree while the server goes on, one at a time, and removes the oldest ones. Where it cannot, it
 * says so in the log: nothing is lost as long as the transactions are there.
 */
export class SnapshotKeeper {
  readonly #dataDir: SnapshotDir;
  readonly #engine: Engine;
  readonly #keepCount: number;
  readonly #logger: Logger;
  #savedZxid: number;
  #takenCount = 0;
  #running: Promise<void> = Promise.resolve();

  /** @param savedZxid that of the snapshot that was read */
  constructor(dataDir: SnapshotDir, savedZxid: number, engine: Engine, keepCount: number, logger: Logger) {
    this.#dataDir = dataDir;
    this.#engine = engine;
    this.#keepCount = keepCount;
    this.#logger = logger;
    this.#savedZxid = savedZxid;
  }

  /** Snapshots since the start. */
  get takenCount(): number {
    return this.#takenCount;
  }

  /** Takes one unless nothing has changed since the last; resolves when that and all before it are done with. */
  take(): Promise<void> {
    if (this.#engine.lastZxid === this.#savedZxid) return this.#running;
    const image = this.#engine.image();
    this.#savedZxid = image.lastZxid;
    const saved = this.#dataDir.saveSnapshot(image);
    // Whoever comes after hears of it.
    saved.catch(() => {});
    // One after the other: two that remove the same old files would stumble over each other.
    this.#running = this.#running.then(() => this.#finish(saved, image.lastZxid));
    return this.#running;
  }

  async #finish(saved: Promise<void>, zxid: number): Promise<void> {
    try {
      await saved;
      this.#takenCount++;
      const removed = await this.#dataDir.purge(this.#keepCount);
      this.#logger.info({ zxid, removed }, 'snapshot written');
    } catch (error) {
      this.#logger.warn({ zxid, err: error }, 'no snapshot could be written, or no old one removed');
    }
  }
}
