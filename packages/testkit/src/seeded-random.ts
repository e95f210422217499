import type { Random } from '@barnabas/model';

/**
 * Chance that repeats: the same seed (any integer) gives the same numbers, on every machine. Generator: sfc32, Chris
 * Doty-Humphrey's small fast counting generator, its state filled from the seed by splitmix32. Not for secrets.
 */
export function seededRandom(seed: number): Random {
  const next = sfc32(seed);
  return {
    below(bound) {
      if (!Number.isSafeInteger(bound) || bound < 1) throw new RangeError(`bound ${bound} is not a positive integer`);
      return bound <= 2 ** 32 ? Math.floor((next() / 2 ** 32) * bound) : belowWide(next, bound);
    },
    bytes(count) {
      return Uint8Array.from({ length: count }, () => next() & 0xff);
    },
  };
}

/** One of the items, each as likely. */
export function pick<T>(random: Random, items: readonly T[]): T {
  const index = random.below(items.length);
  return items[index] as T;
}

/** True with the probability given, from 0 (never) to 1 (always). */
export function chance(random: Random, probability: number): boolean {
  return random.below(2 ** 32) < probability * 2 ** 32;
}

/** The items in an order that chance decides (Fisher and Yates). */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(random.below(rest.length), 1));
}

/** Draws 53 bits until they are below the bound's last whole multiple. */
function belowWide(next: () => number, bound: number): number {
  const limit = 2 ** 53 - (2 ** 53 % bound);
  let drawn = limit;
  while (drawn >= limit) drawn = (next() >>> 11) * 2 ** 32 + next();
  return drawn % bound;
}

function sfc32(seed: number): () => number {
  let state = seed | 0;
  const splitmix32 = () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
  let a = splitmix32();
  let b = splitmix32();
  let c = splitmix32();
  let counter = 1;
  return () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
}
