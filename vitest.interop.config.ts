import { defineConfig } from 'vitest/config';

/** Tests that fetch Apache Kafka and run it: one at a time, and each may take minutes. */
export default defineConfig({
  test: {
    include: ['test/interop/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    passWithNoTests: true,
    testTimeout: 10 * 60_000,
    hookTimeout: 15 * 60_000,
  },
});
