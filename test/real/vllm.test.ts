/** vLLM 0.32 on the CPU with SmolLM2-135M-Instruct: what it says is of no use, but it is a real server. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAllOk, expectPerformanceRun, type Run, run } from './runs.ts';
import { REAL_HOME, type RealServer, startServer } from './server.ts';

const MODEL = 'smollm2-135m';

let vllm: RealServer;
beforeAll(async () => {
  vllm = await startServer('vllm', (port) => ({
    args: [
      ...['-m', 'vllm.entrypoints.openai.api_server', '--host', '127.0.0.1', '--port', String(port)],
      ...['--model', join(REAL_HOME, 'smollm2-hf'), '--served-model-name', MODEL],
      ...['--dtype', 'bfloat16', '--max-model-len', '2048', '--max-num-seqs', '16', '--enforce-eager'],
      ...['--enable-auto-tool-choice', '--tool-call-parser', 'hermes'],
      // A cached prompt is computed in other portions than a new one, and rounding would tell them apart.
      '--no-enable-prefix-caching',
    ],
    env: {
      VLLM_TARGET_DEVICE: 'cpu',
      VLLM_CPU_KVCACHE_SPACE: '2',
      HF_HUB_OFFLINE: '1',
      TRANSFORMERS_OFFLINE: '1',
      VLLM_NO_USAGE_STATS: '1',
      DO_NOT_TRACK: '1',
    },
    readyPath: 'health',
  }));
});
afterAll(() => vllm?.stop());

it('is vLLM', async () => {
  const { data }: any = await (await fetch(`${vllm.url}v1/models`)).json();
  expect(data[0]).toMatchObject({ id: MODEL, owned_by: 'vllm' });
});

/** With no chat template, the model takes some of the problems for a text that is over, and would say nothing. */
const GO_ON = ['generation_kwargs.min_tokens=8'];

const PAIRS: readonly (readonly [whole: string, stream: string, set: readonly string[]])[] = [
  ['vllm_api_general', 'vllm_api_general_stream', GO_ON],
  ['vllm_api_general_chat', 'vllm_api_stream_chat', []],
  ['openai_responses', 'openai_responses_stream', []],
  ['anthropic_messages', 'anthropic_messages_stream', []],
];

describe.each(PAIRS)('%s and %s', (whole, stream, set) => {
  let first: Run;

  it('answer the eight demo prompts, whole, and count tokens as the server does', async () => {
    const before = await tokensServed();
    first = await run(vllm.url, whole, { set });
    expectAllOk(first, 8);
    expect(first.stdout).toMatch(/^demo_gsm8k accuracy /m);
    await expectTokensServed(before, first);
  });

  it('give the same texts streamed, and the same counts', async () => {
    const before = await tokensServed();
    const second = await run(vllm.url, stream, { set });
    expectAllOk(second, 8);
    expect(second.answers).toEqual(first.answers);
    expect(second.answers.every((answer) => answer !== '')).toBe(true);
    await expectTokensServed(before, second);
    const countsOf = ({ records }: Run) =>
      records
        .toSorted((a, b) => a.call.index - b.call.index)
        .map(({ inputTokens, outputTokens }) => [inputTokens, outputTokens]);
    expect(countsOf(second)).toEqual(countsOf(first));
  });

  it('run a load test', async () => {
    await expectPerformanceRun(vllm.url, whole, false, { set });
    await expectPerformanceRun(vllm.url, stream, true, { set });
  });

  it.each([whole, stream])(
    'fail with the server’s words for a model that it has not (%s)',
    async (config) => {
      const { code, records } = await run(vllm.url, config, { args: ['--model', 'nope'], set: ['retry=0'] });
      expect(code).toBe(1);
      expect(records).toHaveLength(8);
      for (const record of records) {
        expect(record).toMatchObject({ outcome: 'failed', failure: { kind: 'http-status', status: 404 } });
        expect(record.failure.message).toContain(
          `The model \`nope\` does not exist. Valid aliases: ${MODEL}.`,
        );
      }
    },
  );
});

interface Served {
  readonly prompt: number;
  readonly generated: number;
}

/** What the server has counted since its start. */
async function tokensServed(): Promise<Served> {
  const text = await (await fetch(`${vllm.url}metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^vllm:${name}\\{.*\\} (\\S+)$`, 'm').exec(text)?.[1]);
  return { prompt: value('prompt_tokens_total'), generated: value('generation_tokens_total') };
}

