/** Plugins as users write them: a folder and a package with a part of each kind, in configs of every form, and Python's entry points. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ScriptedReply } from '../../src/testing/index.ts';
import { aisBench, CHAT, chatServer, emptyFolder, json, latest, serve, streamed } from './support.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/plugin', import.meta.url));
const CAPITALS: Readonly<Record<string, string>> = {
  France: 'Paris',
  Japan: 'Tokyo',
  Peru: 'Lima',
  Kenya: 'Nairobi',
};

/** A service that is wrong until it is asked whether it is sure; `refused`: the country whose second request it refuses. */
function doubtful(refused?: () => string | undefined) {
  return chatServer((request): ScriptedReply => {
    const { messages, stream } = JSON.parse(request.body) as {
      messages: { content: string }[];
      stream: boolean;
    };
    const country = /capital of (\w+)/i.exec(messages[0]!.content)![1]!;
    const isSecond = messages.length > 1;
    if (isSecond && country === refused?.()) return json({ error: { message: 'no more of this' } }, 400);
    const content = isSecond ? CAPITALS[country]! : 'Hm';
    return stream ? streamed(content) : json({ choices: [{ message: { content } }] });
  });
}

/** A folder with the example's plugin in `./my-plugin`. */
function withExample(files: Readonly<Record<string, string>> = {}): string {
  const cwd = emptyFolder(files);
  cpSync(EXAMPLE, join(cwd, 'my-plugin'), { recursive: true });
  return cwd;
}

