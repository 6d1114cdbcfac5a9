/**
 * What the test scripts share: they run tools and vitest, count, and say at the end what failed. The last line is always
 * `N passed, N failed`.
 *
 * A script of tests returns `{ passed, failures }`. A failure is `{ test, message, again }`: its file and full name, the first lines
 * of the error, and, of a test that vitest ran, the Node and the arguments that run it alone.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

const NOTHING = { passed: 0, failures: [] };
const VITEST = resolve('node_modules/vitest/vitest.mjs');

/** More failures than these are no flaky tests. */
const MOST_REPEATS = 20;

/** Runs the tools of the project's own, each also where one before it failed; a tool that fails is one failure. */
export function runTools(tools) {
  return add(...tools.map(runTool));
}

function runTool([tool, ...args]) {
  const test = `${tool} ${args.join(' ')}`;
  console.log(`\n== ${test}`);
  const { status } = spawnSync(join('node_modules/.bin', tool), args, { stdio: 'inherit' });
  if (status === 0) return { passed: 1, failures: [] };
  return { passed: 0, failures: [{ test, message: `it ended with ${status}` }] };
}

const BUILD = [
  ['vite', 'build', '--config', 'bundle.config.ts'],
  ['tsc', '-p', 'tsconfig.build.json'],
  ['vite', 'build', 'viewer'],
];

/** Builds what tests run as it is built. `scripts/test-all.mjs` does so once for all. */
export function build() {
  return process.env.AIS_BENCH_IS_BUILT === undefined ? runTools(BUILD) : NOTHING;
}

/** Runs vitest with these arguments; `run` holds those that say which project and which limits, which a repetition needs too. */
export function runVitest(run, filters = [], node = process.execPath) {
  const folder = mkdtempSync(join(tmpdir(), 'ais-bench-test-'));
  const report = join(folder, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  console.log(`\n== vitest run ${[...run, ...filters].join(' ')}`);
  try {
    const args = [VITEST, 'run', ...run, ...filters, ...reporters];
    const { status } = spawnSync(node, args, { stdio: 'inherit', env: pathWith(node) });
    return outcomeOf(readReport(report), status, { node, run });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The environment in which programs that tests start find this Node first. */
function pathWith(node) {
  return { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}` };
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { testResults: [] };
  }
}

function outcomeOf({ testResults }, status, { node, run }) {
  const passed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter((one) => one.status === 'passed').length;
  const alone = (...filters) => ({ node, run, filters });
  const failures = testResults.flatMap((file) => failuresIn(file, alone));
  // An error outside any test, or no test at all.
  if (status !== 0 && failures.length === 0)
    failures.push({ test: `vitest run ${run.join(' ')}`, message: `it ended with ${status}` });
  return { passed, failures };
}

function failuresIn({ name, status, message, assertionResults }, alone) {
  const file = relative(process.cwd(), name);
  const own = assertionResults
    .filter((one) => one.status === 'failed')
    .map(({ fullName, failureMessages }) => ({
      test: `${file} > ${fullName}`,
      message: failureMessages.join('\n'),
      again: alone(name, '--testNamePattern', `^${fullName.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`),
    }));
  // A file that could not be read, or a hook around its tests, has no failed test of its own.
  if (status === 'failed' && own.length === 0) return [{ test: file, message, again: alone(name) }];
  return own;
}

/**
 * Runs each test that failed once more, alone. One that passes now is flaky: it counts as passed, and is listed. What there is no
 * time for before `end`, or what vitest did not run, stays failed.
 */
export function runAgain({ passed, failures }, end = Number.POSITIVE_INFINITY) {
  const isFlaky = ({ again }) => {
    if (again === undefined || Date.now() > end) return false;
    const second = runVitest(again.run, again.filters, again.node);
    return second.failures.length === 0 && second.passed > 0;
  };
  const flaky = failures.length > MOST_REPEATS ? [] : failures.filter(isFlaky);
  return { passed: passed + flaky.length, failures: failures.filter((one) => !flaky.includes(one)), flaky };
}

/** Adds up. */
export function add(...outcomes) {
  return {
    passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
    failures: outcomes.flatMap(({ failures }) => failures),
  };
}

/**
 * Ends a script: lists what failed and what was flaky, and prints the counts. `AIS_BENCH_TEST_RESULT` names a file that is given the
 * outcome too: `scripts/test-all.mjs` reads it.
 */
export function finish({ passed, failures, flaky = [] }) {
  if (flaky.length > 0) {
    console.log('\nFlaky: failed, then passed alone');
    for (const { test, message } of flaky) console.log(`FLAKY ${test}\n${head(message)}`);
  }
  if (failures.length > 0) {
    console.log('\nWhat failed:');
    for (const { test, message } of failures) console.log(`FAIL ${test}\n${head(message)}`);
  }
  console.log(`\n${passed} passed, ${failures.length} failed`);
  const file = process.env.AIS_BENCH_TEST_RESULT;
  if (file !== undefined) writeFileSync(file, JSON.stringify({ passed, failures }));
  process.exitCode = failures.length === 0 ? 0 : 1;
}

function head(message) {
  return message
    .split('\n')
    .slice(0, 6)
    .map((line) => `    ${line.slice(0, 300)}`)
    .join('\n');
}
