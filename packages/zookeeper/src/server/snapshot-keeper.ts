import type { Engine } from './engine/engine.ts';
import type { Logger } from './logger.ts';
import type { DataDir } from './persistence/data-dir.ts';

/**
 * Writes snapshots of the tree while the server goes on, one at a time, and removes the oldest ones. Where it cannot, it
 * says so in the log: nothing is lost as long as the transactions are there.
 */
export class SnapshotKeeper {
  readonly #dataDir: DataDir;
  readonly #engine: Engine;
  readonly #keepCount: number;
  readonly #logger: Logger;
  #savedZxid: number;
  #takenCount = 0;
  #running: Promise<void> = Promise.resolve();

  constructor(dataDir: DataDir, engine: Engine, keepCount: number, logger: Logger) {
    this.#dataDir = dataDir;
    this.#engine = engine;
    this.#keepCount = keepCount;
    this.#logger = logger;
    this.#savedZxid = dataDir.image.lastZxid;
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
    this.#running = Promise.all([this.#running, this.#finish(saved, image.lastZxid)]).then(() => {});
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
