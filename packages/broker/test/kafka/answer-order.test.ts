import type { Frame } from '@barnabas/transport';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerOrder, type Place } from '../../src/kafka/answer-order.ts';

const frame = (sizeBytes: number): Frame => ({ parts: [], sizeBytes });

describe('AnswerOrder', () => {
  it('lets answers leave in the order of the requests, each once, whichever is ready first', () => {
    const orders = fc
      .integer({ min: 1, max: 8 })
      .chain((count) => fc.tuple(shuffled(count), fc.array(fc.boolean(), { minLength: count, maxLength: count })));
    fc.assert(
      fc.property(orders, ([settled, isAnswered]) => {
        const order = new AnswerOrder();
        const places = settled.map(() => order.open());
        const left = settled.flatMap((at) =>
          order.settle(places[at] as Place, isAnswered[at] ? frame(at) : 'none').map(({ sizeBytes }) => sizeBytes),
        );
        expect(left).toEqual(settled.map((_, at) => at).filter((at) => isAnswered[at]));
        expect(order.waiting).toBe(0);
      }),
    );
  });

  it('holds back what is ready before an older request is', () => {
    const order = new AnswerOrder();
    const [first, second] = [order.open(), order.open()];
    expect(order.settle(second, frame(2))).toEqual([]);
    expect(order.waiting).toBe(2);
    expect(order.settle(first, 'none')).toEqual([frame(2)]);
  });
});

const shuffled = (count: number): fc.Arbitrary<number[]> => {
  const places = Array.from({ length: count }, (_, at) => at);
  return fc.shuffledSubarray(places, { minLength: count, maxLength: count });
};
