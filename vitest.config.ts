import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts', 'tools/**/*.test.ts'],
    exclude: ['test/interop/**', 'test/chaos/*.test.ts', 'test/docker/**', '**/node_modules/**'],
    setupFiles: ['test/setup/fuzz-seed.ts'],
    pool: 'forks',
    // All of the cores: many tests wait for other processes.
    maxWorkers: '100%',
    testTimeout: 30_000,
  },
});
