import { formatTopicPartition } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { inScalaSetOrder } from '../../src/dump-log/scala-set-order.ts';

type Group = readonly [topic: string, ...partitions: number[]];

const ordered = (...groups: Group[]): string =>
  inScalaSetOrder(groups.map(([topic, ...partitions]) => partitions.map((partition) => ({ topic, partition }))))
    .map(formatTopicPartition)
    .join();

// The orders are those in which kafka-dump-log printed transactions with these partitions.
describe('inScalaSetOrder', () => {
  it('orders by bucket and hash, up to 11 elements in 16 buckets', () => {
    expect(ordered(['orders1', 13, 46, 2, 26178], ['orders2', 45, 37, 2], ['größe3', 66363, 41663, 1, 53483])).toBe(
      'orders2-2,orders1-46,orders1-26178,größe3-41663,größe3-66363,orders2-37,orders1-2,orders1-13,orders2-45,' +
        'größe3-1,größe3-53483',
    );
  });

  it('takes more buckets where small groups fill them', () => {
    expect(
      ordered(
        ['orders1', 25, 45, 35, 29],
        ['payments-2', 5124, 14],
        ['t.x_3', 32345, 3],
        ['payments-4'],
        ['orders7', 85726, 52050, 94874, 19993],
        ['payments-8', 79158],
      ),
    ).toBe(
      'orders7-85726,orders7-94874,orders7-52050,payments-2-14,orders1-35,t.x_3-3,payments-2-5124,payments-8-79158,' +
        'orders7-19993,orders1-45,t.x_3-32345,orders1-25,orders1-29',
    );
  });

  it('takes no more for a large group than that group asks for', () => {
    expect(
      ordered(
        ['payments-0', 37, 99813, 51255, 74285, 21, 17663, 51983, 5, 46530],
        ['t.x_1', 84186],
        ['payments-2', 6600, 26, 73274, 33],
        ['t.x_3', 3, 15137],
      ),
    ).toBe(
      'payments-0-51255,payments-0-74285,t.x_3-3,payments-2-6600,payments-0-5,payments-0-37,payments-2-33,' +
        't.x_3-15137,t.x_1-84186,payments-0-46530,payments-0-17663,payments-0-51983,payments-2-26,payments-2-73274,' +
        'payments-0-99813,payments-0-21',
    );
  });

  it('has each element once', () => {
    expect(ordered(['a', 1, 1], ['a', 1])).toBe('a-1');
  });
});
