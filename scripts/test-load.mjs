/**
 * `npm run test:load`: what the load engine must hold whatever the machine's speed, by the benches: 10,000 live streams in one
 * process and 20,000 requests of 64 events, none lost, in little memory. The last line is `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';

const CHECKS = [
  ['streams', '--streams', '10000'],
  ['scale', '--requests', '20000'],
];

const built =
  spawnSync('node_modules/.bin/tsc', ['-p', 'bench/tsconfig.json'], { stdio: 'inherit' }).status === 0;
const results = CHECKS.map((args) => {
  const holds =
    built && spawnSync('node', ['.cache/bench/bench/load.js', ...args], { stdio: 'inherit' }).status === 0;
  if (!holds) console.log(`FAIL bench:load ${args.join(' ')}`);
  return holds;
});
const passed = results.filter(Boolean).length;
console.log(`${passed} passed, ${CHECKS.length - passed} failed`);
process.exit(passed === CHECKS.length ? 0 : 1);
