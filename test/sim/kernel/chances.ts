import type { Random } from '@barnabas/model';
import { seededRandom } from '@barnabas/testkit';

/** A stream of chance of its own for each part of a run, so that what one part draws changes nothing for the others. */
export function chancesOf(seed: number, part: string): Random {
  let mixed = Math.imul(seed, 0x9e3779b1);
  for (let at = 0; at < part.length; at++) mixed = Math.imul(mixed ^ part.charCodeAt(at), 0x01000193);
  return seededRandom(mixed);
}

/** An integer from `low` to `high`, both included. */
export const between = (random: Random, low: number, high: number): number => low + random.below(high - low + 1);
