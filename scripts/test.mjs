/**
 * `npm test` and its parts; what each holds is said in CONTRIBUTING.md, and by the names and folders of the tests (`vitest.config.ts`).
 *
 *   node scripts/test.mjs [--tier short|unit|long|node] [ARGUMENTS OF VITEST…]
 *   node scripts/test.mjs --tier changed [BASE]
 *
 * The last line is `N passed, N failed`; a check that fails counts as one failed test.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { checkPython } from './check-python.mjs';
import { add, build, finish, runTools, runVitest } from './test-results.mjs';

const CHECKS = [
  ['biome', 'check', '--error-on-warnings'],
  ['tsc', '--noEmit'],
  ['tsc', '-p', 'viewer'],
  ['knip'],
];

const TIERS = {
  /** Lint, types, unused code, build, the unit tests, and every command once. */
  short: (args) =>
    add(runTools(CHECKS), checkPython(), build(), runVitest(projects('unit', 'commands'), args)),
  unit: (args) => runVitest(projects('unit'), args),
  long: (args) => add(build(), runVitest(projects('e2e', 'long'), args)),
  /** What must hold on every version of Node. */
  node: (args) => add(build(), runVitest(projects('unit', 'commands', 'e2e'), args)),
  changed: ([base = 'HEAD']) => changed(base),
};

const [option, name, ...rest] = process.argv.slice(2);
const isTier = option === '--tier';
const tier = TIERS[isTier ? name : 'short'];
if (tier === undefined) {
  console.error(`there is no tier "${name}"; choose among ${Object.keys(TIERS).join(', ')}`);
  process.exit(2);
}
finish(tier(isTier ? rest : process.argv.slice(2)));

function projects(...names) {
  return names.flatMap((one) => ['--project', one]);
}

/** The unit tests that import what changed since `base`, and every other test file that itself changed. */
function changed(base) {
  const related = runVitest(projects('unit'), ['--changed', base, '--passWithNoTests']);
  const files = changedFiles(base).filter((file) =>
    /^test\/(e2e|commands)\/.*\.test\.ts$|\.long\.test\.ts$/.test(file),
  );
  return files.length === 0
    ? related
    : add(related, build(), runVitest(projects('commands', 'e2e', 'long'), files));
}

function changedFiles(base) {
  const lines = (...args) => execFileSync('git', args, { encoding: 'utf8' }).split('\n');
  const files = [
    ...lines('diff', '--name-only', base),
    ...lines('ls-files', '--others', '--exclude-standard'),
  ];
  return files.filter((file) => file !== '' && existsSync(file));
}
