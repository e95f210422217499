import { defineConfig } from 'vitest/config';

/** Faults under load, many times each; one cluster at a time, so that gaps are those of the fault. */
export default defineConfig({
  test: {
    include: ['test/chaos/*.test.ts'],
    globalSetup: ['test/chaos/support/report-at-end.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 5 * 60_000,
  },
});