const predictionsIn = (cwd: string, model: string) =>
  readFileSync(join(latest(cwd), 'predictions', model, 'capitals.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const recordFiles = (cwd: string, model: string) =>
  readdirSync(join(latest(cwd), 'performances', model)).filter((file) =>
    /_records(\.w\d)?\.jsonl$/.test(file),
  );

/** Of all processes that sent. */
const recordsIn = (cwd: string, model: string) =>
  recordFiles(cwd, model)
    .flatMap((file) =>
      readFileSync(join(latest(cwd), 'performances', model, file), 'utf8')
        .trim()
        .split('\n'),
    )
    .map((line) => JSON.parse(line));

const scoreIn = (cwd: string, model: string) =>
  JSON.parse(readFileSync(join(latest(cwd), 'results', model, 'capitals.json'), 'utf8'));

const MODEL = `attr: 'service', type: 'PlainChat', abbr: 'plain-chat', stream: true, max_out_len: 64, batch_size: 2`;
const DATASET = (part: (name: string) => string) => `{
  abbr: 'capitals', type: ${part('CapitalsDataset')},
  reader_cfg: { input_columns: ['country'], output_column: 'capital' },
  infer_cfg: {
    prompt_template: { type: 'PromptTemplate', template: 'What is the capital of {country}?' },
    retriever: { type: 'ZeroRetriever' },
    inferencer: { type: ${part('SelfCheckInferencer')}, doubt: 'Sure?' },
  },
  eval_cfg: {
    evaluator: { type: ${part('NameEvaluator')}, whole: true },
    pred_postprocessor: { type: ${part('last_word')} },
  },
}`;

const FORMS: Readonly<Record<string, string>> = {
  'run.ts': `export const plugins = ['./my-plugin'];
export const models = [{ ${MODEL} }];
export const datasets = [${DATASET((name) => `'${name}'`)}];
`,
  // A program's way: the parts themselves, one of them beside the config.
  'parts.ts': `import { CapitalsDataset, last_word, NameEvaluator, SelfCheckInferencer } from './names.ts';
export const plugins = ['./my-plugin'];
export const models = [{ ${MODEL} }];
export const datasets = [${DATASET((name) => name)}];
`,
  'names.ts': `export { capitals as CapitalsDataset, lastWord as last_word, nameEvaluator as NameEvaluator } from './my-plugin/capitals.ts';
export { selfCheck as SelfCheckInferencer } from './my-plugin/self-check.ts';
`,
  'run.py': `from ais_bench_plugin_capitals import CapitalsDataset, NameEvaluator, PlainChat, SelfCheckInferencer

plugins = ['./my-plugin']
models = [dict(attr='service', type=PlainChat, abbr='plain-chat', stream=True, max_out_len=64, batch_size=2)]
datasets = [dict(
    abbr='capitals',
    type=CapitalsDataset,
    reader_cfg=dict(input_columns=['country'], output_column='capital'),
    infer_cfg=dict(
        prompt_template=dict(type='PromptTemplate', template='What is the capital of {country}?'),
        retriever=dict(type='ZeroRetriever'),
        inferencer=dict(type=SelfCheckInferencer, doubt='Sure?')),
    eval_cfg=dict(
        evaluator=dict(type=NameEvaluator, whole=True),
        pred_postprocessor=dict(type='last_word')))]
`,
};

describe('a plugin in a folder', () => {
  it.each([
    ['run.ts', []],
    ['parts.ts', []],
    ['run.py', []],
    ['my-plugin/run.yaml', []],
    ['run.py', ['--workers', '2']],
  ] as const)('is what %s runs %j', async (config, more) => {
    const { url, asked } = await doubtful();
    const cwd = withExample(FORMS);
    const { code, stderr } = await aisBench(cwd, config, '--url', url, '--num-warmups', '0', ...more);
    expect(code, stderr).toBe(0);
    expect(scoreIn(cwd, 'plain-chat')).toMatchObject({ accuracy: 100, n: 4 });
    expect(asked).toHaveLength(8);
    const calls = recordsIn(cwd, 'plain-chat').map(({ call, outcome }) => [
      ...[call.index, call.turn],
      ...[call.turns, outcome],
    ]);
    expect(calls.sort()).toEqual([0, 1, 2, 3].flatMap((row) => [0, 1].map((turn) => [row, turn, 2, 'ok'])));
    const [first] = predictionsIn(cwd, 'plain-chat').sort((a, b) => a.id - b.id);
    expect(first).toMatchObject({ prediction: 'Paris.', gold: 'Paris', details: { changed: true } });
    expect(first.details.requests.map((one: any) => one.content)).toEqual(['Hm.', 'Paris.']);
    expect(first.details.messages).toHaveLength(4);
  });

  it('measures under a load, over two processes, at the times of an arrival of its own', async () => {
    const { url, asked } = await doubtful();
    const cwd = withExample();
    const what = ['--plugin', './my-plugin', '--models', CHAT, '--datasets', 'capitals_self_check'];
    const how = ['--mode', 'perf', '--arrival', 'waves', '--request-rate', '50', '--workers', '2'];
    const load = ['--batch-size', '20', '--cycle', '--max-cases', '20', '--num-warmups', '0'];
    const { code, stdout, stderr } = await aisBench(cwd, ...what, ...how, ...load, '--url', url);
    expect(code, stderr).toBe(0);
    expect(asked).toHaveLength(40);
    expect(stdout).toMatch(/^Conversations: 20; 20 completed, 0 broken off/m);
    const model = 'vllm-api-stream-chat';
    expect(recordFiles(cwd, model)).toHaveLength(2);
    const due = recordsIn(cwd, model).filter(({ call }) => call.turn === 0);
    const times = due.map(({ times: { scheduled } }) => scheduled).sort((a, b) => a - b);
    // Ten at once, then ten more 200 ms later: 50 a second on the whole.
    expect(times).toHaveLength(20);
    expect(times[9]! - times[0]!).toBeLessThan(1);
    expect(times[10]! - times[0]!).toBeCloseTo(200, 3);
  });

  it('a failed request fails its sample alone, and --reuse sends that one again', async () => {
    let refused: string | undefined = 'Peru';
    const { url, asked } = await doubtful(() => refused);
    const cwd = withExample(FORMS);
    const run = (...more: string[]) => aisBench(cwd, 'run.ts', '--url', url, '--num-warmups', '0', ...more);
    await run();
    const details = Object.values(scoreIn(cwd, 'plain-chat').details as object);
    expect(details.map(({ verdict }: any) => verdict).sort()).toEqual([
      'correct',
      'correct',
      'correct',
      'failed',
    ]);
    const failed = predictionsIn(cwd, 'plain-chat').filter(({ success }) => !success);
    expect(failed).toHaveLength(1);
    expect(failed[0].failure).toMatchObject({ kind: 'http-status', status: 400 });
    expect(failed[0].details.requests[0].content).toBe('Hm.');
    refused = undefined;
    const before = asked.length;
    const again = await run('--reuse');
    expect(again.code, again.stderr).toBe(0);
    expect(asked.slice(before).map(({ body }) => /capital of (\w+)/.exec(body)![1])).toEqual([
      'Peru',
      'Peru',
    ]);
    expect(scoreIn(cwd, 'plain-chat')).toMatchObject({ accuracy: 100, n: 4 });
    const changed = join(cwd, 'my-plugin/self-check.ts');
    writeFileSync(changed, `${readFileSync(changed, 'utf8')}// another day\n`);
    const third = await run('--reuse');
    expect(asked).toHaveLength(before + 2);
    expect(third.stdout).toContain('datasets.capitals.inferencer.code');
  });

  it('exports a finished run in a format of its own, and files into a folder', async () => {
    const { url } = await doubtful();
    const cwd = withExample(FORMS);
    const files = `export default { name: 'files', exporters: { both: ({ tasks }) => ({ 'a.txt': tasks[0].model, 'b/c.bin': new Uint8Array([1, 2]) }), out: () => ({ '../x': '' }) } };`;
    writeFileSync(join(cwd, 'files.mjs'), files);
    await aisBench(cwd, 'run.ts', '--url', url, '--num-warmups', '0');
    const exported = (...args: string[]) => aisBench(cwd, 'export', latest(cwd), ...args);
    const text = await exported('--plugin', './my-plugin', '--format', 'shares');
    expect(text.stdout).toMatch(/^\d+_\d+\tplain-chat\tcapitals\t4 of 4\n$/);
    const own = ['--plugin', './files.mjs', '--format'];
    expect((await exported(...own, 'both')).stderr).toContain('no folder is named');
    expect((await exported(...own, 'both', '--out', 'made')).code).toBe(0);
    expect(readFileSync(join(cwd, 'made/a.txt'), 'utf8')).toBe('plain-chat');
    expect([...readFileSync(join(cwd, 'made/b/c.bin'))]).toEqual([1, 2]);
    expect((await exported(...own, 'out', '--out', 'made')).stderr).toContain(
      'outside of its folder: "../x"',
    );
    expect((await exported(...own, 'bth')).stderr).toContain('did you mean "both"?');
  });
});

/** A package as npm installs it: JavaScript, and its entry among conditions. */
const PACKAGE: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    name: 'ais-bench-plugin-short',
    version: '2.1.0',
    type: 'module',
    exports: { '.': { types: './index.d.ts', import: './lib/main.js' } },
  }),
  'lib/main.js': `import { definePlugin } from 'ais-bench';
import { askTwice } from './ask.js';
export default definePlugin({
  name: 'short',
  inferencers: { askTwice },
  evaluators: { Long: { name: 'Long', grade: ({ text }) => ({ credit: text.length > 3 ? 1 : 0 }) } },
  datasets: { Ones: { name: 'Ones', load: async () => ({ train: [], test: [{ country: 'Peru', capital: 'Lima' }] }) } },
  arrivals: { slowly: ({ count }) => Array.from({ length: count }, (_, n) => 10 * n) },
  exporters: { names: ({ name }) => name },
});
`,
  'lib/ask.js': `export async function askTwice({ prompt }, ask) {
  const both = await Promise.all([ask(prompt), ask(prompt, { maxOutLen: 3 })]);
  return { prediction: both.map(({ content }) => content).join(' ') };
}
`,
};

