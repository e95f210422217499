import type { Random } from '@barnabas/model';
import {
  pick,
  SimulatedClock,
  type SimulatedHost,
  SimulatedScheduler,
  SimulatedZooKeeper,
  seededRandom,
} from '@barnabas/testkit';
import { ZooKeeperClient } from '../../../src/session/zookeeper-client.ts';
import { Actor, MARKER } from './actor.ts';
import { doSomethingBad, makeGood } from './faults.ts';
import { type ObservedLink, observedLinks } from './observed-link.ts';

/** How often each host makes calls: from busy to so rarely that its session lives on pings. */
const PERIODS_MS = [20, 300, 2500];
const TIMEOUT_MS = 3000;
const STEP_MS = 5;

/** Some hosts, each with a client whose sessions are used at random, while everything goes wrong that can. */
export class World {
  readonly clock = new SimulatedClock();
  readonly scheduler = new SimulatedScheduler(this.clock);
  readonly zookeeper: SimulatedZooKeeper;
  readonly hosts: SimulatedHost[] = [];
  readonly actors: Actor[] = [];
  readonly clients: ZooKeeperClient[] = [];
  readonly links: ObservedLink[] = [];
  readonly uncaught: unknown[] = [];
  /** Sessions that were ended on the server by a fault. */
  readonly stolen = new Set<bigint>();
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.zookeeper = new SimulatedZooKeeper({ clock: this.clock, scheduler: this.scheduler, random: this.#random });
    for (const periodMs of PERIODS_MS) this.#addHost(`every${periodMs}`);
  }

  /** All clients have a session. */
  async start(): Promise<void> {
    const started = Promise.all(this.clients.map((client) => client.start()));
    await this.scheduler.advanceBy(500);
    const [first] = await started;
    const marked = first?.create(MARKER, null);
    await this.scheduler.advanceBy(500);
    await marked;
  }

  /** Faults and calls for so long; `check` runs every few milliseconds. */
  async suffer(durationMs: number, check: () => void): Promise<void> {
    const timers = [
      this.scheduler.every(1500, () =>
        doSomethingBad({ ...this, random: this.#random, expireSome: () => this.#steal() }),
      ),
      ...this.hosts.map((host, index) => host.process.every(PERIODS_MS[index] ?? 0, () => this.actors[index]?.act())),
    ];
    await this.#advance(durationMs, check);
    for (const timer of timers) timer.cancel();
  }

  /** Nothing is wrong any more, for long enough that everything comes to rest. */
  async recover(check: () => void): Promise<void> {
    await this.#advance(5000, check);
    makeGood(this.zookeeper, this.hosts);
    await this.#advance(4 * TIMEOUT_MS, check);
  }

  async #advance(durationMs: number, check: () => void): Promise<void> {
    for (let elapsedMs = 0; elapsedMs < durationMs; elapsedMs += STEP_MS) {
      await this.scheduler.advanceBy(STEP_MS);
      check();
    }
  }

  #addHost(name: string): void {
    const host = this.zookeeper.newHost();
    const actor = new Actor(name, this.#random, () => this.zookeeper.journal.length);
    const client = new ZooKeeperClient({
      clock: this.clock,
      scheduler: host.process,
      random: this.#random,
      links: observedLinks(host.links, this.clock, (link) => this.links.push(link)),
      ensemble: 'simulated',
      chroot: '/chroot',
      timeoutMs: TIMEOUT_MS,
      connectDeadlineMs: 5000,
      limits: { maxInFlight: 8, maxQueued: 40 },
      onSession: (session) => actor.begin(session),
      onUncaught: (error) => this.uncaught.push(error),
    });
    this.hosts.push(host);
    this.actors.push(actor);
    this.clients.push(client);
  }

  #steal(): void {
    const id = pick(this.#random, this.clients).session?.sessionId;
    if (id === undefined) return;
    this.stolen.add(id);
    this.zookeeper.expire(id);
  }
}
