/**
 * `npm run test:all`: every tier, one after the other; `.ci/run` runs it with `--minutes N`, which are shared out: the real servers
 * come last, as far as the time goes. `--node FILE` runs the unit and end-to-end tests with that Node too. A test that failed is
 * run once more alone at the end: one that passes then is listed as flaky and counts as passed. The last line is
 * `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { add, finish, runAgain } from './test-results.mjs';

/** Minutes that are kept for running again what failed. */
const FOR_REPEATS = 1;

const { values } = parseArgs({ options: { minutes: { type: 'string' }, node: { type: 'string' } } });
const total = Number(values.minutes ?? Number.POSITIVE_INFINITY);
if (Number.isNaN(total)) {
  console.error('--minutes takes a number');
  process.exit(2);
}
const end = Date.now() + 60_000 * total;
const folder = mkdtempSync(join(tmpdir(), 'ais-bench-test-all-'));

const timings = [];
const parts = [
  part('short', ['scripts/test.mjs']),
  part('long', ['scripts/test.mjs', '--tier', 'long']),
  part('load', ['scripts/test-load.mjs']),
  part('reliability', ['scripts/test-reliability.mjs', '--short']),
  ...(values.node === undefined ? [] : [part('node', ['scripts/test.mjs', '--tier', 'node'], values.node)]),
  part('real', ['scripts/test-real.mjs', ...minutesLeft()]),
];
rmSync(folder, { recursive: true, force: true });
const again = runAgain(add(...parts), end);
console.log(`\n${timings.join('\n')}`);
finish(again);

/** Runs a script of tests with a Node, and reads its outcome. */
function part(name, args, node = process.execPath) {
  const result = join(folder, `${name}.json`);
  const begin = Date.now();
  const env = { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}`, AIS_BENCH_TEST_RESULT: result };
  // The first part builds.
  if (name !== 'short') env.AIS_BENCH_IS_BUILT = '1';
  const { status } = spawnSync(node, args, { stdio: 'inherit', env });
  timings.push(`${name}: ${((Date.now() - begin) / 60_000).toFixed(1)} min`);
  try {
    return JSON.parse(readFileSync(result, 'utf8'));
  } catch {
    return { passed: 0, failures: [{ test: `node ${args.join(' ')}`, message: `it ended with ${status}` }] };
  }
}

function minutesLeft() {
  if (total === Number.POSITIVE_INFINITY) return [];
  return ['--minutes', String(Math.max(0, (end - Date.now()) / 60_000 - FOR_REPEATS))];
}
