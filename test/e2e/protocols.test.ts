/** Every shipped service model, as a person runs it, against the embedded service: accuracy and load test. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningService, startService } from '../../src/engine/service.ts';
import { type Step, startKserve } from '../support/kserve-server.ts';
import { FAST } from '../support/sim-service.ts';
import { aisBench, DEMO, emptyFolder, latest, recordsOf } from './support.ts';

const CONFIGS = fileURLToPath(new URL('../../configs/models', import.meta.url));

const serviceConfigs = readdirSync(CONFIGS, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.js'))
  .map((file) => ({ file, text: readFileSync(join(CONFIGS, file), 'utf8') }))
  .filter(({ text }) => text.includes("attr: 'service'"))
  .map(({ file, text }) => ({
    config: file.replace(/^.*[/\\]|\.js$/g, ''),
    streams: text.includes('stream: true'),
  }));

let all: RunningService;
/** MindIE's `generate` in vLLM's style has the path of vLLM's own, and another answer. */
let mindie: RunningService;
beforeAll(async () => {
  const options = { engine: { ...FAST, contextLength: 32_768 }, log: () => {} };
  all = await startService(options);
  mindie = await startService({ ...options, protocols: ['mindie'] });
});
afterAll(() => Promise.all([all.close(), mindie.close()]));

/** Passes requests over gRPC on to Triton's `generate_stream`, until the test is over: the service itself speaks no gRPC. */
async function startTritonGrpc(): Promise<string> {
  const answer = async function* ({ inputs }: { inputs: object }): AsyncIterable<Step> {
    const path = `v2/models/${all.model}/generate_stream`;
    const body = JSON.stringify({ ...inputs, stream: true });
    const response = await fetch(all.url + path, { method: 'POST', body });
    let text = '';
    for await (const bytes of response.body!.pipeThrough(new TextDecoderStream())) {
      const events = (text + bytes).split('\n\n');
      text = events.pop()!;
      for (const event of events) yield JSON.parse(event.slice('data: '.length)).text_output;
    }
  };
  const { port } = await startKserve({ answer, decoupled: false });
  return `http://127.0.0.1:${port}/`;
}

/** Where a config's protocol is spoken, and the model's name where that cannot be asked for. */
async function findService(config: string): Promise<readonly string[]> {
  if (config.startsWith('triton_grpc')) return ['--url', await startTritonGrpc(), '--model', all.model];
  return ['--url', config.startsWith('mindie') ? mindie.url : all.url];
}

async function run(config: string, dataset: string, ...args: readonly string[]) {
  const cwd = emptyFolder();
  const done = await aisBench(
    cwd,
    ...['--models', config, '--datasets', dataset, '--batch-size', '4', '--num-warmups', '0'],
    ...(await findService(config)),
    ...args,
  );
  const said = `${done.stdout}\n${done.stderr}`;
  expect(done.code, said).toBe(0);
  return { ...done, cwd, records: recordsOf(cwd) };
}

function predictionsOf(cwd: string): any[] {
  const folder = join(latest(cwd), 'predictions');
  const [file] = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((it) =>
    it.endsWith('.jsonl'),
  );
  const rows = readFileSync(join(folder, file!), 'utf8').trim().split('\n');
  return rows.map((row) => JSON.parse(row)).sort((a, b) => a.id - b.id);
}

/** The demo's score and answers, the same of every protocol: the same engine is behind each, so one that differs was read wrongly. */
async function answersTheDemo(config: string, ...args: readonly string[]): Promise<void> {
  const { stdout, cwd, records } = await run(config, DEMO, ...args);
  // Where a model is named, as VITA's config does, the service is not asked for it and cannot say that it is simulated.
  expect(stdout).toMatch(/^demo_gsm8k accuracy( \(simulated\))? \S+ 75\.00 8 /m);
  expect(records.map(({ outcome }) => outcome)).toEqual(Array(8).fill('ok'));
  const answers = predictionsOf(cwd).map(({ content }) => content);
  expect(new Set(answers).size).toBe(8);
  for (const answer of answers) expect(answer).toMatch(/^.+\n(.+\n)+The answer is \d+\.$/);
}

describe.each(serviceConfigs)('$config', ({ config, streams }) => {
  it('answers the demo', () => answersTheDemo(config));

  it('stands a load test', async () => {
    const { stdout, records } = await run(config, DEMO, '--mode', 'perf');
    expect(stdout).toMatch(/^E2EL, ms +\d/m);
    expect(stdout).toMatch(streams ? /^TTFT, ms +\d/m : /^TTFT, ms +n\/a/m);
    expect(records).toHaveLength(8);
    for (const { outcome, streamed, times } of records) {
      expect({ outcome, streamed }).toEqual({ outcome: 'ok', streamed: streams });
      if (streams) expect(times.events.at.length).toBeGreaterThan(8);
    }
  });
});

describe('another form of a protocol', () => {
  it.each([
    ['ollama_api', 'endpoint=generate'],
    ['ollama_api_stream', 'endpoint=generate'],
    ['gemini_api_stream', 'stream_framing=json-array'],
  ])('answers the demo (%s, %s)', (config, setting) =>
    answersTheDemo(config, '--set', `models.0.${setting}`),
  );
});

describe('perplexity', () => {
  it.each([
    ['vllm_api_general', 'ppl_method=prompt_logprobs'],
    ['vllm_api_general', 'ppl_method=echo'],
    ['tgi_api_general', 'retry=0'],
    ['sglang_api', 'retry=0'],
  ])('chooses the labels that the service finds likeliest (%s, %s)', async (config, setting) => {
    const { stdout } = await run(config, 'demo_mcq_ppl_0_shot_str', '--set', `models.0.${setting}`);
    expect(stdout).toMatch(/^demo_mcq accuracy \(simulated\) \S+ 75\.00 20 /m);
  });
});

describe('pictures', () => {
  it.each(['vllm_api_general_chat', 'ollama_api', 'ollama_api_stream', 'gemini_api', 'gemini_api_stream'])(
    'are part of the prompt (%s)',
    async (config) => {
      const { stdout, records } = await run(config, 'demo_shapes_gen');
      expect(stdout).toMatch(/^demo_shapes_choice +accuracy \(simulated\) .*\b66\.67 +12 /m);
      expect(stdout).toMatch(/^demo_shapes_count +accuracy \(simulated\) .*\b83\.33 +12 /m);
      expect(records).toHaveLength(24);
      // A picture alone has 4 × 4 tokens.
      for (const { inputTokens } of records) expect(inputTokens.value).toBeGreaterThan(16);
    },
  );
});

describe('dialogues', () => {
  it('are answered turn by turn', async () => {
    const { stdout } = await run('vllm_api_stream_chat_multiturn', 'demo_multiturn_gen');
    expect(stdout).toMatch(/^demo_multiturn accuracy \(simulated\) \d\d\.\d\d /m);
  });
});
