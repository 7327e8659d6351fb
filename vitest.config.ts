import { defineConfig } from 'vitest/config';

const withStack = {
  globalSetup: ['test/helpers/global-setup.ts'],
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

export default defineConfig({
  test: {
    // Of its own accord Vitest leaves one processor to itself: on two that is one test file at a time, and many of ours wait.
    // With two at a time a fifth of two processors is idle, with three a twelfth.
    maxWorkers: 3,
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 60_000 } },
      { test: { name: 'integration', include: ['test/integration/**/*.test.ts'], ...withStack } },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          ...withStack,
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
