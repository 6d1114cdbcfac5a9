/** A real GGUF model in llama.cpp, behind the embedded service (what `npm run demo:real` shows), and as a local model. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { GGUFBaseModel, GGUFwithChatTemplate } from '../../src/models/local/llama.ts';
import { testLocalModel } from '../../src/testing/index.ts';
import { serveWith } from '../e2e/support.ts';
import { expectAllOk, expectPerformanceRun, type Run, type RunOptions, run, runLocal } from './runs.ts';
import { install, REAL_HOME } from './server.ts';

const GGUF = join(REAL_HOME, 'smollm2-gguf', 'SmolLM2-135M-Instruct.Q4_1.gguf');

const PEERS = join(REAL_HOME, 'llama-peers');

beforeAll(() => {
  install('llama');
  process.env['AIS_BENCH_PEERS'] = PEERS;
});

/** It ends with its test. */
function serveLlama(): Promise<{ url: string }> {
  return serveWith({ AIS_BENCH_PEERS: PEERS }, '--engine', 'llama', '--gguf', GGUF);
}

/** No warm-up: what a slot still knows of a prompt changes in which batches the rest is computed, and with it the rounding. */
const COLD = { args: ['--num-warmups', '0'] };

it('gives the same texts whole and streamed, with the same honest counts', async () => {
  const whole = await run((await serveLlama()).url, 'vllm_api_general_chat', COLD);
  const streamed = await run((await serveLlama()).url, 'vllm_api_stream_chat', COLD);
  for (const one of [whole, streamed]) {
    expectAllOk(one, 8);
    expect(one.stdout).toMatch(/^demo_gsm8k accuracy vllm-api-/m);
    expect(one.stdout).not.toContain('SIMULATED');
  }
  expect(streamed.answers).toEqual(whole.answers);
  expect(countsOf(streamed.records)).toEqual(countsOf(whole.records));
});

it('runs a load test', async () => {
  const { url } = await serveLlama();
  await expectPerformanceRun(url, 'vllm_api_stream_chat', true);
});

it('gives real probabilities', async () => {
  const { url } = await serveLlama();
  const { code, predictions } = await run(url, 'vllm_api_general', {
    dataset: 'demo_mcq_ppl_0_shot_str',
    args: ['--num-prompts', '4'],
  });
  expect(code).toBe(0);
  const losses = predictions.flatMap(({ details }) =>
    details.ppl_list.map(({ loss }: { loss: number }) => loss),
  );
  expect(losses.length).toBeGreaterThanOrEqual(8);
  for (const loss of losses) expect(loss).toBeGreaterThan(0);
});

function local(config: string, options: RunOptions = {}): Promise<Run> {
  const set = [`path=${GGUF}`, ...(options.set ?? [])];
  return runLocal(config, { ...options, set, env: { AIS_BENCH_PEERS: PEERS } });
}

describe.each([
  ['gguf_model', 'vllm_api_general_chat', GGUFwithChatTemplate],
  ['gguf_base_model', 'vllm_api_general', GGUFBaseModel],
] as const)('%s', (config, servedConfig, Model) => {
  it('says what the same file says behind the service, with the same counts', async () => {
    const { url } = await serveLlama();
    const [here, served] = [await local(config, COLD), await run(url, servedConfig, COLD)];
    expectAllOk(here, 8);
    // The two cut a prompt into other batches. Where a processor rounds by batch (Intel's AMX does) that may turn one near tie.
    const alike = here.answers.flatMap((answer, n) => (answer === served.answers[n] ? [n] : []));
    expect(alike.length).toBeGreaterThanOrEqual(7);
    const values = ({ records }: Run) => alike.map((n) => valuesOf(countsOf(records)[n]!));
    expect(values(here)).toEqual(values(served));
  });

  it('says it in batches too', async () => {
    const batched = await local(config, { batchSize: 4 });
    expectAllOk(batched, 8);
    expect(batched.stdout).toMatch(/^demo_gsm8k accuracy gguf-/m);
    for (const { finishReason, outputTokens } of batched.records) {
      expect(outputTokens.source).toBe('token-ids');
      if (finishReason === 'length') expect(outputTokens.value).toBe(24);
      else expect([finishReason, outputTokens.value <= 24]).toEqual(['stop', true]);
    }
  });

  describe('the class', () => {
    testLocalModel(it, { create: (options) => new Model(options), options: { path: GGUF } });
  });
});

