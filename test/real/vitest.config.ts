/** The tests against real servers: `npm run test:real`. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: `${import.meta.dirname}/../..`,
    include: ['test/real/*.test.ts'],
    fileParallelism: false,
    // A model on two cores answers slowly, and so does the first request of a server; an install takes minutes.
    testTimeout: 300_000,
    hookTimeout: 1_800_000,
  },
});