describe('a plugin in a package', () => {
  it('is found by its name in node_modules', async () => {
    const { url, asked } = await doubtful();
    const files = Object.entries(PACKAGE).map(([path, content]) => [
      `node_modules/ais-bench-plugin-short/${path}`,
      content,
    ]);
    const config = `plugins: [ais-bench-plugin-short]
models:
  - { attr: service, type: VLLMCustomAPIChat, abbr: m, stream: true, max_out_len: 9, batch_size: 1, traffic_cfg: { arrival: slowly } }
datasets:
  - abbr: capitals
    type: Ones
    reader_cfg: { input_columns: [country], output_column: capital }
    infer_cfg:
      prompt_template: { type: PromptTemplate, template: 'What is the capital of {country}?' }
      retriever: { type: ZeroRetriever }
      inferencer: { type: askTwice }
    eval_cfg: { evaluator: { type: Long } }
`;
    const cwd = emptyFolder({ ...Object.fromEntries(files), 'run.yaml': config });
    const { code, stderr } = await aisBench(
      cwd,
      'run.yaml',
      '--url',
      url,
      '--num-warmups',
      '0',
      '--workers',
      '2',
    );
    expect(code, stderr).toBe(0);
    expect(scoreIn(cwd, 'm')).toMatchObject({ accuracy: 100 });
    expect(asked.map(({ body }) => JSON.parse(body).max_tokens)).toEqual([9, 3]);
    // Requests that are asked for at once are sent one after the other: batch_size holds.
    const [first, second] = recordsIn(cwd, 'm').map(({ times }) => times);
    expect(second.sent).toBeGreaterThanOrEqual(first.done);
    const { stdout } = await aisBench(cwd, 'plugins', 'run.yaml');
    expect(stdout).toMatch(/short +ais-bench-plugin-short@2\.1\.0 +datasets +Ones/);
    expect(stdout).toMatch(
      /short:\s+\S+\/ais-bench-plugin-short\/lib\/main\.js,\s+named by \.\/run\.yaml:1\n/,
    );
    expect(stdout).toMatch(/arrivals +slowly/);
  });
});

