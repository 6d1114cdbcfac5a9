import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'viewer/src/**/*.test.ts'],
    exclude: ['test/real/**', 'test/reliability/**', 'node_modules/**', 'dist/**'],
    testTimeout: 30_000,
    maxWorkers: 2,
  },
});
