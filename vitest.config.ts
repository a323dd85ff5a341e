import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'tools/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts'],
    globalSetup: ['test/services/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A deadline, and no statement about how long something takes: what is there sooner is seen sooner.
    expect: { poll: { timeout: 15_000, interval: 25 } },
    pool: 'forks',
    maxWorkers: 2,
  },
});
