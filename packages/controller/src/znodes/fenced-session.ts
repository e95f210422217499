import type { ControllerEpoch } from '@barnabas/model';
import {
  type BatchOutcome,
  CONTROLLER_EPOCH_PATH,
  ControllerMovedError,
  controllerMulti,
  runBatches,
  type TransactionOp,
  type TransactionResult,
  untilAnswered,
  type ZooKeeperSession,
} from '@barnabas/zookeeper';
import { TermOverError } from './term-over-error.ts';

/** Reads that are asked for at once; a session lets 100,000 wait. */
const READS_AT_ONCE = 2000;

/**
 * ZooKeeper as one term of a controller uses it. Nothing is sent once the term is over, and every write is refused by the
 * server once another controller has been elected, since it checks the version of `/controller_epoch`.
 *
 * Every call rejects with TermOverError, with SESSION_EXPIRED where the session is LOST, and a write with
 * ControllerMovedError where another controller has been elected.
 */
export class FencedSession {
  readonly epoch: ControllerEpoch;
  readonly session: ZooKeeperSession;
  readonly #epochZkVersion: number;
  #isOver = false;

  constructor(session: ZooKeeperSession, epoch: ControllerEpoch, epochZkVersion: number) {
    this.session = session;
    this.epoch = epoch;
    this.#epochZkVersion = epochZkVersion;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  end(): void {
    this.#isOver = true;
  }

  /**
   * Runs `attempt` until the server has answered all that it asked, as `untilAnswered`: what it writes must bear being done
   * twice.
   */
  async untilAnswered<T>(attempt: (session: ZooKeeperSession) => Promise<T>): Promise<T> {
    const answer = await untilAnswered(this.session, async () => {
      this.#checkTerm();
      return await attempt(this.session);
    });
    this.#checkTerm();
    return answer;
  }

  /** Reads for each of many things, a bounded number at once, each until it is answered; in their order. */
  async readMany<T, R>(things: readonly T[], read: (session: ZooKeeperSession, thing: T) => Promise<R>): Promise<R[]> {
    const answers: R[] = [];
    for (let from = 0; from < things.length; from += READS_AT_ONCE) {
      const some = things.slice(from, from + READS_AT_ONCE);
      const read1 = (session: ZooKeeperSession) => Promise.all(some.map((thing) => read(session, thing)));
      for (const answer of await this.untilAnswered(read1)) answers.push(answer);
    }
    return answers;
  }

  /** One transaction; once. Rejects as `controllerMulti` besides. */
  async write(ops: readonly TransactionOp[]): Promise<readonly TransactionResult[]> {
    this.#checkTerm();
    const results = await controllerMulti(this.session, this.#epochZkVersion, ops);
    this.#checkTerm();
    return results;
  }

  /** Many steps in transactions of up to `maxOps`, all sent at once; see `runBatches`. */
  async writeBatches(ops: readonly TransactionOp[], maxOps: number): Promise<readonly BatchOutcome[]> {
    this.#checkTerm();
    const check = { type: 'check', path: CONTROLLER_EPOCH_PATH, version: this.#epochZkVersion } as const;
    const outcomes = await runBatches(this.session, ops, { prefix: [check], maxOps });
    const moved = outcomes.find((outcome) => outcome.type !== 'done' && outcome.prefixFailed);
    if (moved !== undefined && moved.type !== 'done') throw new ControllerMovedError({ cause: moved.error });
    this.#checkTerm();
    return outcomes;
  }

  #checkTerm(): void {
    if (this.#isOver) throw new TermOverError();
  }
}
