import { defineConfig } from 'vitest/config';

/** Clusters in containers, one at a time; test/docker/engine/with-engine.sh makes what they need. */
export default defineConfig({
  test: {
    include: ['test/docker/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 3 * 60_000,
    hookTimeout: 3 * 60_000,
  },
});
