import { chance, pick, seededRandom } from '@barnabas/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReadRecord } from '../../src/reader/read-record.ts';
import type { Reader, ReaderOptions } from '../../src/reader/reader.ts';
import { SimulatedClient } from '../support/simulated-client.ts';
import type { Fate } from '../support/simulated-cluster.ts';

const place = { topic: 'orders', partition: 0 };

const clientOf = (...values: string[]): SimulatedClient => {
  const run = new SimulatedClient();
  add(run, ...values);
  return run;
};

const add = ({ cluster }: SimulatedClient, ...values: string[]) => {
  cluster.logs[0]?.records.push(...values.map((value) => ({ value, timestamp: 0 })));
};

const readerOf = (run: SimulatedClient, options: Partial<ReaderOptions> = {}) =>
  run.client.reader({ ...place, from: 'earliest', ...options });

/** The texts of the next `count` records. */
const take = async (reader: Reader, count: number): Promise<string[]> => {
  const texts: string[] = [];
  for await (const record of reader) {
    texts.push(record.text());
    if (texts.length === count) break;
  }
  return texts;
};

describe('Reader', () => {
  it('reads on from where it begins, and waits for what comes', async () => {
    const run = clientOf('a', 'b', 'c');
    const taken = take(readerOf(run, { from: 1 }), 4);
    await run.scheduler.advanceBy(50);
    add(run, 'd', 'e', 'f');
    expect(await run.valueOf(taken)).toEqual(['b', 'c', 'd', 'e']);
  });

  it('goes on, in another loop, after the last record that it handed over', async () => {
    const run = clientOf('a', 'b', 'c', 'd');
    const reader = readerOf(run);
    expect(await run.valueOf(take(reader, 1))).toEqual(['a']);
    expect(reader.nextOffset).toBe(1);
    expect(await run.valueOf(take(reader, 3))).toEqual(['b', 'c', 'd']);
  });

  it('reads what comes from now on, also where the first requests fail', async () => {
    const run = clientOf('a', 'b');
    const fates: Fate[] = [{ type: 'unanswered' }, { type: 'lost' }];
    run.cluster.fateOf = () => fates.shift() ?? { type: 'done' };
    const taken = take(readerOf(run, { from: 'latest' }), 1);
    await run.scheduler.advanceBy(20_000);
    add(run, 'c');
    expect(await run.valueOf(taken)).toEqual(['c']);
  });

  it('asks for what its place stands for', async () => {
    const run = clientOf('a');
    for (const from of [7, 'latest', { timestamp: 12 }, { tail: 3 }] as const) {
      const reader = readerOf(run, { from });
      const ended = run.outcomeOf(take(reader, 1), 200);
      reader.close();
      await ended;
    }
    const asked = run.cluster.requests.map(({ path }) => /\?(\w+=\w+)&/.exec(path)?.[1]);
    expect([...new Set(asked)]).toEqual(['offset=7', 'offset=latest', 'timestamp=12', 'tail=3']);
  });

  it('hands over each record once and in order whatever happens to requests', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const random = seededRandom(seed);
        const run = clientOf();
        const failures: Fate[] = [
          { type: 'unreachable' },
          { type: 'lost' },
          { type: 'unanswered' },
          { type: 'late', afterMs: 3 },
          { type: 'error', error: 'NOT_LEADER_OR_FOLLOWER' },
        ];
        run.cluster.fateOf = () => (chance(random, 0.6) ? pick(random, failures) : { type: 'done' });
        const values = Array.from({ length: 25 }, (_, index) => `${index}`);
        const taken = take(readerOf(run, { retryTimeoutMs: 1e9 }), 25);
        for (const value of values) {
          add(run, value);
          await run.scheduler.advanceBy(random.below(20_000));
        }
        expect(await run.valueOf(taken, 1e7)).toEqual(values);
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it('throws where there is nothing to go on with', async () => {
    const run = clientOf('a');
    const outcome = await run.outcomeOf(take(readerOf(run, { from: 50 }), 1), 1000);
    expect(outcome).toMatchObject({ reason: { error: 'OFFSET_OUT_OF_RANGE', status: 416 } });
  });

  it('throws when nobody has answered for as long as it was told to try', async () => {
    const run = clientOf('a');
    run.cluster.fateOf = () => ({ type: 'unreachable' });
    const outcome = await run.outcomeOf(take(readerOf(run, { retryTimeoutMs: 30_000 }), 1), 60_000);
    expect(outcome).toMatchObject({ reason: { error: 'NETWORK_EXCEPTION', outcome: 'refused' } });
    expect(run.clock.steadyMs()).toBeGreaterThan(25_000);
  });

  it('throws soon where there is no such topic, but not where there was', async () => {
    const run = clientOf('a');
    const gone: Fate = { type: 'error', error: 'UNKNOWN_TOPIC_OR_PARTITION' };
    run.cluster.fateOf = () => gone;
    expect(await run.outcomeOf(take(readerOf(run), 1), 8000)).toMatchObject({ status: 'rejected' });
    run.cluster.fateOf = () => ({ type: 'done' });
    const reader = readerOf(run);
    await run.valueOf(take(reader, 1));
    run.cluster.fateOf = () => gone;
    const next = take(reader, 1);
    expect(await run.outcomeOf(next, 60_000)).toBeUndefined();
    run.cluster.fateOf = () => ({ type: 'done' });
    add(run, 'b');
    expect(await run.valueOf(next)).toEqual(['b']);
  });

  it.each([
    ['it is closed', (reader: Reader) => reader.close()],
    ['its signal is aborted', (_: Reader, signal: AbortController) => signal.abort()],
    ['the client is closed', (_: Reader, __: AbortController, run: SimulatedClient) => void run.client.close()],
  ])('ends where %s, in the middle of a request, too', async (_, end) => {
    const run = clientOf('a');
    run.cluster.fateOf = () => ({ type: 'late', afterMs: 1 });
    const controller = new AbortController();
    const reader = readerOf(run, { signal: controller.signal });
    const seen: ReadRecord[] = [];
    const loop = (async () => {
      for await (const record of reader) seen.push(record);
    })();
    await run.scheduler.advanceBy(10);
    end(reader, controller, run);
    await run.valueOf(loop, 1000);
    expect(seen).toEqual([]);
    expect(run.scheduler.pendingTimers).toBe(0);
  });

  it('reads on where one server is cut off from the others, and does not know it', async () => {
    const run = clientOf('a');
    // As a leader that has lost its followers: what it has is old, and it leads no less.
    const old = [...(run.cluster.logs[0]?.records ?? [])];
    run.cluster.recordsOn = (server, records) => (server === 'http://a' ? old : records);
    const reader = readerOf(run);
    expect(await run.valueOf(take(reader, 1))).toEqual(['a']);
    const taken = take(reader, 4);
    await run.scheduler.advanceBy(100);
    add(run, 'b', 'c');
    await run.scheduler.advanceBy(1000);
    add(run, 'd', 'e');
    expect(await run.valueOf(taken)).toEqual(['b', 'c', 'd', 'e']);
  });

  it('hands over answers as they came', async () => {
    const run = clientOf('a', 'b', 'c');
    const batches: string[][] = [];
    const reader = readerOf(run);
    const loop = (async () => {
      for await (const records of reader.batches()) {
        batches.push(records.map((record) => record.text()));
        if (batches.length === 2) break;
      }
    })();
    await run.valueOf(loop);
    expect(batches).toEqual([['a', 'b'], ['c']]);
    expect(reader.nextOffset).toBe(3);
  });
});
