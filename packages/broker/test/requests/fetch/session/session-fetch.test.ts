import { brokerId, ERRORS, leaderEpoch } from '@barnabas/model';
import type { PeerRequest } from '@barnabas/transport';
import { describe, expect, it } from 'vitest';
import {
  asked,
  type ContextOptions,
  FetchContext,
  FOLLOWER_STATE,
  indexesOf,
  partitionsOf,
} from '../../../support/fetching/fetch-context.ts';
import type { MemoryPartition } from '../../../support/fetching/memory-replicas.ts';

/** A session of so many partitions of one reader, whose fetches wait up to 500 ms. */
class Reader {
  readonly context: FetchContext;
  readonly led: MemoryPartition[];
  readonly #who: Partial<PeerRequest<'Fetch'>>;
  #sessionId = 0;
  #sessionEpoch = 0;

  constructor(count: number, who: 'follower' | 'consumer', options: ContextOptions = {}) {
    this.context = new FetchContext(options);
    this.led = Array.from({ length: count }, (_, index) => this.context.replicas.lead('a', index));
    this.#who = who === 'follower' ? FOLLOWER_STATE : {};
  }

  async open(): Promise<this> {
    const topics = [asked('a', ...this.led.keys())];
    const opened = await this.context.fetch({ ...this.#who, sessionEpoch: 0, topics });
    this.#sessionId = opened.sessionId;
    this.#sessionEpoch = 1;
    await this.next({ maxWaitMs: 0 });
    this.looked();
    return this;
  }

  next(request: Partial<PeerRequest<'Fetch'>> = {}) {
    return this.context.fetch({
      ...this.#who,
      maxWaitMs: 500,
      sessionId: this.#sessionId,
      sessionEpoch: this.#sessionEpoch++,
      ...request,
    });
  }

  /** The partition by its index. */
  at(index: number): MemoryPartition {
    const led = this.led[index];
    if (led === undefined) throw new RangeError(`no partition ${index}`);
    return led;
  }

  /** How many partitions were looked at since it was last asked. */
  looked(): number {
    return this.context.replicas.fetches.splice(0).reduce((sum, { partitions }) => sum + partitions.length, 0);
  }
}

describe('a fetch in a session of a follower', () => {
  it('waits, and then says nothing, where nothing is new', async () => {
    const reader = await new Reader(3, 'follower').open();
    const { value, tookMs } = await reader.context.timed(reader.next());
    expect([value.responses, tookMs]).toEqual([[], 500]);
  });

  it('is answered as soon as there are records, with nothing but their partition', async () => {
    const reader = await new Reader(3, 'follower').open();
    reader.context.scheduler.after(70, () => reader.at(1).append());
    const { value, tookMs } = await reader.context.timed(reader.next());
    expect([indexesOf(value), tookMs]).toEqual([[1], 70]);
  });

  it('looks at no partition of which there is no news', async () => {
    const reader = await new Reader(1000, 'follower').open();
    for (let round = 0; round < 5; round++) {
      const fetched = reader.context.timed(reader.next());
      reader.at(7).append();
      expect(indexesOf((await fetched).value)).toEqual([7]);
    }
    expect(reader.looked()).toBeLessThanOrEqual(15);
  });

  it('does not wake up for a high watermark, but tells it with the records that come', async () => {
    const reader = await new Reader(2, 'follower').open();
    reader.context.scheduler.after(10, () => reader.at(0).commitTo(4));
    reader.context.scheduler.after(20, () => reader.at(1).append());
    const { value, tookMs } = await reader.context.timed(reader.next());
    expect([indexesOf(value), tookMs]).toEqual([[0, 1], 20]);
    expect(partitionsOf(value)[0]?.highWatermark).toBe(4n);
  });

  it('tells a high watermark that has moved when the wait is over, once', async () => {
    const reader = await new Reader(2, 'follower').open();
    reader.context.scheduler.after(10, () => reader.at(1).commitTo(5));
    const { value, tookMs } = await reader.context.timed(reader.next());
    expect([partitionsOf(value).map(({ highWatermark }) => highWatermark), tookMs]).toEqual([[5n], 500]);
    expect((await reader.context.timed(reader.next())).value.responses).toEqual([]);
  });

  it('is answered at once with an error, each time, until it is gone', async () => {
    const reader = await new Reader(2, 'follower').open();
    reader.at(0).fail('NOT_LEADER_OR_FOLLOWER');
    for (let round = 0; round < 3; round++) {
      const { value, tookMs } = await reader.context.timed(reader.next());
      expect([indexesOf(value), tookMs]).toEqual([[0], 0]);
    }
    reader.at(0).fail(undefined);
    const { value } = await reader.context.timed(reader.next());
    expect(partitionsOf(value)).toMatchObject([{ partitionIndex: 0, errorCode: 0 }]);
  });

  it('hears of a new leader epoch while it waits', async () => {
    const reader = await new Reader(1, 'follower').open();
    await reader.next({ maxWaitMs: 0, topics: [asked('a', { currentLeaderEpoch: 0 })] });
    reader.context.scheduler.after(30, () => reader.at(0).lead(leaderEpoch(1)));
    const { value, tookMs } = await reader.context.timed(reader.next());
    expect([partitionsOf(value)[0]?.errorCode, tookMs]).toEqual([ERRORS.FENCED_LEADER_EPOCH.code, 30]);
  });

  it('sends records again that the follower has not asked beyond', async () => {
    const reader = await new Reader(1, 'follower').open();
    reader.at(0).append();
    for (let round = 0; round < 3; round++) {
      expect(indexesOf((await reader.context.timed(reader.next())).value)).toEqual([0]);
    }
    const beyond = reader.next({ topics: [asked('a', { fetchOffset: 1n })] });
    expect((await reader.context.timed(beyond)).tookMs).toBe(500);
  });

  it('tells again what it told of a partition that is asked for again', async () => {
    const reader = await new Reader(1, 'follower').open();
    reader.at(0).commitTo(7);
    await reader.next({ maxWaitMs: 0 });
    const again = await reader.next({ maxWaitMs: 0, topics: [asked('a', 0)] });
    expect(partitionsOf(again)[0]?.highWatermark).toBe(7n);
  });

  it('is ended by the next one of the session, which misses nothing', async () => {
    const reader = await new Reader(3, 'follower').open();
    const first = reader.context.timed(reader.next());
    reader.at(2).commitTo(9);
    await reader.context.scheduler.advanceBy(0);
    const second = reader.context.timed(reader.next());
    expect((await first).value).toMatchObject({ errorCode: 0, responses: [] });
    expect((await first).tookMs).toBeLessThanOrEqual(1);
    reader.at(1).append();
    const { value } = await second;
    expect(indexesOf(value).sort()).toEqual([1, 2]);
  });

  it('is ended when the reader has gone, or opens another session', async () => {
    const reader = await new Reader(1, 'follower').open();
    const waiting = reader.context.timed(reader.next());
    await reader.context.fetch({ ...FOLLOWER_STATE, sessionId: 0, sessionEpoch: 0, topics: [asked('a', 0)] });
    await reader.context.scheduler.advanceBy(10);
    reader.context.sessions.close();
    expect((await waiting).tookMs).toBeLessThanOrEqual(11);
  });

  it('serves those first that got nothing when there was too much for one answer', async () => {
    const reader = await new Reader(3, 'follower', { maxBytes: 300 }).open();
    for (const led of reader.led) led.append(1, 'x'.repeat(200));
    const served: number[] = [];
    for (let round = 0; round < 3; round++) {
      const { value } = await reader.context.timed(reader.next());
      served.push(
        ...partitionsOf(value).flatMap(({ partitionIndex, records }) => (records?.length ? partitionIndex : [])),
      );
    }
    expect(served.sort()).toEqual([0, 1, 2]);
  });

  it('looks at all partitions from time to time, so that an idle follower counts as caught up', async () => {
    const reader = await new Reader(50, 'follower', { refreshMs: 3000 }).open();
    for (let round = 0; round < 12; round++) await reader.context.timed(reader.next());
    const looked = reader.looked();
    expect(looked).toBeGreaterThanOrEqual(50);
    expect(looked).toBeLessThanOrEqual(150);
  });

  it('takes all positions anew once the follower’s broker has registered anew (rule 1)', async () => {
    const reader = await new Reader(5, 'follower').open();
    await reader.next({ maxWaitMs: 0, replicaState: { replicaId: 9, replicaEpoch: 800n } });
    expect(reader.at(3).followers.get(brokerId(9))).toEqual({ fetchOffset: 0, brokerEpoch: 800 });
  });
});

describe('a fetch in a session of a consumer', () => {
  it('is answered when something is committed, not when it is written', async () => {
    const reader = await new Reader(2, 'consumer').open();
    reader.context.scheduler.after(20, () => reader.at(0).append());
    reader.context.scheduler.after(60, () => reader.at(0).commitTo(1));
    const { value, tookMs } = await reader.context.timed(reader.next());
    expect([indexesOf(value), tookMs]).toEqual([[0], 60]);
  });

  it('leaves it to the replicas to wait for more than a byte, of all partitions', async () => {
    const reader = await new Reader(4, 'consumer').open();
    await reader.next({ minBytes: 1000 });
    expect(reader.context.replicas.fetches).toEqual([
      expect.objectContaining({ minBytes: 1000, maxWaitMs: 500, partitions: expect.objectContaining({ length: 4 }) }),
    ]);
  });
});
