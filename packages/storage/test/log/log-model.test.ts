import { leaderEpoch, offset } from '@barnabas/model';
import { stampBatch } from '@barnabas/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deleteBefore, truncateFullyAndStartAt, truncateTo } from '../../src/log/truncation.ts';
import { T0 } from './batches.ts';
import { LogContext } from './log-context.ts';
import { LogModel, PRODUCERS } from './log-model.ts';

/** A real log and its model, to which the same is done. */
class Pair {
  readonly context: LogContext;
  readonly model = new LogModel();
  #epoch = leaderEpoch(0);

  constructor(context: LogContext) {
    this.context = context;
  }

  async lead(batches: readonly Sent[]): Promise<void> {
    const appended = batches.map(({ producer, count, ms }) => {
      const bytes = this.model.nextBatch(producer, count, T0 + ms);
      const done = this.context.log.appendAsLeader(Buffer.from(bytes), this.#epoch);
      stampBatch(bytes, 0, done.firstOffset, this.#epoch);
      this.model.append(bytes, this.#epoch);
      return done.acknowledged;
    });
    await Promise.all(appended);
  }

  async follow(gap: number, { producer, count, ms }: Sent): Promise<void> {
    const bytes = this.model.nextBatch(producer, count, T0 + ms);
    stampBatch(bytes, 0, offset(this.model.end + gap), this.#epoch);
    this.model.append(Buffer.from(bytes), this.#epoch);
    await this.context.log.appendAsFollower(bytes).acknowledged;
  }

  async beginEpoch(): Promise<void> {
    this.#epoch = leaderEpoch(this.#epoch + 1);
    this.model.beginEpoch(this.#epoch);
    this.context.log.beginEpoch(this.#epoch);
  }

  async truncate(part: number): Promise<void> {
    const target = Math.floor(part * (this.model.end + 1));
    this.model.truncateTo(target, this.#firstBase);
    await truncateTo(this.context.log, offset(target));
  }

  async startAnew(by: number): Promise<void> {
    this.model.startAnewAt(this.model.end + by);
    await truncateFullyAndStartAt(this.context.log, offset(this.model.end));
  }

  async delete(part: number): Promise<void> {
    const start = Math.floor(part * (this.model.end + 1));
    this.model.deleteBefore(start);
    await deleteBefore(this.context.log, offset(start));
    this.model.forgetBelow(this.#firstBase);
  }

  async reopen(how: 'closed' | 'killed' | 'crashed'): Promise<void> {
    this.model.reopen();
    await this.context.reopen(how);
  }

  async compare(): Promise<void> {
    const { log } = this.context;
    expect([log.startOffset, log.endOffset]).toEqual([this.model.start, this.model.end]);
    expect((await this.context.readAll()).map((bytes) => bytes.toString('hex'))).toEqual(this.model.readable());
    expect(log.parts.epochs.entries).toEqual(this.model.epochs);
    for (const ms of [0, 3, 7, 10]) {
      expect((await log.offsetForTimestamp(T0 + ms))?.offset).toBe(this.model.offsetForTimestamp(T0 + ms));
    }
  }

  get #firstBase(): number {
    return this.context.log.parts.segments.first.baseOffset;
  }
}

type Sent = { readonly producer: number | undefined; readonly count: number; readonly ms: number };
type Step = (pair: Pair) => Promise<void>;

const sent: fc.Arbitrary<Sent> = fc.record({
  producer: fc.constantFrom(undefined, ...PRODUCERS),
  count: fc.integer({ min: 1, max: 4 }),
  ms: fc.nat(9),
});
const part = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

/** A step with a text that a failure can be understood by. */
const named = <T>(
  name: string,
  given: fc.Arbitrary<T>,
  act: (pair: Pair, value: T) => Promise<void>,
): fc.Arbitrary<Step> =>
  given.map((value) =>
    Object.assign((pair: Pair) => act(pair, value), { toString: () => `${name} ${JSON.stringify(value)}` }),
  );

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: named('lead', fc.array(sent, { minLength: 1, maxLength: 5 }), (pair, batches) => pair.lead(batches)),
  },
  { weight: 3, arbitrary: named('follow', fc.tuple(fc.nat(3), sent), (pair, [gap, batch]) => pair.follow(gap, batch)) },
  {
    weight: 2,
    arbitrary: named('reopen', fc.constantFrom('closed', 'killed', 'crashed'), (pair, how) => pair.reopen(how)),
  },
  { weight: 2, arbitrary: named('truncate', part, (pair, where) => pair.truncate(where)) },
  { weight: 1, arbitrary: named('delete', part, (pair, where) => pair.delete(where)) },
  { weight: 1, arbitrary: named('begin an epoch', fc.constant(null), (pair) => pair.beginEpoch()) },
  { weight: 1, arbitrary: named('start anew', fc.nat(5), (pair, by) => pair.startAnew(by)) },
);

const config = fc.record({
  segmentBytes: fc.integer({ min: 400, max: 1500 }),
  indexIntervalBytes: fc.constantFrom(0, 100, 300),
  segmentIndexBytes: fc.constantFrom(48, 1024),
});

describe('a log', () => {
  it('is what a list of batches in memory would be, over appends, cuts and restarts of every kind', async () => {
    await fc.assert(
      fc.asyncProperty(config, fc.array(step, { maxLength: 20 }), fc.nat(), async (given, steps, seed) => {
        const pair = new Pair(await LogContext.create({ config: { ...given, fileDeleteDelayMs: 1000 }, seed }));
        for (const act of steps) {
          await act(pair);
          await pair.compare();
        }
      }),
      { numRuns: 120, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true },
    );
  });
});
