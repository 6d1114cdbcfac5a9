/** A user's own folders, and a matrix of which one pair cannot be run. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  aisBench,
  CHAT,
  chatServer,
  DEMO,
  degradedIn,
  emptyFolder,
  filesBelow,
  json,
  latest,
  recordsOf,
  streamed,
} from './support.ts';

const CLASS = `
import { BaseAPIModel } from 'ais-bench';
import { ENDPOINT } from './endpoint.ts';

export class MyCustomAPI extends BaseAPIModel {
  getUrl() { return new URL(ENDPOINT, this.baseUrl).href; }
  getRequestBody(input: unknown, maxOutLen: number) { return { ask: String(input), limit: maxOutLen }; }
  parseTextResponse(data: { said: string }, output: { content: string }) { output.content = data.said; }
}
`;
const ENDPOINT = "export const ENDPOINT = 'generate';\n";
const CONFIG = 'models: [{ attr: service, type: MyCustomAPI, abbr: mine, batch_size: 4 }]\n';

const PYTHON_CLASS = `
from ais_bench.benchmark.models import BaseAPIModel


class MyCustomAPI(BaseAPIModel):
    def _get_url(self):
        return f"{self.base_url}generate"

    async def get_request_body(self, input, max_out_len, output, **args):
        return {"ask": str(input), "limit": max_out_len}

    async def parse_text_response(self, data, output):
        output.content = data["said"]
`;

const GUIDE = 'ais_bench/benchmark';
const REQUESTS = ['--datasets', DEMO, '--num-prompts', '2', '--num-warmups', '0'];
const plainService = () => chatServer(() => json({ said: 'The answer is 18' }));

describe('a class of the user’s is found', () => {
  it.each([
    [
      'in the guide’s folders',
      '.',
      `${GUIDE}/models/api_models`,
      `${GUIDE}/configs/models/api/mine.yaml`,
      'mine',
    ],
    ['in ./models', '.', 'models', 'configs/models/mine.yaml', 'mine'],
    ['beside a config by its relative path', '.', 'conf', 'conf/mine.yaml', 'conf/mine.yaml'],
    ['in the models folder of such a config', '.', 'conf/models', 'conf/mine.yaml', './conf/mine.yaml'],
    ['beside a config by its absolute path', 'work', 'conf', 'conf/mine.yaml', '{root}/conf/mine.yaml'],
  ])('%s', async (_, cwd, classes, config, name) => {
    const root = emptyFolder({
      'work/empty.txt': '',
      [`${classes}/my_custom_api.ts`]: CLASS,
      [`${classes}/endpoint.ts`]: ENDPOINT,
      [config]: CONFIG,
    });
    const server = await plainService();
    const models = ['--models', name.replace('{root}', root)];
    const { code, stderr } = await aisBench(join(root, cwd), ...models, ...REQUESTS, '--url', server.url);
    expect(stderr).not.toMatch(/ERROR|WARN/);
    expect(code).toBe(0);
    expect(server.asked.map(({ path }) => path)).toEqual(['/generate', '/generate']);
    expect(recordsOf(join(root, cwd)).map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
  });

  it('in Python beside a config by its absolute path', async () => {
    const root = emptyFolder({
      'work/x': '',
      'conf/my_custom_api.py': PYTHON_CLASS,
      'conf/mine.yaml': CONFIG,
    });
    const server = await plainService();
    const models = ['--models', join(root, 'conf/mine.yaml')];
    const { code, stderr } = await aisBench(join(root, 'work'), ...models, ...REQUESTS, '--url', server.url);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('ERROR')]);
    expect(server.asked).toHaveLength(2);
  });

  it('in Python, over a shipped class and one of the user’s in the file beside it', async () => {
    const middle = `
from ais_bench.benchmark.models import VLLMCustomAPIChat

class Middle(VLLMCustomAPIChat):
    def __init__(self, tone="dry", **kwargs):
        super().__init__(**kwargs)
        self.tone = tone
`;
    const mine = `
from middle import Middle as Base

class Mine(Base):
    async def get_request_body(self, input, max_out_len, output, **args):
        body = await super().get_request_body(input, max_out_len, output, **args)
        return {**body, "tone": self.tone}
`;
    const config = 'models: [{ attr: service, type: Mine, abbr: mine, tone: wet, stream: true }]\n';
    const root = emptyFolder({
      'work/x': '',
      'conf/middle.py': middle,
      'conf/mine.py': mine,
      'conf/run.yaml': config,
    });
    const server = await chatServer(() => streamed('The answer is 18'));
    const models = ['--models', join(root, 'conf/run.yaml')];
    const { code, stderr } = await aisBench(join(root, 'work'), ...models, ...REQUESTS, '--url', server.url);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('ERROR')]);
    const bodies = server.asked.map(({ body }) => JSON.parse(body));
    expect(bodies.map(({ model, stream, tone }) => [model, stream, tone])).toEqual(
      Array(2).fill(['scripted', true, 'wet']),
    );
  });

  it('or the error says where it was looked for', async () => {
    const cwd = emptyFolder({ 'conf/mine.yaml': CONFIG });
    const { code, stderr } = await aisBench(cwd, '--models', 'conf/mine.yaml', ...REQUESTS);
    expect(code).toBe(2);
    expect(stderr).toContain(
      'there is no model class "MyCustomAPI" among the shipped ones, in ./conf, ./conf/models, ./models, ./ais_bench/benchmark/models/local_models, ./ais_bench/benchmark/models/api_models',
    );
    const none = await aisBench(cwd, '--models', 'mine', ...REQUESTS);
    expect(none.stderr).toContain(
      './configs/models, ./models, ./ais_bench/benchmark/configs/models and the shipped configs',
    );
  });
});

it('a config of the user’s in the guide’s folder comes before the shipped one of its name', async () => {
  const mine =
    "from ais_bench.benchmark.models import VLLMCustomAPIChat\nmodels = [dict(attr='service', type=VLLMCustomAPIChat, abbr='edited', stream=True)]\n";
  const cwd = emptyFolder({ [`${GUIDE}/configs/models/vllm_api/${CHAT}.py`]: mine });
  const { stdout } = await aisBench(
    cwd,
    '--models',
    CHAT,
    ...REQUESTS,
    '--dry-run',
    '--url',
    'http://localhost:1',
  );
  expect(stdout).toContain('edited × demo_gsm8k: 2 requests');
});

describe('a pair that cannot be run', () => {
  const PPL = 'demo_mcq_ppl_0_shot_str';
  const flags = ['--models', CHAT, '--num-prompts', '2', '--num-warmups', '0', '--batch-size', '2'];
  const WHY = 'vllm-api-stream-chat is not run on demo_mcq: PPLInferencer streams no replies';

  it('is left out of the matrix, and the run says so and fails', async () => {
    const cwd = emptyFolder();
    const server = await chatServer(() => streamed('The answer is 18'));
    const { code, stdout, stderr } = await aisBench(
      cwd,
      ...flags,
      '--datasets',
      PPL,
      DEMO,
      '--url',
      server.url,
    );
    expect(code).toBe(1);
    expect(server.asked).toHaveLength(2);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(WHY);
    expect(degradedIn(stdout).replaceAll(/\s+/g, ' ')).toContain('is not run on demo_mcq');
    const summary = filesBelow(latest(cwd)).filter(({ path }) => path.startsWith('summary/'));
    const holding = summary.filter(({ content }) =>
      content.replaceAll('\\', '').includes('is not run on demo_mcq'),
    );
    expect(holding.map(({ path }) => path.replace(/_\d+_\d+/, ''))).toEqual(
      expect.arrayContaining(['summary/degraded.json', 'summary/summary.md']),
    );
  });

  it('is shown by --dry-run', async () => {
    const cwd = emptyFolder();
    const { code, stdout } = await aisBench(cwd, ...flags, '--datasets', PPL, DEMO, '--dry-run');
    expect(code).toBe(2);
    expect(stdout).toContain(`note: ${WHY}`);
    expect(stdout).toContain('vllm-api-stream-chat × demo_gsm8k: 2 requests');
    expect(stdout).not.toContain('× demo_mcq:');
  });

  it('alone is an error, and nothing is begun', async () => {
    const cwd = emptyFolder();
    const { code, stderr } = await aisBench(cwd, ...flags, '--datasets', PPL);
    expect(code).toBe(2);
    expect(stderr).toMatch(/ICLI-\w+-00\d/);
    expect(filesBelow(cwd)).toEqual([]);
  });
});

describe('names and fields that AISBench has, or had', () => {
  it('the summarizer medium lists benchmarks under headings', async () => {
    const cwd = emptyFolder();
    const server = await chatServer(() => streamed('The answer is 18'));
    const flags = ['--models', CHAT, ...REQUESTS, '--summarizer', 'medium', '--url', server.url];
    const { code } = await aisBench(cwd, ...flags);
    expect(code).toBe(0);
    const csv = filesBelow(latest(cwd)).find(({ path }) => /summary\/summary_.*\.csv$/.test(path))!.content;
    expect(csv).toContain('\n--------- 考试 Exam ---------,-,-,-,-\nceval,-,-,-,-\n');
    expect(csv).toMatch(/\ndemo_gsm8k,\w+,accuracy,gen,/);
  });

  it.each([
    ['--datasets', 'longbench_2wikimqa_gen_6b3efc'],
    ['--summarizer', 'vbench'],
  ])('%s %s is a name', async (...named) => {
    expect((await aisBench(emptyFolder(), '--search', ...named)).code).toBe(0);
  });

  it('fields and flags that change nothing are taken', async () => {
    const old =
      'models: [{ attr: service, type: VLLMCustomAPIChat, abbr: old, max_seq_len: 4096, rpm_verbose: true, request_rate: 0.05 }]';
    const cwd = emptyFolder({ 'old.yaml': old });
    const flags = [
      '--models',
      'old.yaml',
      ...REQUESTS,
      '--dry-run',
      '--trust-remote-code',
      '--url',
      'http://localhost:1',
    ];
    const { code, stdout } = await aisBench(cwd, ...flags);
    expect(code).toBe(0);
    expect(stdout).toContain('note: old: max_seq_len has no effect');
    expect(stdout).toContain('note: old: rpm_verbose has no effect');
    // One every 20 s, as AISBench's code has it.
    expect(stdout).toContain('1 in flight, 0.05 requests/s');
    expect(stdout).toContain('note: old: request_rate 0.05: one request every 20 s');
  });
});
