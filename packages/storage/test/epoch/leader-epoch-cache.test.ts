import { leaderEpoch, offset } from '@barnabas/model';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EpochEntry, LeaderEpochCache } from '../../src/epoch/leader-epoch-cache.ts';
import { goldenPartitions } from '../golden-partitions.ts';

const cacheOf = (...pairs: [epoch: number, startOffset: number][]) =>
  new LeaderEpochCache(pairs.map(([epoch, start]) => ({ epoch: leaderEpoch(epoch), startOffset: offset(start) })));
const pairsOf = ({ entries }: LeaderEpochCache) => entries.map(({ epoch, startOffset }) => [epoch, startOffset]);

describe('assign', () => {
  it('adds an epoch after the others', () => {
    const cache = cacheOf([0, 0]);
    expect(cache.assign(leaderEpoch(3), offset(10))).toBe(true);
    expect(pairsOf(cache)).toEqual([
      [0, 0],
      [3, 10],
    ]);
    expect(cache.latestEpoch).toBe(3);
  });

  it('changes nothing while the epoch stays', () => {
    const cache = cacheOf([0, 0], [3, 10]);
    expect(cache.assign(leaderEpoch(3), offset(10))).toBe(false);
    expect(cache.assign(leaderEpoch(3), offset(11))).toBe(false);
    expect(pairsOf(cache)).toEqual([
      [0, 0],
      [3, 10],
    ]);
  });

  it.each<[string, [number, number], [number, number][]]>([
    [
      'an epoch without data gives way to the next',
      [5, 20],
      [
        [0, 0],
        [2, 10],
        [5, 20],
      ],
    ],
    [
      'an epoch from an earlier offset removes the later ones',
      [5, 10],
      [
        [0, 0],
        [5, 10],
      ],
    ],
    [
      'an earlier epoch removes the later ones',
      [1, 30],
      [
        [0, 0],
        [1, 30],
      ],
    ],
    [
      'the latest epoch moves back',
      [4, 15],
      [
        [0, 0],
        [2, 10],
        [4, 15],
      ],
    ],
    ['all may go', [0, 0], [[0, 0]]],
  ])('removes what contradicts: %s', (_, [epoch, startOffset], expected) => {
    const cache = cacheOf([0, 0], [2, 10], [4, 20]);
    expect(cache.assign(leaderEpoch(epoch), offset(startOffset))).toBe(true);
    expect(pairsOf(cache)).toEqual(expected);
  });

  it('refuses an epoch or offset that is none', () => {
    expect(() => cacheOf([-1, 0])).toThrow(RangeError);
    expect(() => cacheOf([0, -1])).toThrow(RangeError);
  });
});

describe('epochFor', () => {
  it('answers the epoch in force at the offset', () => {
    const cache = cacheOf([1, 5], [3, 10]);
    const epochs = [4, 5, 9, 10, 1000].map((at) => cache.epochFor(offset(at)));
    expect(epochs).toEqual([undefined, 1, 1, 3, 3]);
  });
});

