import { describe, expect, it } from 'vitest';
import { withEarlySync, withoutDirectorySync, withoutRemovalOf, withSyncOf } from './broken-file-systems.ts';
import { CheckFailure } from './check-failure.ts';
import { type CrashRunOptions, runSeed } from './crash-run.ts';

const SEEDS = 200;

/** What the checker says of the first seed that it catches. */
const firstFailure = async (options: CrashRunOptions): Promise<string> => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    try {
      await runSeed(seed, options);
    } catch (error) {
      if (error instanceof CheckFailure) return error.message;
      throw error;
    }
  }
  return `none of ${SEEDS} seeds`;
};

describe('the checker', () => {
  it('finds that acknowledged appends are lost where the disk lies about flushing', async () => {
    const lost: string[] = [];
    for (let seed = 1; seed <= 40; seed++) {
      await runSeed(seed, { lieFromGeneration: 2 }).catch((error: unknown) => lost.push(String(error)));
    }
    expect(lost.some((message) => /but all below \d+ was acknowledged/.test(message))).toBe(true);
  });

  it.each<[rule: string, options: CrashRunOptions]>([
    ['a directory is flushed before what is in it is relied on', { wrap: withoutDirectorySync }],
    ['batches are flushed before they are acknowledged', { wrap: withSyncOf((path) => !path.endsWith('.log')) }],
    ['a flush is waited for', { wrap: withEarlySync }],
    ['a file is flushed before it replaces another', { wrap: withSyncOf((path) => !path.endsWith('.tmp')) }],
    ['aborted transactions are flushed', { wrap: withSyncOf((path) => !path.endsWith('.txnindex')) }],
    [
      'the clean-shutdown marker is taken away at the start',
      { wrap: withoutRemovalOf((path) => path.endsWith('.kafka_cleanshutdown')) },
    ],
  ])('finds out that a rule is broken: %s', async (_, options) => {
    expect(await firstFailure(options)).toMatch(/^seed \d+: /);
  });
});
