/** A backend of one's own in ten minutes: written, tested, checked and run in an empty folder. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { closedPort } from '../../src/testing/index.ts';
import {
  aisBench,
  chatServer,
  DEMO,
  emptyFolder,
  json,
  planOf,
  recordsOf,
  serve,
  streamed,
} from './support.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const CHAT_DEMO = 'demo_gsm8k_gen_4_shot_cot_chat_prompt';

/** A folder in which `ais_bench new` has written a model, with ais-bench installed beside it. */
async function folderWithNew(kind: string, name: string): Promise<string> {
  const cwd = emptyFolder();
  expect((await aisBench(cwd, 'new', kind, name)).code).toBe(0);
  mkdirSync(join(cwd, 'node_modules'));
  symlinkSync(root, join(cwd, 'node_modules/ais-bench'));
  return cwd;
}

function replaceIn(path: string, from: string, to: string): void {
  const before = readFileSync(path, 'utf8');
  expect(before).toContain(from);
  writeFileSync(path, before.replaceAll(from, to));
}

describe('ais_bench new', () => {
  it('writes class, config and test, says what is next, and overwrites nothing', async () => {
    const cwd = emptyFolder();
    const { code, stdout } = await aisBench(cwd, 'new', 'api-model', 'my_custom_api');
    expect(code).toBe(0);
    for (const path of [
      'models/my_custom_api.ts',
      'configs/models/my_custom_api.ts',
      'models/my_custom_api.test.mjs',
    ])
      expect(stdout).toMatch(new RegExp(`^wrote ${path} `, 'm'));
    expect(stdout).toContain('install ais-bench in this folder');
    expect(stdout).toContain(`ais_bench --models my_custom_api --datasets ${CHAT_DEMO}\n`);

    writeFileSync(join(cwd, 'models/my_custom_api.ts'), 'mine');
    rmSync(join(cwd, 'models/my_custom_api.test.mjs'));
    const again = await aisBench(cwd, 'new', 'local-model', 'MyCustomAPI');
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('files exist: models/my_custom_api.ts, configs/models/my_custom_api.ts\n');
    expect(readFileSync(join(cwd, 'models/my_custom_api.ts'), 'utf8')).toBe('mine');
    expect((await aisBench(cwd, 'new', 'api-model', 'my_custom_api', '--force')).code).toBe(0);
    expect(readFileSync(join(cwd, 'models/my_custom_api.ts'), 'utf8')).toContain('class MyCustomAPI');
  });

  it('writes a model for a service in Python that is right as it is', async () => {
    const cwd = emptyFolder();
    const { code, stdout } = await aisBench(cwd, 'new', 'api-model', 'my_custom_api', '--language', 'python');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^wrote models\/my_custom_api\.py +the class$/m);
    expect(stdout).toMatch(/^wrote configs\/models\/my_custom_api\.py +its config$/m);
    expect(stdout).not.toContain('node --test');
    const { port } = await serve();
    const checked = await aisBench(cwd, 'check', 'my_custom_api', '--host-port', port);
    expect(checked.stdout).toContain('Nothing is wrong.');
    const run = [
      '--models',
      'my_custom_api',
      '--datasets',
      CHAT_DEMO,
      '--host-port',
      port,
      '--batch-size',
      '8',
    ];
    const done = await aisBench(cwd, ...run, '--mode', 'perf', '--set', 'models.0.stream=true');
    expect(done).toMatchObject({ code: 0, stdout: expect.stringMatching(/^TTFT, ms +\d/m) });
    // Another class of that name in the other language would hide this one.
    const other = await aisBench(cwd, 'new', 'api-model', 'my_custom_api');
    expect(other.stderr).toContain('files exist: models/my_custom_api.py, configs/models/my_custom_api.py\n');
  });

  /** The events of a streamed answer in a framing. */
  const FRAMED: Readonly<Record<string, (events: readonly string[]) => (string | Uint8Array)[]>> = {
    ndjson: (events) => events.map((json) => `${json}\n`),
    'json-array': (events) => [...events.map((json, n) => `${n === 0 ? '[' : ','}${json}`), ']'],
    'sse-events': (events) => [...events, '[DONE]'].map((data) => `event: message\ndata: ${data}\n\n`),
    bytes: (events) =>
      events.map((json) => {
        const length = Buffer.alloc(4);
        length.writeUInt32BE(Buffer.byteLength(json));
        return Buffer.concat([length, Buffer.from(json)]);
      }),
  };

  it.each(Object.keys(FRAMED))('writes a model in Python for streams of the framing %s', async (framing) => {
    const usage = { prompt_tokens: 7, completion_tokens: 3 };
    const piece = (text: string, reason?: string) => ({ choices: [{ text, finish_reason: reason ?? null }] });
    const events = [piece('The '), piece('answer '), piece('is 26', 'stop'), { choices: [], usage }];
    const server = await chatServer(({ body }) =>
      JSON.parse(body).stream
        ? {
            headers: { 'content-type': 'application/octet-stream' },
            body: FRAMED[framing]!(events.map((event) => JSON.stringify(event))).flatMap((bytes) => [
              bytes,
              { pauseMs: 3 },
            ]),
          }
        : json({ choices: [{ text: 'The answer is 26', finish_reason: 'stop' }], usage }),
    );
    const cwd = emptyFolder();
    await aisBench(cwd, 'new', 'api-model', 'my_api', '--language', 'python', '--framing', framing);
    const { stdout } = await aisBench(cwd, 'check', 'my_api', '--url', server.url);
    expect(stdout).toContain('Nothing is wrong.');
  });

  it('writes a local model in Python that is right as it is', async () => {
    const cwd = emptyFolder();
    await aisBench(cwd, 'new', 'local-model', 'my_custom_model', '--language', 'python');
    const checked = await aisBench(cwd, 'check', 'my_custom_model');
    expect(checked.stdout).toContain('Nothing is wrong.');
    const done = await aisBench(cwd, '--models', 'my_custom_model', '--datasets', CHAT_DEMO);
    expect({ code: done.code, stderr: done.stderr }).toMatchObject({ code: 0 });
    expect(done.stdout).toMatch(/^demo_gsm8k accuracy my_custom_model +\d+\.\d\d 8 /m);
  });

  it.each([
    [['api-model', '9lives'], '[TMAN-CMD-002] "9lives" is no name for a class'],
    [['apimodel', 'x'], 'Allowed choices are api-model, local-model'],
    [['api-model'], "missing required argument 'name'"],
  ])('%j is refused', async (args, message) => {
    const { code, stderr } = await aisBench(emptyFolder(), 'new', ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it.each([
    ['api-model', 'my_custom_api', 12],
    ['local-model', 'my_custom_model', 5],
  ])('%s: what it wrote passes its own test and a strict compiler', async (kind, name, checks) => {
    const cwd = await folderWithNew(kind, name);
    const { status, stdout } = spawnSync(
      process.execPath,
      ['--test', '--test-reporter=tap', `models/${name}.test.mjs`],
      {
        cwd,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] },
      },
    );
    expect(stdout).toMatch(new RegExp(`^# pass ${checks}$`, 'm'));
    expect(status).toBe(0);
    const strict = [
      '--noEmit',
      '--strict',
      '--noImplicitOverride',
      '--noUnusedLocals',
      '--noUnusedParameters',
    ];
    const modern = [
      '--target',
      'es2022',
      '--module',
      'nodenext',
      '--allowImportingTsExtensions',
      '--skipLibCheck',
    ];
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    execFileSync(process.execPath, [tsc, ...strict, ...modern, `configs/models/${name}.ts`], { cwd });
  });
});

