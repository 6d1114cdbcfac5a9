/**
 * `npm run test:real`: builds, then installs, starts, tests and stops real servers, one at a time. Names choose among them:
 * `node scripts/test-real.mjs triton`. A server that cannot be installed or started is a failure. The last lines say what
 * was run, and `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { startVitest } from 'vitest/node';

const SERVERS = [
  'llama',
  'triton',
  'vllm',
  'transformers',
  'vllm-offline',
  'code-scoring',
  'kubernetes',
  'page',
];

const chosen = process.argv.slice(2);
const unknown = chosen.find((name) => !SERVERS.includes(name));
if (unknown !== undefined) {
  console.error(`there is no test of "${unknown}"; choose among ${SERVERS.join(', ')}`);
  process.exit(2);
}
const wanted = chosen.length === 0 ? SERVERS : chosen;

const built = build();
const modules = built ? await test(wanted) : [];

let passed = 0;
let failed = built ? 0 : 1;
console.log();
for (const name of wanted) {
  const module = modules.find(({ moduleId }) => basename(moduleId) === `${name}.test.ts`);
  const states = module === undefined ? [] : [...module.children.allTests()].map((it) => it.result().state);
  const count = (state) => states.filter((it) => it === state).length;
  const notRun = states.length - count('passed') - count('failed');
  // A server that does not start, or a file that cannot be read, has no failed test of its own; data that are not there skip all.
  const isFine = module?.state() === 'passed' || module?.state() === 'skipped';
  const other = isFine || count('failed') > 0 ? 0 : 1;
  passed += count('passed');
  failed += count('failed') + other;
  console.log(`${name}: ${count('passed')} passed, ${count('failed') + other} failed, ${notRun} not run`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** The tests run the command as it is built. */
function build() {
  const steps = [
    ['tsc', '-p', 'tsconfig.build.json'],
    ['vite', 'build', 'viewer'],
  ];
  return steps.every(
    ([tool, ...args]) => spawnSync(join('node_modules/.bin', tool), args, { stdio: 'inherit' }).status === 0,
  );
}

async function test(names) {
  const vitest = await startVitest(
    'test',
    names.map((name) => `test/real/${name}.test.ts`),
    {
      // The project's own config leaves these tests out.
      config: false,
      watch: false,
      include: ['test/real/**/*.test.ts'],
      fileParallelism: false,
      reporters: ['verbose'],
      // A model on two cores answers slowly, and so does the first request of a server; an install takes minutes.
      testTimeout: 300_000,
      hookTimeout: 1_800_000,
    },
  );
  const found = vitest.state.getTestModules();
  await vitest.close();
  return found;
}
