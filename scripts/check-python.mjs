/**
 * Lints and type-checks `python/` with ruff and mypy, in a virtual environment of `.cache/` that is made once; seconds after that.
 * Where Python or the package index is not to be had, it says so and checks nothing.
 *
 *   node scripts/check-python.mjs
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const TOOLS = ['ruff==0.17.6', 'mypy==2.4.1'];
const FOLDER = resolve(`.cache/python-tools-${TOOLS.join('-').replaceAll('==', '-')}`);
const CHECKS = [
  ['ruff', 'check', '.'],
  ['mypy', '--cache-dir', resolve('.cache/mypy')],
];

/** Returns the counts and failures of the checks, as `scripts/test-results.mjs` adds them. */
export function checkPython() {
  if (!install()) {
    console.log('\n== python/ is not linted: no Python, or no package index');
    return { passed: 0, failures: [] };
  }
  const failures = CHECKS.flatMap(([tool, ...args]) => {
    console.log(`\n== ${tool} (python/)`);
    const { status } = spawnSync(`${FOLDER}/bin/${tool}`, args, { cwd: 'python', stdio: 'inherit' });
    return status === 0 ? [] : [{ test: `${tool} of python/`, message: `it ended with ${status}` }];
  });
  return { passed: CHECKS.length - failures.length, failures };
}

function install() {
  if (existsSync(`${FOLDER}/bin/mypy`)) return true;
  const quiet = { stdio: 'ignore' };
  const made =
    spawnSync('python3', ['-m', 'venv', FOLDER], quiet).status === 0 &&
    spawnSync(`${FOLDER}/bin/pip`, ['install', '--quiet', ...TOOLS], quiet).status === 0;
  if (!made) rmSync(FOLDER, { recursive: true, force: true });
  return made;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.exitCode = checkPython().failures.length === 0 ? 0 : 1;
