/** What a user gets: the packed tarball, installed for production into an empty folder. */
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MIB = 1024 * 1024;
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ais-bench-install-'));

function run(program: string, args: readonly string[], cwd: string): string {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

beforeAll(() => {
  // `dist` is built before the tests; packing must not build it under the feet of the others.
  const [{ filename }] = JSON.parse(
    run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], root),
  );
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'user', private: true, type: 'module' }),
  );
  const flags = [
    '--omit=dev',
    '--omit=optional',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
  ];
  run('npm', ['install', ...flags, join(folder, filename)], folder);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Installed {
  readonly packages: readonly string[];
  readonly bytes: number;
}

/** Packages in a `node_modules` folder, those inside packages too, and the bytes of every file. */
function installedIn(modules: string): Installed {
  const packages: string[] = [];
  let bytes = 0;
  for (const entry of readdirSync(modules, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) bytes += lstatSync(path).size;
    if (entry.isDirectory() && /(^|\/)node_modules\/(@[^/]+\/)?[^@./][^/]*$/.test(path)) packages.push(path);
  }
  return { packages, bytes };
}

describe('a production install', () => {
  it('is at most 30 MB in at most 40 packages', () => {
    const { packages, bytes } = installedIn(join(folder, 'node_modules'));
    expect(packages).toContain(join(folder, 'node_modules/ais-bench'));
    expect(packages.length).toBeLessThanOrEqual(40);
    expect(bytes / MIB).toBeLessThanOrEqual(30);
  });

  it('has no files but what a user needs', () => {
    const files = readdirSync(join(folder, 'node_modules/ais-bench'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((file) => /\.test\.|\.map$|^src|^test|^bench/.test(file))).toEqual([]);
    expect(files).toContain('dist/cli/main.js');
    expect(files).toContain('configs/models/vllm_api/vllm_api_stream_chat.js');
  });

  it('answers `ais_bench --version` and finds its shipped configs', () => {
    expect(run('npx', ['--no-install', 'ais_bench', '--version'], folder)).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(run('npx', ['--no-install', 'ais_bench', '--search'], folder)).toContain('vllm_api_stream_chat');
  });

  it.each([
    ['ais-bench', 'BaseAPIModel'],
    ['ais-bench/testing', 'testServiceModel'],
  ])('lets `%s` be imported', (name, value) => {
    const code = `import { ${value} } from '${name}'; console.log(typeof ${value});`;
    expect(run(process.execPath, ['--input-type=module', '--eval', code], folder)).toBe('function\n');
  });
});

it('the package itself runs no script when it is installed, of which npm would warn', () => {
  const { scripts } = JSON.parse(readFileSync(join(folder, 'node_modules/ais-bench/package.json'), 'utf8'));
  const run = ['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare'];
  expect(run.filter((name) => Object.hasOwn(scripts, name))).toEqual([]);
});

it('no package of the lock file runs a script when it is installed, but one of the tests that prints a warning', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const scripted = Object.entries<{ hasInstallScript?: boolean; dev?: boolean }>(packages)
    .filter(([path, { hasInstallScript }]) => path !== '' && hasInstallScript)
    .map(([path, { dev = false }]) => ({ path, dev }));
  expect(scripted).toEqual([{ path: 'node_modules/protobufjs', dev: true }]);
});
