import { setImmediate as nextTurn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CoalescedWrite } from '../../src/checkpoint/coalesced-write.ts';

/** A write that ends when it is told to, of a value that may change meanwhile. */
class WriteContext {
  value = 0;
  /** What each write that has begun found. */
  readonly begun: number[] = [];
  running = 0;
  readonly write = new CoalescedWrite(() => this.#run());
  #ends: ((error?: Error) => void)[] = [];

  /** Ends the write that is under way. */
  async end(error?: Error): Promise<void> {
    this.#ends.shift()?.(error);
    await nextTurn();
  }

  async #run(): Promise<void> {
    this.begun.push(this.value);
    expect(++this.running).toBe(1);
    const error = await new Promise<Error | undefined>((resolve) => this.#ends.push(resolve));
    this.running--;
    if (error !== undefined) throw error;
  }
}

describe('CoalescedWrite', () => {
  it('serves all who ask before a write begins with one', async () => {
    const context = new WriteContext();
    const asked = [context.write.request(), context.write.request()];
    context.value = 1;
    asked.push(context.write.request());
    await nextTurn();
    await context.end();
    await Promise.all(asked);
    expect(context.begun).toEqual([1]);
  });

  it('begins another for who asks while one is under way', async () => {
    const context = new WriteContext();
    const first = context.write.request();
    await nextTurn();
    context.value = 1;
    const [second, third] = [context.write.request(), context.write.request()];
    await context.end();
    await first;
    expect(context.begun).toEqual([0, 1]);
    await context.end();
    await Promise.all([second, third]);
    expect(context.begun).toEqual([0, 1]);
  });

  it('tells of an error those whom the write served, and no other', async () => {
    const context = new WriteContext();
    const first = [context.write.request(), context.write.request()];
    await nextTurn();
    const second = context.write.request();
    const outcomes = Promise.allSettled([...first, second]);
    await context.end(new Error('EIO'));
    await context.end();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    const third = context.write.request();
    await nextTurn();
    await context.end();
    await third;
  });

  it('has each change in a write that began after its request, never two writes at a time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('ask', 'end', 'turn', 'fail'), { maxLength: 40 }), async (steps) => {
        const context = new WriteContext();
        const asked: Promise<void>[] = [];
        for (const step of steps) {
          if (step === 'ask') {
            const mine = ++context.value;
            const begunBefore = context.begun.length;
            asked.push(
              context.write.request().then(
                () => expect(context.begun.slice(begunBefore).some((value) => value >= mine)).toBe(true),
                () => {},
              ),
            );
          }
          if (step === 'turn') await nextTurn();
          if (step === 'end') await context.end();
          if (step === 'fail') await context.end(new Error('EIO'));
        }
        await nextTurn();
        for (let left = 0; left < 3; left++) await context.end();
        await Promise.all(asked);
      }),
    );
  });
});
