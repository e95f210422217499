import { describe, expect, it } from 'vitest';
import type { LoggedTxn } from '../../../src/txn/txn.ts';
import { Contenders, FENCED_PATH, type Win } from './contenders.ts';

const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1);

/** What the server's log says of one election. */
type Elected = Win & { readonly zxid: number };

describe('brokers that run for controller under faults', () => {
  it.each(SEEDS)('have one winner of each epoch, who is in the tree (seed %i)', async (seed) => {
    const contenders = new Contenders(seed);
    await contenders.run();
    const { journal } = contenders.ensemble.zookeeper;
    const elected = electionsIn(journal);

    expect(elected.map(({ epoch }) => epoch)).toEqual(elected.map((_, index) => index + 1));
    for (const win of contenders.wins) expect(elected).toContainEqual(expect.objectContaining(win));
    expect(ownersByEpoch(contenders.wins).every((sessions) => sessions.size === 1)).toBe(true);
    expectFenced(journal);
    expect(contenders.ensemble.uncaught).toEqual([]);
  });

  it('win, and are overtaken, often enough for that to mean something', async () => {
    let wins = 0;
    let moved = 0;
    for (const seed of SEEDS.slice(0, 5)) {
      const contenders = new Contenders(seed);
      await contenders.run();
      wins += contenders.wins.length;
      moved += contenders.moved;
    }
    expect(wins).toBeGreaterThan(200);
    expect(moved).toBeGreaterThan(10);
  });
});

/** Each change of the epoch, which only a transaction makes that also creates the controller. */
function electionsIn(journal: readonly LoggedTxn[]): Elected[] {
  return journal.flatMap(({ header: { zxid, sessionId }, txn }) => {
    const steps = txn.type === 'multi' ? txn.txns : [txn];
    const set = steps.find((step) => step.type === 'setData' && step.path === '/controller_epoch');
    if (set?.type !== 'setData') return [];
    expect(steps[0]).toMatchObject({ type: 'create', path: '/controller', ephemeral: true });
    return [{ epoch: numberIn(set.data), epochZkVersion: set.version, sessionId, zxid }];
  });
}

function ownersByEpoch(wins: readonly Win[]): Set<bigint>[] {
  const owners = new Map<number, Set<bigint>>();
  for (const { epoch, sessionId } of wins) owners.set(epoch, (owners.get(epoch) ?? new Set()).add(sessionId));
  return [...owners.values()];
}

/** Whatever a controller has written, it has written in its own epoch. */
function expectFenced(journal: readonly LoggedTxn[]): void {
  let epoch = 0;
  for (const { txn } of journal) {
    for (const step of txn.type === 'multi' ? txn.txns : [txn]) {
      if (step.type !== 'setData') continue;
      if (step.path === '/controller_epoch') epoch = numberIn(step.data);
      if (step.path === FENCED_PATH) expect(numberIn(step.data)).toBe(epoch);
    }
  }
}

function numberIn(data: Uint8Array | null): number {
  return Number(Buffer.from(data ?? []).toString());
}
