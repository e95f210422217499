import { describe, expect, it } from 'vitest';
import type { SessionRecord } from '../support/session-model/session-record.ts';
import { World } from '../support/session-model/world.ts';

const SEEDS = Array.from({ length: 12 }, (_, index) => index + 101);
/** A timer is not set for less than this. */
const LATE_MS = 1;

describe('the liveness of sessions under faults', () => {
  it.each(SEEDS)('is told in time, and before a server gives the session up, seed %i', async (seed) => {
    const world = new World(seed);
    const watch = new LivenessWatch(world);
    await world.start();
    await world.suffer(60_000, () => watch.check());
    await world.recover(() => watch.check());
    expect(watch.problems).toEqual([]);
    expect(watch.expiries).toBeGreaterThan(0);
    expect(watch.states).toEqual(new Set(['CONNECTED', 'SUSPENDED', 'LOST']));
  });
});

/** Compares what listeners were told with what was sent and answered, and with what the server did. */
class LivenessWatch {
  readonly problems: string[] = [];
  readonly states = new Set<string>();
  /** Sessions that the server ended because it heard nothing of them. */
  expiries = 0;
  readonly #world: World;
  #journalRead = 0;

  constructor(world: World) {
    this.#world = world;
  }

  check(): void {
    this.#checkExpiries();
    this.#world.actors.forEach((actor, index) => {
      const isStalled = this.#world.hosts[index]?.process.isStalled ?? true;
      const record = actor.records.at(-1);
      if (record !== undefined && !isStalled) this.#checkTold(record);
    });
  }

  #checkTold({ session, toldState }: SessionRecord): void {
    this.states.add(toldState);
    const link = this.#world.links.findLast(({ sessionId }) => sessionId === session.sessionId);
    if (link === undefined) return;
    const silentMs = this.#world.clock.steadyMs() - link.heardAtMs - LATE_MS;
    const isLate =
      (silentMs > link.timeoutMs && toldState !== 'LOST') ||
      (silentMs > (link.timeoutMs * 2) / 3 && toldState === 'CONNECTED');
    if (isLate) this.problems.push(`still ${toldState} after ${silentMs} ms of silence, timeout ${link.timeoutMs}`);
  }

  #checkExpiries(): void {
    const { journal } = this.#world.zookeeper;
    for (const { header, txn } of journal.slice(this.#journalRead)) {
      const isExpiry = txn.type === 'closeSession' && header.cxid === 0;
      if (!isExpiry || this.#world.stolen.has(header.sessionId)) continue;
      this.expiries++;
      const record = this.#world.actors
        .flatMap(({ records }) => records)
        .find(({ session }) => session.sessionId === header.sessionId);
      const state = record?.session.state ?? 'LOST';
      if (state !== 'LOST') this.problems.push(`the server expired a session that is ${state}`);
    }
    this.#journalRead = journal.length;
  }
}
