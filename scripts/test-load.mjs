/**
 * `npm run test:load`: what the load engine must hold whatever the machine's speed, by the benches: 10,000 live streams in one
 * process and 20,000 requests of 64 events, none lost, in little memory. The last line is `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { add, finish, runTools } from './test-results.mjs';

const CHECKS = [
  ['streams', '--streams', '10000'],
  ['scale', '--requests', '20000'],
];

const built = runTools([['tsc', '-p', 'bench/tsconfig.json']]);
finish(built.failures.length > 0 ? built : add(...CHECKS.map(check)));

function check(args) {
  const { status } = spawnSync('node', ['.cache/bench/bench/load.js', ...args], { stdio: 'inherit' });
  if (status === 0) return { passed: 1, failures: [] };
  return {
    passed: 0,
    failures: [{ test: `bench:load ${args.join(' ')}`, message: `it ended with ${status}` }],
  };
}
