import { type BrokerId, KafkaError, type ProducerId, producerId, type Scheduler } from '@barnabas/model';
import { claimProducerIdBlock, type ProducerIdBlock, ZooKeeperError, type ZooKeeperSession } from '@barnabas/zookeeper';
import type { Coordination } from '../coordination/coordination.ts';
import type { Logger } from '../logger.ts';

export type ProducerIdManagerOptions = {
  readonly broker: BrokerId;
  readonly coordination: Pick<Coordination, 'session'>;
  readonly scheduler: Scheduler;
  /** How long a caller waits for a block of ids; the claim goes on for those who come later. */
  readonly maxWaitMs: number;
  readonly log: Logger;
};

/** Of a block: from here on the next one is claimed ahead. */
const CLAIM_AHEAD_AT = 0.9;

/**
 * Gives out producer ids, from blocks that this broker has claimed in ZooKeeper. Any number of callers at a time; they share
 * one claim. It holds nothing that has to be closed: ids that are left when the broker ends are never used.
 *
 * Invariant: an id is given out once, because a block counts only when ZooKeeper has confirmed that it is ours, and because
 * nothing is given out of it twice.
 */
export class ProducerIdManager {
  readonly #options: ProducerIdManagerOptions;
  #block: ProducerIdBlock | undefined;
  /** Of `#block`, the first that has not been given out. */
  #nextId = 0;
  /** Claimed ahead. */
  #nextBlock: ProducerIdBlock | undefined;
  #claiming: Promise<void> | undefined;

  constructor(options: ProducerIdManagerOptions) {
    this.#options = options;
  }

  /**
   * An id that no other producer of this cluster has, had or will have.
   *
   * @throws KafkaError COORDINATOR_LOAD_IN_PROGRESS where no block can be claimed now; MalformedZnodeError where the last
   *   one cannot be read
   */
  async next(): Promise<ProducerId> {
    const id = this.#take();
    if (id !== undefined) return id;
    const deadline = this.#deadline();
    try {
      for (;;) {
        await Promise.race([this.#claim(), deadline.passed]);
        // As many have waited as may have taken it all.
        const waited = this.#take();
        if (waited !== undefined) return waited;
      }
    } finally {
      deadline.cancel();
    }
  }

  #take(): ProducerId | undefined {
    if (this.#block === undefined || this.#nextId > this.#block.last) this.#startNextBlock();
    if (this.#block === undefined) return undefined;
    const id = producerId(this.#nextId++);
    this.#claimAhead(this.#block);
    return id;
  }

  #startNextBlock(): void {
    this.#block = this.#nextBlock;
    this.#nextBlock = undefined;
    if (this.#block !== undefined) this.#nextId = this.#block.first;
  }

  #claimAhead({ first, last }: ProducerIdBlock): void {
    const used = this.#nextId - first;
    if (this.#nextBlock !== undefined || used < (last - first + 1) * CLAIM_AHEAD_AT) return;
    this.#claim().catch((err: unknown) => this.#options.log.warn({ err }, 'no producer ids could be claimed ahead'));
  }

  /** The claim that is under way, or a new one. */
  #claim(): Promise<void> {
    this.#claiming ??= this.#claimOnce().finally(() => {
      this.#claiming = undefined;
    });
    return this.#claiming;
  }

  async #claimOnce(): Promise<void> {
    const { broker, coordination, log } = this.#options;
    const block = await claimedBlock(coordination.session, broker);
    log.info({ first: block.first, last: block.last }, 'claimed producer ids');
    this.#nextBlock = block;
  }

  #deadline(): { readonly passed: Promise<never>; readonly cancel: () => void } {
    const { promise, reject } = Promise.withResolvers<never>();
    const { scheduler, maxWaitMs } = this.#options;
    const timer = scheduler.after(maxWaitMs, () => reject(noIdsNow(`ZooKeeper gave none within ${maxWaitMs} ms`)));
    return { passed: promise, cancel: () => timer.cancel() };
  }
}

async function claimedBlock(session: ZooKeeperSession | undefined, broker: BrokerId): Promise<ProducerIdBlock> {
  if (session === undefined || session.state === 'LOST') throw noIdsNow('this broker has no ZooKeeper session');
  try {
    return await claimProducerIdBlock(session, broker);
  } catch (error) {
    if (!(error instanceof ZooKeeperError)) throw error;
    throw noIdsNow('no block of them could be claimed', error);
  }
}

/** Clients take it for something that passes, as it does. */
const noIdsNow = (why: string, cause?: unknown): KafkaError =>
  new KafkaError('COORDINATOR_LOAD_IN_PROGRESS', `there are no producer ids at the moment: ${why}`, { cause });