describe('what is wrong with a plugin', () => {
  const plugin = (body: string) => `export default { name: 'mine', ${body} };`;

  it.each([
    ['no such folder', './absent', {}, ['PLUGIN-FILE-001', 'there is no plugin "./absent"', '/absent']],
    ['no such package', 'absent', {}, ['PLUGIN-FILE-001', 'npm install absent']],
    ['a folder by its bare name', 'mine', { 'mine/index.js': '' }, ['did you mean the folder "./mine"?']],
    [
      'an error',
      './p.mjs',
      { 'p.mjs': '\nthrow new Error("no luck");' },
      ['PLUGIN-FILE-001', 'no luck', 'p.mjs:2'],
    ],
    [
      'a misspelt kind',
      './p.mjs',
      { 'p.mjs': plugin('evaluator: {}') },
      ['PLUGIN-IMPL-001', 'did you mean "evaluators"?'],
    ],
    [
      'a part of another kind',
      './p.mjs',
      { 'p.mjs': plugin('models: { M: () => 1 }') },
      ['models.M', 'not a model class'],
    ],
    [
      'a name that ships',
      './p.mjs',
      { 'p.mjs': plugin('arrivals: { poisson: () => [] }') },
      ['PLUGIN-NAME-001', '"poisson"', 'ais_bench itself', './p.mjs'],
    ],
  ])(
    '%s is said with its place and what to do',
    async (_what, name, files: Readonly<Record<string, string>>, said) => {
      const { code, stderr } = await aisBench(emptyFolder(files), 'plugins', '--plugin', name);
      expect(code).toBe(2);
      for (const text of said) expect(stderr).toContain(text);
    },
  );

  it('a class that a folder of the user’s has too is refused with both places', async () => {
    const other =
      "import { PlainChat as Base } from '../my-plugin/plain-chat.ts';\nexport class PlainChat extends Base {}\n";
    const cwd = withExample({ ...FORMS, 'models/plain.ts': other });
    const { code, stderr } = await aisBench(cwd, 'run.ts', '--url', 'http://127.0.0.1:9');
    expect(code).toBe(2);
    expect(stderr).toContain('two of the models have the name "PlainChat"');
    expect(stderr).toMatch(/where: a plugin \(\.\/my-plugin\/\S+\), and \.\/models\/plain\.ts/);
  });

  it.each([
    [
      'throws',
      'async () => { throw new Error("no rows today"); }',
      'the dataset class Rows threw: no rows today',
    ],
    ['throws at once', '() => { throw new Error("none"); }', 'the dataset class Rows threw: none'],
    ['reads nothing', 'async () => []', 'the dataset class Rows read no rows'],
  ])('a dataset that %s is said by its name', async (_what, load, message) => {
    const files = { 'p.mjs': plugin(`datasets: { Rows: { name: 'Rows', load: ${load} } }`) };
    const config = `export const plugins = ['./p.mjs'];
export const models = [{ ${MODEL.replace('PlainChat', 'VLLMCustomAPIChat')} }];
export const datasets = [{ ...${DATASET((name) => `'${name}'`)}, type: 'Rows', infer_cfg: { prompt_template: { template: 'x' }, retriever: { type: 'ZeroRetriever' }, inferencer: { type: 'GenInferencer' } }, eval_cfg: undefined }];
`;
    const { code, stderr } = await aisBench(emptyFolder({ ...files, 'run.ts': config }), 'run.ts');
    expect(code, stderr).toBe(2);
    expect(stderr).toContain(`[PLUGIN-IMPL-001] ${message}`);
    expect(stderr).toContain('where: capitals: ./p.mjs');
  });

  it('an arrival whose times fall is refused before anything is sent', async () => {
    const { url, asked } = await doubtful();
    const cwd = withExample({ 'p.mjs': plugin('arrivals: { falling: () => [5, 4, 3, 2] }') });
    const args = ['--plugin', './my-plugin', '--plugin', './p.mjs', '--models', CHAT, '--url', url];
    const run = (arrival: string) =>
      aisBench(cwd, ...args, '--datasets', 'capitals_self_check', '--mode', 'perf', '--arrival', arrival);
    const { code, stderr } = await run('falling');
    expect(code).toBe(2);
    expect(stderr).toContain('gives request 1 the time 4, and request 0 5');
    expect(asked).toHaveLength(0);
    expect((await run('fallin')).stderr).toMatch(
      /there is no arrival "fallin".*\n.*--arrival\n.*did you mean "falling"/,
    );
  });
});

