import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimerHeap } from '../src/timer-heap.ts';

describe('TimerHeap', () => {
  it('gives what is left in the order of time, then of setting, whatever was called off', () => {
    const timer = fc.record({ atMs: fc.nat(5), isCancelled: fc.boolean() });
    fc.assert(
      fc.property(fc.array(timer, { maxLength: 40 }), (timers) => {
        const heap = new TimerHeap();
        const set = timers.map(({ atMs }) => heap.add(atMs, () => {}));
        const left = set.filter((_, index) => timers[index]?.isCancelled !== true);
        for (const due of set) if (!left.includes(due)) heap.cancel(due);
        expect(heap.size).toBe(left.length);
        const taken = Array.from({ length: left.length + 1 }, () => heap.takeFirst());
        const sorted = left.toSorted((a, b) => a.atMs - b.atMs || a.order - b.order);
        expect(taken).toEqual([...sorted, undefined]);
      }),
    );
  });

  it('has none where all were called off', () => {
    const heap = new TimerHeap();
    heap.cancel(heap.add(1, () => {}));
    expect([heap.first, heap.size]).toEqual([undefined, 0]);
  });
});