describe('endOffsetFor', () => {
  const cache = cacheOf([2, 5], [4, 10]);
  const end = (epoch: number) => cache.endOffsetFor(leaderEpoch(epoch), offset(20));

  it('answers the log end for the current epoch', () => {
    expect(end(4)).toEqual({ epoch: 4, endOffset: 20 });
  });

  it('answers where the next epoch begins for an earlier one', () => {
    expect(end(2)).toEqual({ epoch: 2, endOffset: 10 });
  });

  it('answers the epoch before for one that wrote nothing', () => {
    expect(end(3)).toEqual({ epoch: 2, endOffset: 10 });
  });

  it('answers the first start for an epoch whose data has gone', () => {
    expect(end(1)).toEqual({ epoch: 1, endOffset: 5 });
  });

  it('knows nothing of a later epoch, of none, and in an empty cache', () => {
    expect(end(5)).toBeUndefined();
    expect(end(-1)).toBeUndefined();
    expect(cacheOf().endOffsetFor(leaderEpoch(0), offset(20))).toBeUndefined();
  });

  it("gives Kafka's answers", () => {
    let compared = 0;
    for (const { dir, leaderEpochs, log, endOffsetForEpoch } of goldenPartitions()) {
      if (log === undefined || endOffsetForEpoch === undefined) continue;
      const loaded = cacheOf(...leaderEpochs.map(([epoch, start]): [number, number] => [epoch, start]));
      // As Kafka does on load.
      loaded.truncateFromEnd(offset(log.logEndOffset));
      loaded.truncateFromStart(offset(log.logStartOffset));
      for (const { query, leaderEpoch: epoch, endOffset } of endOffsetForEpoch) {
        const expected = endOffset === null ? undefined : { epoch, endOffset };
        const found = loaded.endOffsetFor(leaderEpoch(query), offset(log.logEndOffset));
        expect(found, `${dir}, epoch ${query}`).toEqual(expected);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(300);
  });
});

describe('truncateFromEnd', () => {
  it('removes the epochs that begin at the offset or after it', () => {
    const cache = cacheOf([0, 0], [2, 10], [4, 20]);
    expect(cache.truncateFromEnd(offset(21))).toBe(false);
    expect(cache.truncateFromEnd(offset(20))).toBe(true);
    expect(pairsOf(cache)).toEqual([
      [0, 0],
      [2, 10],
    ]);
    expect(cache.truncateFromEnd(offset(0))).toBe(true);
    expect(pairsOf(cache)).toEqual([]);
  });
});

describe('truncateFromStart', () => {
  it('lets the epoch in force at the offset begin there', () => {
    const cache = cacheOf([0, 0], [2, 10], [4, 20]);
    expect(cache.truncateFromStart(offset(15))).toBe(true);
    expect(pairsOf(cache)).toEqual([
      [2, 15],
      [4, 20],
    ]);
  });

  it('keeps an epoch that begins at the offset, and changes nothing below the first', () => {
    const cache = cacheOf([0, 5], [2, 10]);
    expect(cache.truncateFromStart(offset(3))).toBe(false);
    expect(cache.truncateFromStart(offset(5))).toBe(false);
    expect(cache.truncateFromStart(offset(10))).toBe(true);
    expect(pairsOf(cache)).toEqual([[2, 10]]);
  });

  it('keeps the last epoch beyond the end', () => {
    const cache = cacheOf([0, 5], [2, 10]);
    cache.truncateFromStart(offset(100));
    expect(pairsOf(cache)).toEqual([[2, 100]]);
  });
});

describe('clear', () => {
  it('removes all and tells whether there was anything', () => {
    const cache = cacheOf([0, 0]);
    expect(cache.clear()).toBe(true);
    expect(cache.clear()).toBe(false);
    expect(cache.latestEpoch).toBeUndefined();
  });
});

/** The same rules on a plain list, entry by entry and without a thought for speed. */
const naive = {
  assign: (entries: EpochEntry[], { epoch, startOffset }: EpochEntry): EpochEntry[] => {
    const last = entries.at(-1);
    if (last?.epoch === epoch && last.startOffset <= startOffset) return entries;
    const kept = [...entries];
    for (let end = kept.at(-1); end && (end.epoch >= epoch || end.startOffset >= startOffset); end = kept.at(-1)) {
      kept.pop();
    }
    return [...kept, { epoch, startOffset }];
  },
  fromEnd: (entries: EpochEntry[], { startOffset }: EpochEntry) =>
    entries.filter((entry) => entry.startOffset < startOffset),
  fromStart: (entries: EpochEntry[], { startOffset }: EpochEntry) =>
    entries.flatMap((entry, index) => {
      const next = entries[index + 1];
      if (next !== undefined && next.startOffset <= startOffset) return [];
      return [entry.startOffset < startOffset ? { ...entry, startOffset } : entry];
    }),
};

describe('a LeaderEpochCache', () => {
  it('does as a naive list does, says truly whether it changed, and always rises', () => {
    const step = fc.record({
      operation: fc.constantFrom('assign', 'fromEnd', 'fromStart'),
      epoch: fc.nat(20).map(leaderEpoch),
      startOffset: fc.nat(60).map(offset),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const cache = new LeaderEpochCache();
        let model: EpochEntry[] = [];
        for (const { operation, epoch, startOffset } of steps) {
          const before = pairsOf(cache);
          let changed: boolean;
          if (operation === 'assign') changed = cache.assign(epoch, startOffset);
          else if (operation === 'fromEnd') changed = cache.truncateFromEnd(startOffset);
          else changed = cache.truncateFromStart(startOffset);
          model = naive[operation](model, { epoch, startOffset });
          expect(cache.entries).toEqual(model);
          expect(changed).toBe(JSON.stringify(before) !== JSON.stringify(pairsOf(cache)));
          for (const [index, entry] of cache.entries.entries()) {
            const next = cache.entries[index + 1];
            if (next === undefined) continue;
            expect(next.epoch).toBeGreaterThan(entry.epoch);
            expect(next.startOffset).toBeGreaterThan(entry.startOffset);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