describe('a Python package with the entry point of AISBench', () => {
  const SERVICE = `from ais_bench.benchmark.models import BaseAPIModel

class MyService(BaseAPIModel):
    def __init__(self, path="", flavour="plain", **kwargs):
        super().__init__(path=path, **kwargs)
        self.flavour = flavour
        self.url = self._get_url()

    def _get_url(self):
        return f"{self.base_url}v1/chat/completions"

    async def get_request_body(self, input_data, max_out_len, output, **args):
        text = f"capital of Peru, {self.flavour}"
        return {"model": "x", "messages": [{"role": "user", "content": text}] * 2, "stream": False}

    async def parse_text_response(self, json_content, output):
        output.content = json_content["choices"][0]["message"]["content"]
`;
  const LOCAL = `from ais_bench.benchmark.models import BaseModel
from .names import NAME

class EchoModel(BaseModel):
    def generate(self, inputs, max_out_len, **kwargs):
        return [NAME for _ in inputs]
`;

  /** A virtual environment with such a package, as pip would leave it. */
  function environment(cwd: string): string {
    execFileSync('python3', ['-m', 'venv', '--without-pip', join(cwd, 'venv')]);
    const lib = join(cwd, 'venv/lib');
    const site = join(lib, readdirSync(lib)[0]!, 'site-packages');
    const files = {
      'my_plugin/__init__.py': '',
      'my_plugin/models/__init__.py': 'from .echo import EchoModel\nfrom .service import MyService\n',
      'my_plugin/models/names.py': 'NAME = "Lima"\n',
      'my_plugin/models/echo.py': LOCAL,
      'my_plugin/models/service.py': SERVICE,
      'my_plugin-1.2.dist-info/METADATA': 'Metadata-Version: 2.1\nName: my-plugin\nVersion: 1.2\n',
      'my_plugin-1.2.dist-info/entry_points.txt': '[ais_bench.benchmark_plugins]\nmine = my_plugin\n',
    };
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(site, path, '..'), { recursive: true });
      writeFileSync(join(site, path), content);
    }
    return join(cwd, 'venv/bin/python');
  }

  it('is listed, and its models are run by the names of their classes, here and in child processes', {
    timeout: 60_000,
  }, async () => {
    const { url, asked } = await doubtful();
    const cwd = withExample();
    const python = environment(cwd);
    const list = await aisBench(cwd, 'plugins', '--python', python);
    expect(list.stdout).toMatch(/mine +my-plugin@1\.2 +model-local +EchoModel/);
    expect(list.stdout).toContain('mine: a Python entry point');
    expect(list.stdout).toMatch(/model-service +MyService/);
    writeFileSync(
      join(cwd, 'run.py'),
      `from my_plugin.models import EchoModel, MyService

models = [
    dict(attr='local', type=EchoModel, abbr='echo', path='x', max_out_len=9, batch_size=2, max_seq_len=99, python='${python}'),
    dict(attr='service', type=MyService, abbr='mine', url='${url}', max_out_len=9, batch_size=2, flavour='rich', python='${python}'),
]
datasets = [dict(
    abbr='capitals', type='CapitalsDataset',
    reader_cfg=dict(input_columns=['country'], output_column='capital'),
    infer_cfg=dict(prompt_template=dict(type='PromptTemplate', template='{country}'),
                   retriever=dict(type='ZeroRetriever'), inferencer=dict(type='GenInferencer')),
    eval_cfg=dict(evaluator=dict(type='NameEvaluator')))]
`,
    );
    const args = ['run.py', '--plugin', './my-plugin', '--num-warmups', '0', '--workers', '2'];
    const { code, stderr } = await aisBench(cwd, ...args);
    expect(code, stderr).toBe(0);
    expect(scoreIn(cwd, 'echo')).toMatchObject({ accuracy: 25, n: 4 });
    expect(scoreIn(cwd, 'mine')).toMatchObject({ accuracy: 25, n: 4 });
    expect(asked[0]!.body).toContain('capital of Peru, rich');
  });
});

it('a self-check against the embedded service is a report of conversations', async () => {
  const { url } = await serve();
  const cwd = withExample();
  const { code, stdout, stderr } = await aisBench(cwd, 'my-plugin/run.yaml', '--url', url);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^Conversations: 4; 4 completed/m);
  expect(stderr).toMatch(/4 dialogues to http/);
});
