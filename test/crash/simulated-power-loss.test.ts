import { describe, expect, it } from 'vitest';
import { runSeed } from './crash-run.ts';
import { Reached } from './reached.ts';
import { isSingleSeed, seedsToRun } from './seeds.ts';

/** Without these a run says little. */
const HAS_TO_BE_REACHED = [
  ...['power lost', 'killed', 'closed', 'clean start', 'crash during recovery', 'crash with a roll unflushed'],
  ...['append', 'flush', 'flush in a new epoch', 'truncation', 'full truncation', 'deleting records'].map(
    (what) => `crash during ${what}`,
  ),
  ...['creating a log', 'deleting a log', 'checkpoint', 'close'].map((what) => `crash during ${what}`),
  ...['tail cut', 'segment lost', 'snapshot missing', 'epoch checkpoint half replaced', 'unacknowledged appends lost'],
  ...['page torn', 'page zeroed', 'truncation undone', 'rename undone', 'removal undone', 'create undone'],
  ...['duplicate recognized', 'sequence gap refused', 'aborted transaction found', 'transaction open when opened'],
  'looked up by timestamp',
];

const SEEDS = seedsToRun(250);

describe('a log on a disk that loses and tears what was not flushed', () => {
  it(`keeps every promise, whenever the process is killed or the power fails (seeds ${SEEDS[0]} to ${SEEDS.at(-1)})`, {
    timeout: 60_000 + SEEDS.length * 1000,
  }, async () => {
    const reached = new Reached();
    for (const seed of SEEDS) await runSeed(seed, { reached });
    if (!isSingleSeed()) expect(reached.missing(HAS_TO_BE_REACHED)).toEqual([]);
  });
});