describe('the example', () => {
  it('runs with the guide’s command as it is printed', async () => {
    const [cwd, { port }] = [await folderWithNew('api-model', 'my_custom_api'), await serve()];
    const guide = ['--models', 'my_custom_api', '--datasets', CHAT_DEMO];
    const { code, stdout } = await aisBench(cwd, ...guide, '--host-port', port);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^demo_gsm8k accuracy.* my_custom_api +[\d.]+ 8 /m);
    expect(recordsOf(cwd)).toHaveLength(8);
    for (const record of recordsOf(cwd))
      expect(record).toMatchObject({ outcome: 'ok', outputTokens: { source: 'server' } });
  });

  it('runs without a config: the file of its class is enough', async () => {
    const [cwd, { port }] = [await folderWithNew('api-model', 'my_custom_api'), await serve()];
    rmSync(join(cwd, 'configs'), { recursive: true });
    const flags = ['--models', './models/my_custom_api.ts', '--datasets', DEMO, '--host-port', port];
    const { code, stdout } = await aisBench(cwd, ...flags, '--mode', 'perf', '--batch-size', '4');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^TTFT, ms +\d/m);
    const [model] = planOf(cwd).models;
    expect(model).toMatchObject({ abbr: 'my_custom_api', class: 'MyCustomAPI', concurrency: 4 });
    expect(recordsOf(cwd)[0]).toMatchObject({ streamed: true, finishReason: expect.any(String) });
  });

  it('is checked, and nothing is wrong', async () => {
    const [cwd, { port }] = [await folderWithNew('api-model', 'my_custom_api'), await serve()];
    for (const name of ['my_custom_api', 'models/my_custom_api.ts']) {
      const { code, stdout } = await aisBench(cwd, 'check', name, '--host-port', port, '--max-out-len', '4');
      expect(stdout).toContain(`POST http://localhost:${port}/v1/completions\n`);
      expect(stdout).toMatch(/<- first token/);
      expect(stdout).toMatch(/^total: \d+ events, first token after [\d.]+ ms, end after/m);
      expect(stdout).toContain('\nNothing is wrong.\n');
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
      expect(code).toBe(0);
    }
  });
});

