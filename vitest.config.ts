/**
 * Names and folders say which tests run when, see CONTRIBUTING.md. `unit`: quick, and no wall clock. `commands`: every command once, as
 * it is built. `e2e`: the commands at length. `long`: what takes its time, such as properties, sandboxes, kills, installs.
 * `test/reliability` and `test/real` have configs of their own.
 */
import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

const LONG = '**/*.long.test.ts';

function project(name: string, include: readonly string[]) {
  return { extends: true as const, test: { name, include: [...include] } };
}

const unit = project('unit', ['{src,viewer/src,test/support}/**/*.test.ts', 'test/*.test.ts']);

export default defineConfig({
  test: {
    testTimeout: 30_000,
    maxWorkers: availableParallelism(),
    projects: [
      // Without isolation a worker reads a module once, not once a file, which is half of the time.
      { ...unit, test: { ...unit.test, exclude: [...configDefaults.exclude, LONG], isolate: false } },
      project('commands', ['test/commands/*.test.ts']),
      project('e2e', ['test/e2e/*.test.ts']),
      project('long', ['{src,viewer/src,test/support}/**/*.long.test.ts', 'test/*.long.test.ts']),
    ],
  },
});