it('knows locally how likely a text is, as behind the service', async () => {
  const { url } = await serveLlama();
  const asked = { dataset: 'demo_mcq_ppl_0_shot_str', args: ['--num-prompts', '4'] };
  const here = await local('gguf_base_model', { ...asked, batchSize: 4 });
  const served = await run(url, 'vllm_api_general', asked);
  expect([here.code, served.code]).toEqual([0, 0]);
  const lossesOf = ({ predictions }: Run): number[] =>
    predictions.flatMap(({ details }) => details.ppl_list.map(({ loss }: { loss: number }) => loss));
  expect(lossesOf(here)).toHaveLength(lossesOf(served).length);
  lossesOf(served).forEach((loss, index) => {
    expect(lossesOf(here)[index]).toBeCloseTo(loss, 1);
  });
});

describe('GGUFBaseModel', () => {
  const options = { path: GGUF, maxOutLen: 16, batchSize: 2, maxSeqLen: 512, tokenizerOnly: false };
  const NEVER = { signal: new AbortController().signal };

  async function withModel<T>(
    own: Record<string, unknown>,
    use: (model: GGUFBaseModel) => Promise<T>,
  ): Promise<T> {
    const model = new GGUFBaseModel({ ...options, generationKwargs: {}, ...own });
    await model.load(NEVER.signal);
    try {
      return await use(model);
    } finally {
      await model.close();
    }
  }

  it('has about the perplexity that transformers has with the same weights', async () => {
    const texts = ['The quick brown fox jumps over the lazy dog.', 'Two plus two is four.', 'Dog the fox.'];
    const losses = await withModel({}, (model) => model.getPpl(texts, NEVER));
    expect(losses.map(({ tokens }) => tokens).slice(0, 2)).toEqual([9, 5]);
    // transformers 5.19 in 32 bits; llama.cpp rounds what goes into a 4-bit matrix to 8 bits, each kind of processor in its way.
    expect(Math.abs(losses[0]!.loss - 4.0117)).toBeLessThan(0.1);
    expect(Math.abs(losses[1]!.loss - 4.8261)).toBeLessThan(0.1);
  });

  it('tells of tokens as they come, samples by the seed, and goes on behind the end', async () => {
    const generationKwargs = { temperature: 1.5, seed: 7, ignore_eos: true };
    const counts = [0, 0, 0];
    const texts = await withModel({ generationKwargs }, async (model) => {
      const prompts = ['My favourite animal is', 'Once upon a time', 'My favourite animal is'];
      return model.generate(prompts, 16, {
        ...NEVER,
        onTokens: (index, tokens) => {
          counts[index]! += tokens;
        },
      });
    });
    expect(counts).toEqual([16, 16, 16]);
    expect(texts[2]).toEqual(texts[0]);
    expect(texts[1]!.text).not.toBe(texts[0]!.text);
  });

  it('cuts a prompt that is too long, and ends at a stop word', async () => {
    const long = `${'word '.repeat(600)}The capital of France is`;
    const [answer] = await withModel({ stopWords: ['Paris'] }, (model) => model.generate([long], 12, NEVER));
    expect(answer).toMatchObject({ inputTokens: 500 });
  });

  it('reads the tokenizer alone where it shall', async () => {
    await withModel({ tokenizerOnly: true }, async (model) => {
      await expect(model.generate(['Hi'], 4, NEVER)).rejects.toThrow('tokenizer_only');
    });
  });
});

function countsOf(records: readonly any[]): unknown[] {
  return records
    .toSorted((a, b) => a.call.index - b.call.index)
    .map(({ inputTokens, outputTokens }) => [inputTokens, outputTokens]);
}

function valuesOf(counts: any): unknown {
  return counts.map(({ value }: { value: number }) => value);
}
