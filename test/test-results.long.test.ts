/** The rule of `.ci/run`: a test that failed is run once more alone; one that passes then is flaky, and turns nothing red. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const FILE = 'test/fixtures/flaky-project/tests.check.ts';

/** Runs the small project; `flaky` and `failed` are the tests that the end of the output lists. */
function run(...args: readonly string[]) {
  const memory = mkdtempSync(join(tmpdir(), 'ais-bench-flaky-'));
  onTestFinished(() => rmSync(memory, { recursive: true, force: true }));
  const result = join(memory, 'result.json');
  const { status, stdout } = spawnSync(process.execPath, ['test/fixtures/flaky-project/run.mjs', ...args], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FLAKY_MEMORY: memory, AIS_BENCH_TEST_RESULT: result },
  });
  const listed = (word: string) =>
    [...stdout.matchAll(new RegExp(`^${word} (test/.*)$`, 'gm'))].map(([, test]) => test!).sort();
  return {
    status,
    last: stdout.trimEnd().split('\n').at(-1),
    flaky: listed('FLAKY'),
    failed: listed('FAIL'),
    stdout,
    result: JSON.parse(readFileSync(result, 'utf8')),
  };
}

it('lists what passes the second time as flaky, and what fails twice as failed', () => {
  const { status, last, flaky, failed, stdout, result } = run();
  expect(flaky).toEqual([
    'test/fixtures/flaky-project/loads-the-second-time.check.ts',
    `${FILE} > tests passes the second time: 1 + 1 = 2?`,
  ]);
  expect(failed).toEqual([`${FILE} > tests fails (always)`, `${FILE} > tests fails (always) [it does]`]);
  expect(stdout).toContain('    AssertionError: a wrong number: expected 1 to be 2');
  expect([status, last]).toEqual([1, '3 passed, 2 failed']);
  expect(result).toMatchObject({ passed: 3, failures: [{}, {}] });
}, 120_000);

it('leaves failed what there is no time to run again', () => {
  const { status, last, flaky, failed } = run('0');
  expect(flaky).toEqual([]);
  expect(failed).toHaveLength(4);
  expect([status, last]).toEqual([1, '1 passed, 4 failed']);
}, 120_000);
