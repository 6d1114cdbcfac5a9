/**
 * `npm run test:reliability`: the harnesses of `test/reliability/` at their full size; `-- --short` runs the short form that
 * `.ci/run` does. Says how long each part took; the last line is `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { basename } from 'node:path';
import { startVitest } from 'vitest/node';

const FULL = {
  RELIABILITY_REQUESTS: '1000000',
  RELIABILITY_KILLS: '200',
  RELIABILITY_CASES: '1000000',
  RELIABILITY_FOLDERS: '2000',
  RELIABILITY_SAMPLES: '2000',
};

if (!process.argv.includes('--short')) Object.assign(process.env, FULL, process.env);

const built = spawnSync('npm', ['run', 'build'], { stdio: 'inherit' }).status === 0;
const states = built ? await test() : ['failed'];
console.log(
  `\nload averages ${loadavg()
    .map((one) => one.toFixed(1))
    .join(' ')}, ${availableParallelism()} processors`,
);
const count = (state) => states.filter((it) => it === state).length;
console.log(`\n${count('passed')} passed, ${count('failed')} failed`);
process.exit(count('failed') === 0 ? 0 : 1);

async function test() {
  const vitest = await startVitest('test', [], {
    // The project's own config leaves these tests out.
    config: false,
    watch: false,
    include: ['test/reliability/**/*.test.ts'],
    maxWorkers: 2,
    reporters: ['verbose'],
    testTimeout: 300_000,
  });
  const modules = vitest.state.getTestModules();
  const found = modules.flatMap((module) => {
    const own = [...module.children.allTests()].map((it) => it.result().state);
    const seconds = module.diagnostic().duration / 1000;
    console.log(`${basename(module.moduleId)}: ${seconds.toFixed(0)} s`);
    return module.state() === 'failed' && !own.includes('failed') ? [...own, 'failed'] : own;
  });
  await vitest.close();
  return found;
}
