import type { Random } from '@barnabas/model';
import { pick } from '@barnabas/testkit';
import { between } from '../kernel/chances.ts';
import { CheckFailure } from '../kernel/check-failure.ts';
import type { SimCluster } from '../world/cluster.ts';
import type { Machine } from '../world/machine.ts';
import type { World } from '../world/world.ts';

const PAIRS = [
  [1, 2],
  [1, 3],
  [2, 3],
] as const;

/** How long a healed cluster may take until all is well. */
const RECOVERY_MS = 90_000;

/** What faults act on, and how all of them are undone. */
export class FaultBench {
  readonly cluster: SimCluster;
  readonly world: World;
  readonly random: Random;

  constructor(cluster: SimCluster, random: Random) {
    this.cluster = cluster;
    this.world = cluster.world;
    this.random = random;
  }

  get sessionMs(): number {
    return this.world.options.sessionTimeoutMs;
  }

  /** A machine whose broker runs, whatever it is doing. */
  victim(): Machine | undefined {
    const { running } = this.cluster;
    return running.length === 0 ? undefined : pick(this.random, running);
  }

  pair(): readonly [number, number] {
    return pick(this.random, PAIRS);
  }

  /** Sometimes within the session timeout, sometimes long after it. */
  pauseMs(): number {
    const [low, high] = pick(this.random, [
      [0, 300],
      [100, this.sessionMs],
      [this.sessionMs, 2.5 * this.sessionMs],
    ] as const);
    return between(this.random, low, high);
  }

  later(delayMs: number, act: () => void): void {
    this.world.scheduler.after(delayMs, act);
  }

  note(what: string): void {
    this.world.trace.note(`fault: ${what}`);
    this.world.reached.note(what.split(':')[0] ?? what);
  }

  /** Of one replica on a machine that is down. */
  damageOn(machine: Machine | undefined): void {
    const models = [...this.cluster.model.models()];
    if (machine === undefined || models.length === 0 || !this.world.options.corrupts) return;
    this.cluster.damage(machine, pick(this.random, models), this.random);
  }

  /**
   * Longer than any session: while the session of a dead broker lasts, those that are back may be taken out of the ISR beside it,
   * and what it has would be all that counts.
   */
  killAllForLong(): void {
    for (const machine of this.cluster.machines) {
      machine.kill();
      this.later(this.sessionMs + 3000 + this.pauseMs(), () => machine.start());
    }
  }

  replaceDiskOf(machine: Machine | undefined): void {
    if (machine === undefined) return;
    machine.replaceDisk();
    this.cluster.model.onWiped(machine.id);
  }

  /** Undoes all that a fault may have left behind, and starts what is down. */
  healAll(): void {
    const { zookeeper, network } = this.world;
    this.note('healed');
    zookeeper.refuse(false);
    if (zookeeper.image() === undefined) zookeeper.restart();
    zookeeper.process.resume();
    network.healAll();
    for (const machine of this.cluster.machines) {
      machine.life?.session.release();
      machine.life?.process.resume();
      machine.endStalls();
      machine.start();
    }
  }

  /** Heals everything, and waits. Rejects with CheckFailure where the cluster hangs. */
  async recover(): Promise<void> {
    this.healAll();
    await this.untilWell();
  }

  /** All that is down is started by whoever took it down. */
  async untilWell(): Promise<void> {
    const startMs = this.world.clock.steadyMs();
    while (this.cluster.whatIsAmiss() !== undefined) {
      if (this.world.clock.steadyMs() - startMs > RECOVERY_MS) {
        throw new CheckFailure(
          `rule 9: not well ${RECOVERY_MS} ms after all was healed: ${this.cluster.whatIsAmiss()}`,
        );
      }
      await this.world.pass(50);
    }
  }
}
