/**
 * `npm run test:reliability`: the harnesses of `test/reliability/` at their full size; `-- --short` runs the short form that
 * `.ci/run` does. The last line is `N passed, N failed`.
 */
import { availableParallelism, loadavg } from 'node:os';
import { add, build, finish, runVitest } from './test-results.mjs';

const FULL = {
  RELIABILITY_REQUESTS: '1000000',
  RELIABILITY_KILLS: '200',
  RELIABILITY_CASES: '1000000',
  RELIABILITY_FOLDERS: '2000',
  RELIABILITY_SAMPLES: '2000',
};

if (!process.argv.includes('--short')) Object.assign(process.env, FULL, process.env);

const built = build();
const isBuilt = built.failures.length === 0;
const outcome = isBuilt
  ? runVitest(['--config', 'test/reliability/vitest.config.ts'])
  : { passed: 0, failures: [] };
const averages = loadavg().map((one) => one.toFixed(1));
console.log(`\nload averages ${averages.join(' ')}, ${availableParallelism()} processors`);
finish(add(built, outcome));
