/** The tests against real servers, one at a time: `npm run test:real`, or `node scripts/test-real.mjs triton`. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/real/**/*.test.ts'],
    fileParallelism: false,
    // A model on two cores answers slowly, and so does the first request of a server.
    testTimeout: 300_000,
    hookTimeout: 1_800_000,
  },
});
