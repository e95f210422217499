import { type BrokerId, brokerId, type Random } from '@barnabas/model';
import { chance, pick, type SimulatedHost, seededRandom } from '@barnabas/testkit';
import { ANY_VERSION } from '../../../src/operation/request.ts';
import { connectSession } from '../../../src/session/connect-session.ts';
import type { ZooKeeperSession } from '../../../src/session/session.ts';
import { ZooKeeperError } from '../../../src/session/zookeeper-error.ts';
import { controllerMulti } from '../../../src/znodes/protocol/controller-fence.ts';
import { ControllerMovedError } from '../../../src/znodes/protocol/controller-moved-error.ts';
import { type Election, electController, resignController } from '../../../src/znodes/protocol/elect-controller.ts';
import { whenDeleted } from '../../../src/znodes/protocol/when-deleted.ts';
import { ZnodesEnsemble } from './znodes-ensemble.ts';

/** A win that a contender was told of. */
export type Win = { readonly epoch: number; readonly epochZkVersion: number; readonly sessionId: bigint };

/** What a controller writes, the number of its epoch, as long as it is one. */
export const FENCED_PATH = '/written-by-controllers';

const RUN_MS = 60_000;
const TIMEOUT_MS = 2000;

/**
 * Brokers that run for controller over and over, while connections break, hang and come back, processes stand still,
 * sessions expire, the server restarts and an operator interferes; everything follows from the seed. Two of the three have the same id.
 */
export class Contenders {
  readonly ensemble: ZnodesEnsemble;
  readonly wins: Win[] = [];
  /** Controllers that heard from the check of their write that they are none any more. */
  moved = 0;
  readonly #random: Random;
  readonly #hosts: readonly SimulatedHost[];
  #isOver = false;

  constructor(seed: number) {
    this.ensemble = new ZnodesEnsemble(seed);
    this.#random = seededRandom(seed);
    this.#hosts = [1, 2, 3].map(() => this.ensemble.zookeeper.newHost());
  }

  async run(): Promise<void> {
    const outsider = await this.ensemble.newSession();
    await this.ensemble.run(outsider.create(FENCED_PATH, null));
    const contending = this.#hosts.map((host, index) => this.#contend(host, brokerId(Math.min(index, 1))));
    const endMs = this.ensemble.clock.steadyMs() + RUN_MS;
    while (this.ensemble.clock.steadyMs() < endMs) await this.#goWrong(outsider);
    this.#isOver = true;
    for (const host of this.#hosts) this.#heal(host);
    await this.ensemble.run(Promise.all(contending));
  }

  async #contend(host: SimulatedHost, id: BrokerId): Promise<void> {
    for (let generation = 1; !this.#isOver; generation++) {
      try {
        const session = await connectSession({ ...this.ensemble.optionsOf(host), timeoutMs: TIMEOUT_MS }, generation);
        while (!this.#isOver) await this.#oneElection(session, id, host);
        await session.close();
      } catch (error) {
        // The session has ended, or none could be opened.
        if (!(error instanceof ZooKeeperError)) throw error;
      }
    }
  }

  async #oneElection(session: ZooKeeperSession, id: BrokerId, host: SimulatedHost): Promise<void> {
    const election = await electController(session, id, 0);
    if (election.type === 'won') await this.#reign(session, election, host);
    else await whenDeleted(session, '/controller', { waitMs: 500, scheduler: host.process });
  }

  async #reign(session: ZooKeeperSession, won: Extract<Election, { type: 'won' }>, host: SimulatedHost): Promise<void> {
    const { epoch, epochZkVersion } = won;
    this.wins.push({ epoch, epochZkVersion, sessionId: session.sessionId });
    const data = Buffer.from(`${epoch}`);
    try {
      while (!this.#isOver && !chance(this.#random, 0.2)) {
        await controllerMulti(session, epochZkVersion, [{ type: 'set', path: FENCED_PATH, data, version: -1 }]);
        await pause(host, this.#random.below(200));
      }
      await resignController(session, epochZkVersion);
    } catch (error) {
      if (error instanceof ControllerMovedError) this.moved++;
      else if (error instanceof ZooKeeperError && error.code === 'CONNECTION_LOSS')
        await this.#standBy(session, won, host);
      else throw error;
    }
  }

  /** Some controllers resign when a write got no answer, and some forget that they are one and run again. */
  async #standBy(
    session: ZooKeeperSession,
    won: Extract<Election, { type: 'won' }>,
    host: SimulatedHost,
  ): Promise<void> {
    await pause(host, this.#random.below(300));
    if (chance(this.#random, 0.5)) await resignController(session, won.epochZkVersion);
  }

  async #goWrong(outsider: ZooKeeperSession): Promise<void> {
    const host = pick(this.#random, this.#hosts);
    const { zookeeper, scheduler } = this.ensemble;
    switch (this.#random.below(9)) {
      case 0:
      case 1:
      case 2:
        host.cut(pick(this.#random, [['toServer'], ['toClient'], ['toServer', 'toClient'], []]));
        break;
      case 3:
        host.hold(pick(this.#random, [['toServer'], ['toClient'], ['toServer', 'toClient']]));
        break;
      case 4:
        host.process.pause();
        break;
      case 5:
        for (const id of [...(zookeeper.image()?.sessions.keys() ?? [])].slice(-1)) zookeeper.expire(id);
        break;
      case 6:
        zookeeper.restart();
        break;
      case 7:
        // As operators do to have another controller. There may be none, and no connection.
        outsider.delete('/controller', ANY_VERSION).catch(() => {});
        break;
      case 8:
        for (const other of this.#hosts) this.#heal(other);
    }
    await scheduler.advanceBy(this.#random.below(700));
    if (chance(this.#random, 0.4)) this.#heal(host);
  }

  #heal(host: SimulatedHost): void {
    host.release();
    host.process.resume();
  }
}

function pause(host: SimulatedHost, durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    host.process.after(durationMs, resolve);
  });
}
