import { describe, expect, it } from 'vitest';
import { roomFor } from '../../../../src/requests/fetch/session/session-eviction.ts';

const NOW = 1_000_000;
const session = (id: number, isFollower: boolean, size: number, createdAgoMs: number, usedAgoMs = 0) => ({
  id,
  isFollower,
  size,
  createdMs: NOW - createdAgoMs,
  lastUsedMs: NOW - usedAgoMs,
});
const consumer = (size: number) => ({ isFollower: false, size });
const follower = (size: number) => ({ isFollower: true, size });
const OLD = 120_001;
const YOUNG = 120_000;

describe('roomFor', () => {
  it('takes the place of the one that has been idle longest, if for more than two minutes, whoever it is', () => {
    const idle = [session(1, true, 100, OLD, OLD), session(2, false, 1, OLD, OLD + 1), session(3, false, 1, OLD)];
    expect(roomFor(consumer(1), idle, NOW)?.id).toBe(2);
    expect(roomFor(consumer(1), idle.slice(0, 1), NOW)?.id).toBe(1);
  });

  it('lets a consumer take the place of a consumer that is neither young nor larger', () => {
    expect(roomFor(consumer(5), [session(1, false, 5, OLD)], NOW)?.id).toBe(1);
    expect(roomFor(consumer(5), [session(1, false, 6, OLD)], NOW)).toBeUndefined();
    expect(roomFor(consumer(5), [session(1, false, 1, YOUNG)], NOW)).toBeUndefined();
    expect(roomFor(consumer(5), [session(1, true, 1, OLD)], NOW)).toBeUndefined();
  });

  it('lets a follower take the place of any consumer, and of a follower that is neither young nor larger', () => {
    expect(roomFor(follower(1), [session(1, false, 500, YOUNG)], NOW)?.id).toBe(1);
    expect(roomFor(follower(5), [session(1, true, 5, OLD)], NOW)?.id).toBe(1);
    expect(roomFor(follower(5), [session(1, true, 6, OLD)], NOW)).toBeUndefined();
    expect(roomFor(follower(5), [session(1, true, 5, YOUNG)], NOW)).toBeUndefined();
  });

  it('begins with the least worth: consumers before followers, small before large', () => {
    const sessions = [session(1, true, 1, OLD), session(2, false, 9, OLD), session(3, false, 3, OLD)];
    expect(roomFor(follower(10), sessions, NOW)?.id).toBe(3);
  });
});
