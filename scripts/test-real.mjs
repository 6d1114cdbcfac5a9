/**
 * `npm run test:real`: builds, then installs, starts, tests and stops real servers, one at a time. Names choose among them:
 * `node scripts/test-real.mjs triton`. A server that cannot be installed or started is a failure. The last lines say what
 * was run, and `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const SERVERS = ['triton', 'vllm'];

const chosen = process.argv.slice(2);
const unknown = chosen.find((name) => !SERVERS.includes(name));
if (unknown !== undefined) {
  console.error(`there is no test of "${unknown}"; choose among ${SERVERS.join(', ')}`);
  process.exit(2);
}
const wanted = chosen.length === 0 ? SERVERS : chosen;

const folder = mkdtempSync(join(tmpdir(), 'ais-bench-test-'));
const report = join(folder, 'vitest.json');
let passed = 0;
let failed = 0;
try {
  const built = run(['tsc', '-p', 'tsconfig.build.json']);
  const files = wanted.map((name) => `test/real/${name}.test.ts`);
  const options = ['--reporter=verbose', '--reporter=json', `--outputFile.json=${report}`];
  const succeeded =
    built && run(['vitest', 'run', '--config', 'test/real/vitest.config.ts', ...options, ...files]);
  const { testResults = [] } = readReport();
  console.log();
  for (const name of wanted) {
    const result = testResults.find((file) => basename(file.name) === `${name}.test.ts`);
    const count = (status) => result?.assertionResults.filter((it) => it.status === status).length ?? 0;
    passed += count('passed');
    failed += count('failed');
    const other = (result?.assertionResults.length ?? 0) - count('passed') - count('failed');
    // A hook that fails leaves tests that were not run: they count as one failure.
    if (result === undefined || result.status !== 'passed') failed += count('failed') === 0 ? 1 : 0;
    console.log(`${name}: ${count('passed')} passed, ${count('failed')} failed, ${other} not run`);
  }
  if (!succeeded && failed === 0) failed = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Runs a tool of the project's own; whether it succeeded. */
function run([tool, ...args]) {
  console.log(`\n== ${tool} ${args.join(' ')}`);
  const { status } = spawnSync(join('node_modules/.bin', tool), args, { stdio: 'inherit' });
  return status === 0;
}

function readReport() {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return {};
  }
}
