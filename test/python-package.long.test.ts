/** `pip install ./python` makes a package of its own: typed, without dependencies, on every Python that is at hand. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PYTHON = fileURLToPath(new URL('../python', import.meta.url));
const VERSIONS = ['3.9', '3.10', '3.11', '3.12', '3.13'];

/** The interpreter of a version: pyenv's, or one of the search path. */
function interpreter(version: string): string | undefined {
  const folder = join(homedir(), '.pyenv/versions');
  const own = existsSync(folder)
    ? readdirSync(folder).find((one) => one.startsWith(`${version}.`))
    : undefined;
  if (own !== undefined) return join(folder, own, 'bin/python');
  try {
    // It is run: a shim of pyenv's may stand for a version that is not chosen.
    const code = 'import sys; print(sys.executable)';
    return execFileSync(`python${version}`, ['-c', code], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return undefined;
  }
}

const run = (program: string, args: readonly string[], cwd: string) =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

describe.each(VERSIONS)('on Python %s', (version) => {
  const python = interpreter(version);

  it.skipIf(python === undefined)(
    'python/tests pass',
    () => {
      run(python!, ['-B', '-m', 'unittest', 'discover', '-s', 'tests', '-t', '.'], PYTHON);
    },
    180_000,
  );
});

describe('the installed package', () => {
  let folder = '';
  let python = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ais-bench-pip-'));
    // pip builds in the source folder.
    cpSync(PYTHON, join(folder, 'python'), { recursive: true });
    run('python3', ['-m', 'venv', 'env'], folder);
    python = join(folder, 'env/bin/python');
    run(python, ['-m', 'pip', 'install', '--quiet', './python'], folder);
  }, 180_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has every public name, and needs nothing but the standard library', () => {
    const code = `
import importlib, json, pkgutil, sys
before = set(sys.modules)
import ais_bench
names = {}
for module in pkgutil.walk_packages(ais_bench.__path__, "ais_bench."):
    found = importlib.import_module(module.name)
    for name in getattr(found, "__all__", []):
        names[module.name + "." + name] = getattr(found, name) is not None
foreign = sorted({name.partition(".")[0] for name in set(sys.modules) - before} - {"ais_bench", "ais_bench_worker"} - set(sys.stdlib_module_names))
print(json.dumps([ais_bench.__file__, sorted(names), foreign]))
`;
    const [file, names, foreign] = JSON.parse(run(python, ['-c', code], folder)) as [
      string,
      string[],
      string[],
    ];
    expect(file.startsWith(join(folder, 'env'))).toBe(true);
    expect(foreign).toEqual([]);
    for (const name of [
      'VLLMCustomAPIChat',
      'HuggingFacewithChatTemplate',
      'VLLMOfflineVLModel',
      'PPLRequestOutput',
    ])
      expect(names).toContain(`ais_bench.benchmark.models.${name}`);
    expect(names).toContain('ais_bench.benchmark.models.api_models.MindieStreamApi');
    expect(run(python, ['-m', 'pip', 'check'], folder)).toContain('No broken requirements');
  });

  it('is typed, and has the version of the tool', () => {
    const [about] = JSON.parse(run(python, ['-m', 'pip', 'list', '--format', 'json'], folder)).filter(
      ({ name }: { name: string }) => name === 'ais-bench',
    );
    const { version } = JSON.parse(readFileSync(join(PYTHON, '../package.json'), 'utf8'));
    expect(about.version).toBe(version);
    const place = run(
      python,
      ['-c', 'import ais_bench, os; print(os.path.dirname(ais_bench.__file__))'],
      folder,
    ).trim();
    expect(readdirSync(place)).toContain('py.typed');
  });
});
