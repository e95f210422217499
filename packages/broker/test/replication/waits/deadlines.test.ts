import { SimulatedClock, SimulatedScheduler } from '@barnabas/testkit';
import { describe, expect, it } from 'vitest';
import { Deadlines } from '../../../src/replication/waits/deadlines.ts';

class Context {
  readonly clock = new SimulatedClock();
  readonly scheduler = new SimulatedScheduler(this.clock);
  readonly deadlines = new Deadlines(this.clock, this.scheduler);
  readonly expired: string[] = [];

  wait(name: string, delayMs: number): () => void {
    const wait = { expire: () => this.expired.push(name) };
    const bucket = this.deadlines.add(wait, delayMs);
    return () => this.deadlines.remove(wait, bucket);
  }
}

describe('Deadlines', () => {
  it('expires each wait once its time is over, no more than 10 ms late', async () => {
    const context = new Context();
    context.wait('late', 200);
    context.wait('early', 55);
    await context.scheduler.advanceBy(54);
    expect(context.expired).toEqual([]);
    await context.scheduler.advanceBy(10);
    expect(context.expired).toEqual(['early']);
    await context.scheduler.advanceBy(200);
    expect(context.expired).toEqual(['early', 'late']);
  });

  it('has one timer, however many wait, and none where nobody does', async () => {
    const context = new Context();
    const removes = Array.from({ length: 1000 }, (_, at) => context.wait(`w${at}`, 100 + at));
    expect(context.scheduler.pendingTimers).toBe(1);
    for (const remove of removes) remove();
    await context.scheduler.advanceBy(150);
    expect(context.scheduler.pendingTimers).toBe(0);
    expect(context.expired).toEqual([]);
  });

  it('sets its timer forward for one that is due before all others', async () => {
    const context = new Context();
    context.wait('long', 30_000);
    await context.scheduler.advanceBy(100);
    context.wait('short', 10);
    await context.scheduler.advanceBy(30);
    expect(context.expired).toEqual(['short']);
    expect(context.scheduler.pendingTimers).toBe(1);
  });

  it('expires in the order of the deadlines, and those of one in the order in which they came', async () => {
    const context = new Context();
    context.wait('c', 31);
    context.wait('a', 11);
    context.wait('b', 12);
    context.deadlines.close();
    expect(context.expired).toEqual(['a', 'b', 'c']);
    expect(context.scheduler.pendingTimers).toBe(0);
    context.wait('after the end', 1000);
    expect(context.expired.at(-1)).toBe('after the end');
  });

  it('may be added to by what has expired', async () => {
    const context = new Context();
    context.deadlines.add({ expire: () => context.wait('again', 20) }, 20);
    await context.scheduler.advanceBy(100);
    expect(context.expired).toEqual(['again']);
  });
});