describe('ais_bench check', () => {
  it('says in words what a parser misses, and shows no key', async () => {
    const cwd = await folderWithNew('api-model', 'my_custom_api');
    replaceIn(join(cwd, 'models/my_custom_api.ts'), "output.content += choice?.text ?? '';", '');
    const server = await chatServer(({ body, headers }) => {
      const said = `${headers.authorization} says hi`;
      const whole = { choices: [{ text: said, finish_reason: 'stop' }] };
      if (!JSON.parse(body).stream) return json(whole);
      return { ...streamed('x'), body: [`data: ${JSON.stringify(whole)}\n\n`, 'data: [DONE]\n\n'] };
    });
    const { code, stdout } = await aisBench(
      cwd,
      'check',
      'my_custom_api',
      ...['--url', server.url, '--api-key', 'sk-very-secret-1'],
    );
    expect(code).toBe(1);
    expect(stdout.replace(/\n +/g, ' ')).toContain(
      'stream: parseStreamResponse never set content; the events carry `choices[0].text`',
    );
    expect(stdout).toContain('authorization: ***\n');
    expect(stdout).not.toContain('very-secret');
    expect(server.asked.map(({ headers }) => headers.authorization)).toEqual(
      Array(2).fill('Bearer sk-very-secret-1'),
    );
  });

  it.each([
    [['--model', 'm'], 'cannot be reached'],
    [[], "the service did not report its model's name"],
  ])('a service that is not there, with %j', async (flags, words) => {
    const cwd = await folderWithNew('api-model', 'my_custom_api');
    const port = String(await closedPort());
    const { code, stdout, stderr } = await aisBench(
      cwd,
      'check',
      'my_custom_api',
      '--host-port',
      port,
      ...flags,
    );
    expect(code).toBe(1);
    expect(`${stdout}${stderr}`).toContain(words);
    expect(`${stdout}${stderr}`).toContain('ECONNREFUSED');
  });

  it('of a local model answers one batch', async () => {
    const cwd = await folderWithNew('local-model', 'my_custom_model');
    const good = await aisBench(cwd, 'check', 'my_custom_model', '--batch-size', '2', '--max-out-len', '3');
    expect(good.code).toBe(0);
    expect(good.stdout).toContain('answer: "with one word."');
    replaceIn(join(cwd, 'models/my_custom_model.ts'), 'return inputs.map', 'return inputs.slice(1).map');
    const short = await aisBench(cwd, 'check', 'my_custom_model', '--batch-size', '2');
    expect(short.code).toBe(1);
    expect(short.stdout).toContain('1. generate returned 1 texts for 2 prompts\n');
  });

  it('of a name that is not there: the nearest', async () => {
    const cwd = await folderWithNew('api-model', 'my_custom_api');
    const { code, stderr } = await aisBench(cwd, 'check', 'my_custum_api');
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean "my_custom_api"?');
  });
});

describe('a class found by its name', () => {
  const config = (type: string) => ({
    'configs/models/mine.yaml': `models:\n  - {attr: service, type: ${type}, abbr: mine, stream: true, model: m}\n`,
  });
  const backend =
    "import { VLLMCustomAPIChat } from 'ais-bench';\nexport class Theirs extends VLLMCustomAPIChat {}\n";
  const run = async (files: Readonly<Record<string, string>>) => {
    const server = await chatServer(() => streamed('18'));
    const cwd = emptyFolder({ 'models/trap.ts': 'throw new Error("not asked for");', ...files });
    const flags = ['--models', 'mine', '--datasets', DEMO, '--num-prompts', '1', '--url', server.url];
    return { ...(await aisBench(cwd, ...flags)), asked: server.asked.length };
  };

  it('in ./models', async () => {
    const { code, asked } = await run({ ...config('Theirs'), 'models/some/where.ts': backend });
    expect([code, asked]).toEqual([0, 2]);
  });

  it('in a package', async () => {
    const folder = 'node_modules/@team/backends';
    const { code, asked } = await run({
      ...config("'@team/backends/Theirs'"),
      [`${folder}/package.json`]: '{"name": "@team/backends", "type": "module", "exports": "./index.js"}',
      [`${folder}/index.js`]: backend,
    });
    expect([code, asked]).toEqual([0, 2]);
  });

  it.each([
    ['Thiers', 'did you mean "Theirs"?'],
    ["'@team/backends/Theirs'", 'install it: npm install @team/backends'],
  ])('%s, which is not there', async (type, cure) => {
    const { code, stderr, asked } = await run({ ...config(type), 'models/some/where.ts': backend });
    expect([code, asked]).toEqual([2, 0]);
    expect(stderr).toContain(cure);
    expect(stderr).toMatch(/where: .*configs\/models\/mine\.yaml:2\n/);
  });
});