async function expectTokensServed(before: Served, { records }: Run): Promise<void> {
  const sum = (key: 'inputTokens' | 'outputTokens') =>
    records.reduce((total: number, record) => total + record[key].value, 0);
  for (const { inputTokens, outputTokens } of records) {
    expect([inputTokens.source, outputTokens.source]).toEqual(['server', 'server']);
  }
  await expect
    .poll(
      async () => {
        const now = await tokensServed();
        return { prompt: now.prompt - before.prompt, generated: now.generated - before.generated };
      },
      { timeout: 20_000 },
    )
    .toEqual({ prompt: sum('inputTokens'), generated: sum('outputTokens') });
}

describe('dialogues', () => {
  const config = 'vllm_api_stream_chat_multiturn';
  const dataset = 'demo_multiturn_gen';
  const args = ['--num-prompts', '3'];

  it('are asked turn by turn', async () => {
    const done = await run(vllm.url, config, { dataset, args });
    expectAllOk(done, 9);
    expect(done.stdout).toMatch(/^demo_multiturn accuracy /m);
  });

  it('are timed in a load test', async () => {
    const done = await run(vllm.url, config, { dataset, args, mode: 'perf', batchSize: 3 });
    expectAllOk(done, 9);
    expect(done.stdout).toMatch(/^TTFT, ms /m);
  });
});

describe('perplexity', () => {
  const dataset = 'demo_mcq_ppl_0_shot_str';

  it('is the same by prompt_logprobs and by echo, and what the server’s probabilities give', async () => {
    const own = await run(vllm.url, 'vllm_api_general', { dataset, args: ['--num-prompts', '6'] });
    const echo = await run(vllm.url, 'vllm_api_general', {
      dataset,
      args: ['--num-prompts', '6'],
      set: ['ppl_method=echo'],
    });
    for (const { code, stdout, stderr } of [own, echo]) {
      expect(code, stderr).toBe(0);
      expect(stdout).toMatch(/^demo_mcq accuracy /m);
    }
    expect(echo.answers).toEqual(own.answers);
    const listOf = ({ predictions }: Run): any[] => predictions.flatMap(({ details }) => details.ppl_list);
    listOf(own).forEach(({ loss }, index) => {
      expect(listOf(echo)[index].loss).toBeCloseTo(loss, 3);
    });
    const [{ origin_prompt, details }] = own.predictions;
    expect(await lossOf(origin_prompt[0])).toBeCloseTo(details.ppl_list[0].loss, 3);
  });

  async function lossOf(prompt: string): Promise<number> {
    const body = JSON.stringify({ model: MODEL, prompt, max_tokens: 1, temperature: 0, prompt_logprobs: 0 });
    const headers = { 'content-type': 'application/json' };
    const reply: any = await (
      await fetch(`${vllm.url}v1/completions`, { method: 'POST', body, headers })
    ).json();
    const places = reply.choices[0].prompt_logprobs.slice(1).map((place: any) => Object.values(place)[0]);
    return -places.reduce((sum: number, { logprob }: any) => sum + logprob, 0) / places.length;
  }
});

describe('function calls', () => {
  const tools = [
    {
      type: 'function',
      function: {
        name: 'get_weather',
        description: 'Get the weather of a city',
        parameters: {
          type: 'object',
          properties: { city: { type: 'string', enum: ['Paris', 'Rome'] } },
          required: ['city'],
          additionalProperties: false,
        },
      },
    },
  ];
  const rows = [{ question: 'What is the weather in Paris?', answer: 'Paris', tools }];
  const files = {
    'configs/datasets/weather.js': `export const weather_datasets = [{
      abbr: 'weather',
      type: { name: 'Weather', async load() { return { train: [], test: ${JSON.stringify(rows)} }; } },
      reader_cfg: { input_columns: ['question'], output_column: 'answer' },
      infer_cfg: {
        prompt_template: { type: 'PromptTemplate', template: '{question}' },
        retriever: { type: 'ZeroRetriever' },
        inferencer: { type: 'GenInferencer' },
      },
      eval_cfg: { evaluator: { type: 'AccEvaluator' } },
    }];`,
  };
  const named = { type: 'function', function: { name: 'get_weather' } };

  it('come whole and streamed, and are the same', async () => {
    const ask = (stream: boolean) =>
      run(vllm.url, 'vllm_api_function_call_chat', {
        dataset: 'weather',
        files,
        maxOutLen: 64,
        set: [`stream=${stream}`, `generation_kwargs.tool_choice=${JSON.stringify(named)}`],
      });
    const [whole, streamed] = [await ask(false), await ask(true)];
    for (const done of [whole, streamed]) expectAllOk(done, 1);
    const callsOf = ({ predictions }: Run) =>
      predictions[0].tool_calls.map(({ name, arguments: args }: any) => ({ name, args }));
    expect(callsOf(whole)).toEqual([{ name: 'get_weather', args: expect.any(String) }]);
    expect(callsOf(streamed)).toEqual(callsOf(whole));
  });
});
