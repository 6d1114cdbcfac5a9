import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ModelEntry, RunConfig } from '../config/flags.ts';
import type { Finding } from '../contract/finding.ts';
import { resolveConfig } from '../resolve.ts';
import { closedPort, type ScriptedServer, startScriptedServer } from '../testing/index.ts';
import type { RunOptions } from './options.ts';
import { run } from './run.ts';

const cwd = mkdtempSync(join(tmpdir(), 'ais-bench-run-'));
let server: ScriptedServer;
/** Requests that are refused with 400, counted down. */
let refusals = 0;

beforeAll(async () => {
  writeFileSync(
    join(cwd, 'sums.jsonl'),
    '{"question":"1 + 1","answer":"2"}\n{"question":"2 + 2","answer":"4"}\n',
  );
  server = await startScriptedServer(({ path }) => {
    if (path.endsWith('/models')) return { body: JSON.stringify({ data: [{ id: 'm' }] }) };
    if (refusals-- > 0) return { status: 400, body: 'refused' };
    return { body: JSON.stringify({ choices: [{ message: { content: '2' }, finish_reason: 'stop' }] }) };
  });
});

afterAll(async () => {
  await server.close();
  rmSync(cwd, { recursive: true, force: true });
});

const sums = ({ template = '{question}', ...more }: { template?: string } & RunConfig = {}): RunConfig => ({
  models: [{ attr: 'service', type: 'VLLMCustomAPIChat', abbr: 'm', url: server.url, retry: 0 }],
  datasets: [
    {
      abbr: 'sums',
      type: 'FileDataset',
      path: 'sums.jsonl',
      reader_cfg: { input_columns: ['question'], output_column: 'answer' },
      infer_cfg: {
        prompt_template: { type: 'PromptTemplate', template },
        retriever: { type: 'ZeroRetriever' },
        inferencer: { type: 'GenInferencer' },
      },
      eval_cfg: { evaluator: { type: 'AccEvaluator' } },
    },
  ],
  maxErrorRate: 1,
  workDir: join(cwd, 'outputs'),
  ...more,
});

/** Runs a config; returns its result, and the codes of what it found while it went. */
async function runIt(config: RunConfig, options: RunOptions = {}) {
  const found: Finding[] = [];
  const on: RunOptions['on'] = (event) => {
    if (event.type === 'finding') found.push(event.finding);
  };
  const result = await run(await resolveConfig(config, { cwd, env: {} }), { ...options, on });
  return { result, found, codes: found.map(({ code }) => code) };
}

it('measures and scores, and says what the warm-up sent', async () => {
  const { result, codes } = await runIt(sums());
  expect(codes).toContain('WARMUP-MEASURED');
  expect(result.tasks[0]!.score).toMatchObject({ accuracy: { value: 50, n: 2 } });
  expect(readFileSync(join(result.folder, 'logs/run.jsonl'), 'utf8')).toContain('"code":"WARMUP-MEASURED"');
});

it('says which warm-up requests failed', async () => {
  refusals = 1;
  const { found } = await runIt(sums({ numWarmups: 2 }));
  const params = { failed: 1, requests: 2, why: expect.stringContaining('refused') };
  expect(found).toContainEqual(expect.objectContaining({ code: 'WARMUP-FAILED', params }));
});

it('reports the models that answer where another is not reached', async () => {
  const port = await closedPort();
  const [model] = sums().models as ModelEntry[];
  const lost = { ...model, abbr: 'lost', url: `http://127.0.0.1:${port}` };
  const { result, codes } = await runIt(sums({ models: [model!, lost as ModelEntry] }));
  expect(codes).toContain('MODEL-BROKEN');
  expect(result.broken.map(({ model: name }) => name)).toEqual(['lost']);
  expect(result.tasks.map(({ model: name }) => name)).toEqual(['m']);
  expect(result.findings.map(({ code }) => code)).toContain('MODEL-BROKEN');
});

it('says what a run that it goes on with lacks, and what has changed since', async () => {
  const { result } = await runIt(sums());
  const { folder, name } = result;
  const predictions = join(folder, 'predictions/m/sums.jsonl');
  const records = join(folder, 'performances/m/sums_records.jsonl');
  for (const file of [predictions, records]) {
    const [first] = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, `${first}\n`);
  }
  appendFileSync(records, '{"half');
  const again = await runIt(sums({ mode: 'eval' }), { reuse: name });
  expect(again.codes).toContain('HALF-LINE');
  expect(again.found).toContainEqual(
    expect.objectContaining({ code: 'SAMPLES-MISSING', params: { missing: 1, samples: 2 } }),
  );
  const changed = await runIt(sums({ template: 'Solve: {question}' }), { reuse: name });
  expect(changed.codes).toContain('TEMPLATE-CHANGED');
});

it('names a run behind one whose clock was ahead', async () => {
  const workDir = join(cwd, 'ahead');
  mkdirSync(join(workDir, '29991231_235959/configs'), { recursive: true });
  const { result, codes } = await runIt(sums({ workDir }));
  expect(codes).toContain('CLOCK-BEHIND');
  expect(readdirSync(workDir).sort().at(-1)).not.toBe('29991231_235959');
  expect(result.name).toMatch(/^29991231_235959/);
});

it('says why a service shows no metrics, where they were wanted', async () => {
  const port = await closedPort();
  const { codes } = await runIt(sums(), { scrapeMetrics: `http://127.0.0.1:${port}/metrics` });
  expect(codes).toContain('SERVER-METRICS-REFUSED');
});

it('warns of a load near what this machine was measured to send', async () => {
  const reached = { perSecond: 1, cpu: 0.5, isAtLeast: false };
  const ceiling = {
    ...{ measuredAt: '2026-12-01T00:00:00Z', node: 'v20', tool: '0', cores: 1 },
    ...{ requests: reached, events: reached, eventsOneByOne: 1e9, streams: {} },
    stamps: { median: 0, p99: 0, events: 1, streams: 1, eventsPerSecond: 1 },
  };
  const { found } = await runIt(sums({ requestRate: 1000 }), { ceiling });
  const what = expect.stringContaining('requests/s are');
  expect(found).toContainEqual(
    expect.objectContaining({ code: 'NEAR-LIMIT', params: { what, cure: expect.any(String) } }),
  );
});

it('says that results of remote workers may be on their server, where it is not told which', async () => {
  const { result } = await runIt(sums());
  const file = { version: 1, group: 'g', session: 's', isOpen: true, workers: [] };
  writeFileSync(join(result.folder, 'workers.json'), JSON.stringify(file));
  expect((await runIt(sums({ mode: 'eval' }), { reuse: result.name })).codes).toContain(
    'RESULTS-NOT-FETCHED',
  );
});
