/**
 * `npm run test:real`: builds, then installs, starts, tests and stops real servers, one at a time. Names choose among them:
 * `node scripts/test-real.mjs triton`. A server that cannot be installed or started is a failure. `--minutes N`: one that would not
 * be done by then is not begun, and that is told. The last lines say what was run, and `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

/** Each with the minutes that it takes on two cores; what is quick comes first. */
const SERVERS = {
  kubernetes: 1,
  triton: 1,
  workers: 2,
  page: 2,
  llama: 2,
  vllm: 4,
  'vllm-offline': 3,
  transformers: 7,
  'code-scoring': process.env.AIS_BENCH_DATASETS_CACHE === undefined ? 0 : 6,
};

const { values, positionals: chosen } = parseArgs({
  options: { minutes: { type: 'string' } },
  allowPositionals: true,
});
const unknown = chosen.find((name) => !Object.hasOwn(SERVERS, name));
const minutes = Number(values.minutes ?? Number.POSITIVE_INFINITY);
if (unknown !== undefined || Number.isNaN(minutes)) {
  const names = Object.keys(SERVERS).join(', ');
  console.error(
    unknown === undefined
      ? '--minutes takes a number'
      : `there is no test of "${unknown}"; choose among ${names}`,
  );
  process.exit(2);
}
const end = Date.now() + 60_000 * minutes;
const wanted = chosen.length === 0 ? turned(Object.keys(SERVERS)) : chosen;

let passed = 0;
let failed = 0;
const said = [];
if (build()) for (const name of wanted) said.push(await account(name));
else failed = 1;
console.log(['', ...said, `${passed} passed, ${failed} failed`].join('\n'));
process.exit(failed === 0 ? 0 : 1);

/** The long ones take turns in being the first of them, day by day: where there is no time for all, each has its day. */
function turned(names) {
  const long = ['vllm', 'vllm-offline', 'transformers'];
  const day = Math.floor(Date.now() / 86_400_000) % long.length;
  const order = [...long.slice(day), ...long.slice(0, day)];
  return names.map((name) => (long.includes(name) ? order.shift() : name));
}

/** Runs the tests of one server, counts them, and says what became of them. */
async function account(name) {
  const left = (end - Date.now()) / 60_000;
  if (left < SERVERS[name])
    return `${name}: not run: it takes ${SERVERS[name]} minutes, and ${Math.max(0, left).toFixed(1)} are left`;
  const module = await test(name);
  const states = module === undefined ? [] : [...module.children.allTests()].map((it) => it.result().state);
  const count = (state) => states.filter((it) => it === state).length;
  const notRun = states.length - count('passed') - count('failed');
  // A server that does not start, or a file that cannot be read, has no failed test of its own; data that are not there skip all.
  const isFine = module?.state() === 'passed' || module?.state() === 'skipped';
  const other = isFine || count('failed') > 0 ? 0 : 1;
  passed += count('passed');
  failed += count('failed') + other;
  return `${name}: ${count('passed')} passed, ${count('failed') + other} failed, ${notRun} not run`;
}

/** The tests run the command as it is built. */
function build() {
  return spawnSync('npm', ['run', 'build'], { stdio: 'inherit' }).status === 0;
}

async function test(name) {
  const vitest = await startVitest('test', [`test/real/${name}.test.ts`], {
    // The project's own config leaves these tests out.
    config: false,
    watch: false,
    include: ['test/real/**/*.test.ts'],
    fileParallelism: false,
    reporters: ['verbose'],
    // A model on two cores answers slowly, and so does the first request of a server; an install takes minutes.
    testTimeout: 300_000,
    hookTimeout: 1_800_000,
  });
  const [found] = vitest.state.getTestModules();
  await vitest.close();
  return found;
}
