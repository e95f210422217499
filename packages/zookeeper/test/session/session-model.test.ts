import { describe, expect, it } from 'vitest';
import { type Change, History } from '../support/session-model/history.ts';
import type { SessionRecord, WatchRecord } from '../support/session-model/session-record.ts';
import { World } from '../support/session-model/world.ts';

const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);
const CHROOT = '/chroot';

describe('sessions under faults', () => {
  const allRecords: SessionRecord[] = [];

  it.each(SEEDS)('keep every promise that they make, seed %i', async (seed) => {
    const world = new World(seed);
    await world.start();
    await world.suffer(30_000, () => {});
    await world.recover(() => {});
    const history = new History(world.zookeeper.journal);
    const records = world.actors.flatMap((actor) => actor.records);
    const problems = [
      ...world.uncaught.map(String),
      ...world.actors.flatMap(({ records: own }) => problemsOfGenerations(own)),
      ...records.flatMap((record) => [
        ...record.violations,
        ...problemsOfStates(record),
        ...problemsOfOrder(record, history),
        ...problemsOfOutcomes(record, history),
        ...record.watches.flatMap((watch) => problemsOfWatch(watch, record, history)),
      ]),
    ];
    expect(problems).toEqual([]);
    expect(world.clients.map(({ session }) => session?.state)).toEqual(['CONNECTED', 'CONNECTED', 'CONNECTED']);
    allRecords.push(...records);
  });

  it('have met all that there is to meet', () => {
    const outcomes = countsOf(allRecords.flatMap(({ writes }) => writes.map(({ outcome }) => outcome)));
    const reasons = countsOf(allRecords.flatMap(({ watches }) => watches.flatMap(({ fired }) => fired)));
    for (const outcome of ['done', 'refused', 'unknown']) expect(outcomes.get(outcome)).toBeGreaterThan(100);
    for (const reason of ['reconnected', 'nodeDataChanged', 'nodeDeleted', 'nodeCreated', 'nodeChildrenChanged']) {
      expect(reasons.get(reason)).toBeGreaterThan(100);
    }
  });
});

function countsOf(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function problemsOfGenerations(records: readonly SessionRecord[]): string[] {
  const generations = records.map(({ session }) => session.generation);
  const isRising = generations.every((generation, index) => index === 0 || generation > (generations[index - 1] ?? 0));
  const lost = records.slice(0, -1).every((record) => record.isLost);
  return isRising && lost ? [] : [`generations ${generations}, the earlier ones LOST: ${lost}`];
}

/** SUSPENDED and CONNECTED take turns; LOST comes last. */
function problemsOfStates({ states, session }: SessionRecord): string[] {
  const names = states.map(({ state }) => state);
  const isFine = names.every((state, index) => {
    const before = names[index - 1] ?? 'CONNECTED';
    return before !== 'LOST' && before !== state && (state !== 'CONNECTED' || before === 'SUSPENDED');
  });
  const isTagged = states.every(({ generation }) => generation === session.generation);
  return isFine && isTagged ? [] : [`states ${names} of generation ${session.generation}`];
}

/** Requests are executed, and answers heard, in the order of the calls. */
function problemsOfOrder({ answered, writes, session }: SessionRecord, history: History): string[] {
  const problems: string[] = [];
  if (answered.some((sequence, index) => sequence < (answered[index - 1] ?? -1))) problems.push(`answers ${answered}`);
  const places = new Map(writes.map(({ token }, index) => [token, index]));
  let last = -1;
  for (const { token, sessionId } of history.writes) {
    const place = places.get(token);
    if (place === undefined) continue;
    if (place <= last) problems.push(`${token} was executed twice or out of order`);
    if (sessionId !== session.sessionId) problems.push(`${token} was executed for session ${sessionId}`);
    last = place;
  }
  return problems;
}

/** Refused means not executed, done means executed; nothing is left open. */
function problemsOfOutcomes({ writes, pending }: SessionRecord, history: History): string[] {
  const committed = new Set(history.writes.map(({ token }) => token));
  const problems = writes
    .filter(({ token, outcome }) => (committed.has(token) ? outcome === 'refused' : outcome === 'done'))
    .map(({ token, outcome }) => `${token} is ${outcome}`);
  return pending === 0 ? problems : [...problems, `${pending} calls are open`];
}

/** The first change after what the read showed makes it fire, once, unless the session is lost. */
function problemsOfWatch(watch: WatchRecord, record: SessionRecord, history: History): string[] {
  const { path, kind, fired, seenZxid } = watch;
  const about = `the ${kind} watch of ${path} that saw ${seenZxid} fired: ${fired}`;
  if (fired.length > 1) return [about];
  const hasFired = fired.length === 1;
  if (!hasFired && !record.isLost && changeAfter(watch, watch.armedAt, history)) return [`${about}, and it changed`];
  const isByEvent = hasFired && fired[0] !== 'reconnected';
  return isByEvent && !changeAfter(watch, watch.calledAt, history) ? [`${about}, and nothing changed`] : [];
}

/** Where the read showed no znode its zxid is not known, only that it was made before `index` of the journal. */
function changeAfter({ path, kind, seenZxid }: WatchRecord, index = 0, history: History): Change | undefined {
  return history.changes.find(
    (change) =>
      change.path === CHROOT + path &&
      change.kind === kind &&
      (seenZxid === undefined ? change.index >= index : change.zxid > seenZxid),
  );
}
