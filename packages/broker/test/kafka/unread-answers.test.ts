import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SlowReader, UnreadAnswers } from '../../src/kafka/unread-answers.ts';

const MIB = 1024 * 1024;
const reader = (destroy: () => void = () => {}): SlowReader => ({ destroy });

describe('UnreadAnswers', () => {
  it('drops those that have read nothing for the longest time, and no more than it has to', () => {
    const dropped: string[] = [];
    const named = (name: string) => reader(() => dropped.push(name));
    const unread = new UnreadAnswers(100);
    const reading = named('reading');
    unread.set(reading, 30);
    unread.set(named('slowest'), 30);
    unread.set(named('slow'), 30);
    unread.set(reading, 10);
    unread.set(named('new'), 50);
    expect(dropped).toEqual(['slowest']);
    expect(unread.totalBytes).toBe(90);
  });

  it('never counts more than there is room for, nor what has been read', () => {
    const readers = Array.from({ length: 6 }, () => reader());
    const writes = fc.array(fc.tuple(fc.constantFrom(...readers), fc.nat(60)), { maxLength: 50 });
    fc.assert(
      fc.property(writes, (steps) => {
        const unread = new UnreadAnswers(100);
        for (const [one, bytes] of steps) {
          unread.set(one, bytes);
          expect(unread.totalBytes).toBeLessThanOrEqual(100);
        }
        for (const one of readers) unread.set(one, 0);
        expect(unread.totalBytes).toBe(0);
      }),
    );
  });

  it('has fetches answered with less as room gets scarce, but never with nothing', () => {
    const unread = new UnreadAnswers(256 * MIB);
    const one = reader();
    expect(unread.fetchBytes).toBe(64 * MIB);
    unread.set(one, 216 * MIB);
    expect(unread.fetchBytes).toBe(10 * MIB);
    unread.set(one, 256 * MIB);
    expect(unread.fetchBytes).toBe(64 * 1024);
  });
});
