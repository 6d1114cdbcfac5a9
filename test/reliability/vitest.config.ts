/** The harnesses of what is promised when things go wrong: `npm run test:reliability`. */
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: `${import.meta.dirname}/../..`,
    include: ['test/reliability/*.test.ts'],
    maxWorkers: availableParallelism(),
    testTimeout: 300_000,
  },
});
