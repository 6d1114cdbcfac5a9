/**
 * `npm test`: format and lint, types, unused code, build, tests, in this order, each also when one before it failed.
 * The last line is `N passed, N failed`; a check that fails counts as one failed test.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'ais-bench-test-'));
const report = join(folder, 'vitest.json');

const CHECKS = [
  ['biome', 'check', '--error-on-warnings'],
  ['tsc', '--noEmit'],
  ['tsc', '-p', 'viewer'],
  ['knip'],
  ['vite', 'build', '--config', 'bundle.config.ts'],
  ['tsc', '-p', 'tsconfig.build.json'],
  ['vite', 'build', 'viewer'],
];
const TESTS = ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];

let passed = 0;
let failed = 0;
try {
  for (const check of CHECKS) {
    if (run(check)) passed += 1;
    else failed += 1;
  }
  const testsAreFine = run([...TESTS, ...process.argv.slice(2)]);
  const { numPassedTests = 0, numFailedTests = 0 } = readReport();
  passed += numPassedTests;
  // Files that could not be loaded and errors outside any test have no failed test of their own.
  failed += testsAreFine ? numFailedTests : Math.max(1, numFailedTests);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Runs a tool of the project's own; whether it succeeded. */
function run([tool, ...args]) {
  console.log(`\n== ${tool} ${args.join(' ')}`);
  const { status } = spawnSync(join('node_modules/.bin', tool), args, { stdio: 'inherit' });
  if (status !== 0) console.log(`FAIL ${tool} ${args.join(' ')}`);
  return status === 0;
}

function readReport() {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return {};
  }
}
