import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts', 'tools/**/*.test.ts'],
    exclude: ['test/interop/**', 'test/chaos/*.test.ts', 'test/docker/**', '**/node_modules/**'],
    setupFiles: ['test/setup/fuzz-seed.ts'],
    pool: 'forks',
    testTimeout: 30_000,
  },
});
