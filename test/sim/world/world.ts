import type { Random } from '@barnabas/model';
import type { FileSystem } from '@barnabas/storage';
import { SimulatedClock, SimulatedNetwork, SimulatedScheduler, SimulatedZooKeeper } from '@barnabas/testkit';
import { chancesOf } from '../kernel/chances.ts';
import { Reached } from '../kernel/reached.ts';
import { Trace } from '../kernel/trace.ts';
import type { RunOptions } from './run-options.ts';

export type WorldSettings = {
  /** Is given every line of the trace. */
  readonly print?: (line: string) => void;
  /** What brokers see of their disks. */
  readonly wrapFs?: (fs: FileSystem) => FileSystem;
};

/** What all that is simulated shares: time, chance, the network, ZooKeeper, and what is noted of a run. */
export class World {
  readonly options: RunOptions;
  readonly wrapFs: (fs: FileSystem) => FileSystem;
  readonly clock = new SimulatedClock();
  readonly scheduler: SimulatedScheduler;
  readonly trace: Trace;
  readonly reached = new Reached();
  readonly network: SimulatedNetwork;
  readonly zookeeper: SimulatedZooKeeper;
  readonly #afterEvent: (() => void)[] = [];
  #failure: unknown;

  constructor(options: RunOptions, { print, wrapFs = (fs) => fs }: WorldSettings = {}) {
    this.options = options;
    this.wrapFs = wrapFs;
    this.trace = new Trace(this.clock, print);
    this.scheduler = new SimulatedScheduler(this.clock, () => this.#settle());
    const { clock, scheduler } = this;
    this.network = new SimulatedNetwork({
      clock,
      scheduler,
      random: this.chances('network'),
      latencyMs: options.networkLatencyMs,
      onMessage: ({ from, to, api, part, bytes }) => this.trace.note(`${from} > ${to} ${api} ${part}`, bytes),
    });
    this.zookeeper = new SimulatedZooKeeper({ clock, scheduler, random: this.chances('zookeeper'), tickTimeMs: 500 });
  }

  chances(part: string): Random {
    return chancesOf(this.options.seed, part);
  }

  /** Calls it after each event, when no promise is left to continue. What it throws ends the run. */
  afterEvent(check: () => void): void {
    this.#afterEvent.push(check);
  }

  /** Ends the run with this error, from within code that would keep what it throws to itself. */
  fail(error: unknown): void {
    this.#failure ??= error ?? new Error('nothing was thrown');
  }

  async pass(durationMs: number): Promise<void> {
    await this.scheduler.advanceBy(durationMs);
  }

  /** Lets time pass until it is so; false where it is not within that time. */
  async until(isSo: () => boolean, withinMs: number): Promise<boolean> {
    const endMs = this.clock.steadyMs() + withinMs;
    while (!isSo()) {
      if (this.clock.steadyMs() >= endMs) return false;
      await this.pass(20);
    }
    return true;
  }

  async #settle(): Promise<void> {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    for (const check of this.#afterEvent) check();
    if (this.#failure !== undefined) throw this.#failure;
  }
}
