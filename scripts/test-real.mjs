/**
 * `npm run test:real`: builds, then installs, starts, tests and stops real servers, one at a time. Names choose among them:
 * `node scripts/test-real.mjs triton`. A server that cannot be installed or started is a failure. `--minutes N`: one that would not
 * be done by then is not begun, which the output says. The last lines say what was run, and `N passed, N failed`.
 */
import { parseArgs } from 'node:util';
import { add, build, finish, runVitest } from './test-results.mjs';

/** Each with the minutes that it takes on two cores; what is quick comes first. */
const SERVERS = {
  kubernetes: 1,
  triton: 1,
  workers: 2,
  page: 2,
  llama: 2,
  vllm: 4,
  'vllm-offline': 3,
  transformers: 11,
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
const built = build();
const names = chosen.length === 0 ? inTurn(Object.keys(SERVERS)) : chosen;
const outcomes = built.failures.length === 0 ? names.map((name) => ({ name, ...test(name) })) : [];
console.log(`\n${outcomes.map(describe).join('\n')}`);
finish(add(built, ...outcomes));

/** Puts another of the long ones first each day: where there is no time for all, each has its day. */
function inTurn(all) {
  const long = ['vllm', 'vllm-offline', 'transformers'];
  const day = Math.floor(Date.now() / 86_400_000) % long.length;
  const order = [...long.slice(day), ...long.slice(0, day)];
  return all.map((name) => (long.includes(name) ? order.shift() : name));
}

function test(name) {
  const left = (end - Date.now()) / 60_000;
  if (left < SERVERS[name]) return { left: Math.max(0, left), passed: 0, failures: [] };
  return runVitest(['--config', 'test/real/vitest.config.ts'], [`test/real/${name}.test.ts`]);
}

function describe({ name, left, passed, failures }) {
  if (left === undefined) return `${name}: ${passed} passed, ${failures.length} failed`;
  return `${name}: not run: it takes ${SERVERS[name]} minutes, and ${left.toFixed(1)} are left`;
}
