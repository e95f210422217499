import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JavaHashSet, javaStringHash } from '../../../src/server/engine/java-hash.ts';

function setOf(texts: Iterable<string>, buckets?: number): JavaHashSet {
  const set = new JavaHashSet(buckets);
  for (const text of texts) set.add(text);
  return set;
}

const numbered = (prefix: string, count: number, step = 1) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index * step}`);

describe('javaStringHash', () => {
  it.each([
    ['', 0],
    ['a', 97],
    ['lock-0000000001', -864326685],
    ['ä€', 15432],
    ['zookeeper', 1600681804],
  ])('is what Java says of %j', (text, hash) => {
    expect(javaStringHash(text)).toBe(hash);
  });
});

describe('JavaHashSet', () => {
  // Printed by a program in Java 17, and read off the children of / of a running server.
  it('lists its elements as Java does', () => {
    const names = ['zookeeper', 'c', 'c4', 'm1', 'mc', 'mc0', 'mt', 'mt0'];
    expect(setOf(names, 8).values()).toEqual(['c4', 'c', 'zookeeper', 'm1', 'mc', 'mt', 'mt0', 'mc0']);
  });

  it('grows as Java does, and an element that goes leaves no trace', () => {
    const set = setOf(numbered('k', 20, 7919), 8);
    set.delete('k7919');
    expect(set.values().join()).toBe(
      'k102947,k23757,k118785,k79190,k126704,k142542,k0,k47514,k15838,k63352,k134623,k31676,k110866,k55433,k71271,' +
        'k87109,k150461,k95028,k39595',
    );
  });

  it('lists a clone as one that has no more buckets than it needs', () => {
    const set = setOf(['/e10', '/e0', '/e28', '/e27']);
    expect(set.values()).toEqual(['/e10', '/e0', '/e28', '/e27']);
    expect(set.valuesOfClone()).toEqual(['/e0', '/e28', '/e10', '/e27']);
  });

  it('does not change what it has handed out', () => {
    const set = setOf(['a', 'b']);
    const before = set.values();
    set.add('c');
    set.delete('a');
    expect(before).toEqual(['a', 'b']);
    expect(set.values()).toEqual(['b', 'c']);
  });

  it('has each element once, whatever is added and deleted', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.string({ maxLength: 2 }))), (steps) => {
        const set = new JavaHashSet(8);
        const model = new Set<string>();
        for (const [isAdded, text] of steps) {
          if (isAdded) expect(set.add(text)).toBe(!model.has(text));
          else expect(set.delete(text)).toBe(model.has(text));
          if (isAdded) model.add(text);
          else model.delete(text);
        }
        expect(set.size).toBe(model.size);
        expect([...set.values()].sort()).toEqual([...model].sort());
      }),
    );
  });
});
