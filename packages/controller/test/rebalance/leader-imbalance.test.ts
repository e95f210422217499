import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PartitionView } from '../../src/election/partition-view.ts';
import { leaderImbalances } from '../../src/rebalance/leader-imbalance.ts';
import { arbitraryView } from '../support/arbitrary-view.ts';
import { view } from '../support/views.ts';

const LIVE = [1, 2, 3];
const home = view({ leader: 1, isr: [1, 2], live: LIVE });
const astray = view({ leader: 2, isr: [1, 2], live: LIVE });
const stuck = view({ leader: 2, isr: [2], live: LIVE });
const offline = view({ isr: [1], live: [2] });
const others = view({ assignment: [2, 1], leader: 1, isr: [1, 2], live: LIVE });

const numbered = (views: readonly PartitionView[]) =>
  views.map((view, partition) => ({ partition: { topic: 't', partition }, view }));
const inShort = (views: readonly PartitionView[], percentage: number) =>
  leaderImbalances(numbered(views), percentage).map(({ broker, ratio, toElect }) => [
    broker,
    ratio,
    toElect.map(({ partition }) => partition),
  ]);

describe('leaderImbalances', () => {
  it('lists the partitions to give back, by preferred leader', () => {
    expect(inShort([others, home, astray, others], 10)).toEqual([
      [1, 0.5, [2]],
      [2, 1, [0, 3]],
    ]);
  });

  it('lets a broker be whose ratio is not above the limit', () => {
    const tenth = [astray, ...Array.from({ length: 9 }, () => home)];
    expect(inShort(tenth, 10)).toEqual([]);
    expect(inShort(tenth.slice(0, -1), 10)).toEqual([[1, 1 / 9, [0]]]);
    expect(inShort([home], 0)).toEqual([]);
  });

  it('counts those that cannot be given back, and does not list them', () => {
    expect(inShort([stuck, offline, astray, home], 50)).toEqual([[1, 0.75, [2]]]);
    expect(inShort([stuck, home], 10)).toEqual([[1, 0.5, []]]);
  });

  it('lists only partitions whose preferred leader is live, in sync, unmarked and does not lead', () => {
    fc.assert(
      fc.property(fc.array(arbitraryView, { maxLength: 30 }), fc.nat(100), (views, percentage) => {
        for (const { broker, ratio, toElect } of leaderImbalances(numbered(views), percentage)) {
          expect(ratio).toBeGreaterThan(percentage / 100);
          for (const { partition } of toElect) {
            const { assignment, current, live, marked } = views[partition] as PartitionView;
            expect([assignment[0], current.isr.includes(broker), live.has(broker)]).toEqual([broker, true, true]);
            expect([current.leader === broker, marked.has(broker)]).toEqual([false, false]);
          }
        }
      }),
    );
  });
});
