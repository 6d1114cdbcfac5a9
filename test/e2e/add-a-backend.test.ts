/** Every command and every file of docs/add-a-backend.md works as it is written there. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { blocks, read, root } from '../support/doc-pages.ts';
import { aisBench, emptyFolder, recordsOf, serve } from './support.ts';

describe('docs/add-a-backend.md', () => {
  const page = 'docs/add-a-backend.md';
  const section = (heading: string) => read(page).split(`\n## ${heading}`)[1]!.split('\n## ')[0]!;
  const listings = (heading: string, language: string) =>
    [...section(heading).matchAll(/^```(\w*)\n(.*?)^```$/gms)]
      .filter(([, own]) => own === language)
      .map(([, , content]) => content!);
  const commandsIn = (heading: string) =>
    [...section(heading).matchAll(/^ais_bench (.*)$/gm)].map(([, words]) => words!.split(' '));
  const [refused, scored] = blocks(page, '').map((output) => output.trim());

  /** A folder as the page's reader has it, with the package installed. */
  function folder(files: Readonly<Record<string, string>> = {}): string {
    const cwd = emptyFolder(files);
    mkdirSync(join(cwd, 'node_modules'));
    symlinkSync(resolve(root), join(cwd, 'node_modules/ais-bench'));
    return cwd;
  }

  async function startMyServer(cwd: string): Promise<string> {
    writeFileSync(join(cwd, 'my_server.mjs'), listings('2. The service', 'js')[0]!);
    const child = node(cwd, ['my_server.mjs'], { PORT: '0' });
    const [line] = await once(createInterface({ input: child.stdout! }), 'line');
    return /^listening on (\d+)$/.exec(line)![1]!;
  }

  function write(cwd: string): void {
    writeFileSync(join(cwd, 'models/my_custom_api.ts'), listings('3. The class', 'ts')[0]!);
    writeFileSync(join(cwd, 'configs/models/my_custom_api.ts'), listings('4. The config', 'ts')[0]!);
    writeFileSync(join(cwd, 'models/my_custom_api.test.mjs'), listings('6. Test it', 'js')[0]!);
  }

  async function passes(cwd: string, name: string, checks: number): Promise<void> {
    const child = node(cwd, ['--test', '--test-reporter=tap', `models/${name}.test.mjs`]);
    const [code, stdout] = await Promise.all([once(child, 'close'), text(child.stdout!)]);
    expect(stdout).toMatch(new RegExp(`^# pass ${checks}$`, 'm'));
    expect(code).toEqual([0, null]);
  }

  it.each(['py', 'ts'])('follows the guide’s path with a class in .%s', async (ending) => {
    const path = "The guide's path";
    const [pyClass, config] = listings(path, 'py');
    const { port } = await serve();
    const cwd = emptyFolder({
      [`ais_bench/benchmark/models/api_models/my_custom_api.${ending}`]:
        ending === 'py' ? pyClass! : listings(path, 'ts')[0]!,
      'ais_bench/benchmark/configs/models/my_custom_api.py': config!.replace('8080', port),
    });
    const [scores, measures, check] = commandsIn(path);
    expect((await aisBench(cwd, ...scores!)).stdout).toMatch(
      /^demo_gsm8k accuracy \(simulated\) my_custom_api +\d+\.\d\d 8 /m,
    );
    expect((await aisBench(cwd, ...measures!)).stdout).toMatch(/^TTFT, ms +\d/m);
    for (const record of recordsOf(cwd)) expect(record).toMatchObject({ outcome: 'ok' });
    expect(await aisBench(cwd, ...check!)).toMatchObject({
      stdout: expect.stringContaining('Nothing is wrong.'),
    });
  });

  it('lets files be written that work as they are', async () => {
    const cwd = folder();
    const [create, , check, run] = commandsIn('1. Write the files');
    expect((await aisBench(cwd, ...create!)).code).toBe(0);
    await passes(cwd, 'my_custom_api', 12);
    const { port } = await serve();
    for (const args of [check!, run!])
      expect((await aisBench(cwd, ...args, '--host-port', port)).code).toBe(0);
  });

  it('has a service that the class as written does not know, and a check that says so', async () => {
    const cwd = folder();
    await aisBench(cwd, ...commandsIn('1. Write the files')[0]!);
    const port = await startMyServer(cwd);
    const { code, stdout } = await aisBench(cwd, ...commandsIn('2. The service')[0]!, '--host-port', port);
    expect(code).toBe(1);
    expect(stdout).toContain(refused);
  });

  it('has a class and a config that are checked, tested and run', async () => {
    const cwd = folder();
    await aisBench(cwd, ...commandsIn('1. Write the files')[0]!);
    write(cwd);
    const port = await startMyServer(cwd);
    const [check, both, perf] = commandsIn('5. Run it').map((words) => [...words, '--host-port', port]);
    expect((await aisBench(cwd, ...check!)).stdout).toContain('Nothing is wrong.');
    for (const args of [both!, perf!, [...both!, '--set', 'models.0.stream=false']]) {
      const { code, stdout, stderr } = await aisBench(cwd, ...args);
      expect(stderr).not.toContain('WARN');
      expect(code).toBe(0);
      if (args !== perf) expect(stdout).toContain(scored);
      for (const record of recordsOf(cwd)) {
        expect(record).toMatchObject({ outcome: 'ok', outputTokens: { value: 5, source: 'server' } });
      }
    }
    await passes(cwd, 'my_custom_api', 12);
  });

  it('quotes what is said of a parser that forgets the words', async () => {
    const cwd = folder();
    await aisBench(cwd, ...commandsIn('1. Write the files')[0]!);
    write(cwd);
    const model = join(cwd, 'models/my_custom_api.ts');
    const forgets = readFileSync(model, 'utf8').replace("output.content += data.word ?? '';", '');
    writeFileSync(model, forgets);
    const { stdout } = await aisBench(cwd, 'check', 'my_custom_api', '--host-port', await startMyServer(cwd));
    const quoted = /would say: \*(.*?)\*\./s.exec(section('3. The class'))![1]!.replace(/\s+/g, ' ');
    expect(stdout.replace(/\s+/g, ' ')).toContain(quoted);
  });

  it('has a local model in Python that works as it is written', async () => {
    const [source] = listings('A model in Python', 'py');
    const [config] = listings('A model in Python', 'yaml');
    const cwd = folder({
      'models/my_custom_model.py': source!,
      'configs/models/my_python_model.yaml': config!,
    });
    for (const args of commandsIn('A model in Python')) {
      const { code, stdout } = await aisBench(cwd, ...args);
      expect(code).toBe(0);
      expect(stdout).toContain(args[0] === 'check' ? 'The answer is 144.' : 'my_python_model 12.50 8 ');
    }
    for (const record of recordsOf(cwd)) expect(record).toMatchObject({ outcome: 'ok' });
  });

  it('names what a Python class may import', async () => {
    const rows = [...section('A model in Python').matchAll(/^\| `(ais_bench[\w.]+)` \| (.*) \|$/gm)];
    expect(rows.length).toBeGreaterThan(3);
    const imports = rows.map(
      ([, module, names]) =>
        `from ${module} import ${[...names!.matchAll(/`(\w+)`/g)].map(([, name]) => name).join(', ')}`,
    );
    const cwd = emptyFolder({ 'imports.py': imports.join('\n') });
    const child = spawn('python3', ['imports.py'], {
      cwd,
      env: { PATH: process.env['PATH'], PYTHONPATH: join(root, 'python'), PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [[code], stderr] = await Promise.all([once(child, 'close'), text(child.stderr!)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('names the optional methods of a Python class as the worker knows them', () => {
    const known = readFileSync(join(root, 'python/ais_bench_worker/user_api.py'), 'utf8');
    const [, list] = /^OPTIONAL = \((.*?)^\)/ms.exec(known)!;
    const methods = [...list!.matchAll(/"(\w+)"/g)].map(([, name]) => name!);
    expect(methods.length).toBeGreaterThan(8);
    for (const method of methods) expect(section('A model in Python')).toContain(`\`${method}(`);
  });

  it('has a local model that works as it is written', async () => {
    const cwd = folder();
    for (const args of commandsIn('A local model')) expect((await aisBench(cwd, ...args)).code).toBe(0);
    await passes(cwd, 'my_custom_model', 5);
  });
});

function node(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}
