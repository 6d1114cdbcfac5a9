/** vLLM in the worker: text with SmolLM2-135M-Instruct through the command, and one tiny random Qwen2-VL for texts, images and video. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it, vi } from 'vitest';
import { HuggingFaceVL, VLLMOfflineVLModel } from '../../src/models/local/worker-model.ts';
import { about, ask, BLUE, loaded, MODEL, PYTHON, perplexity, RED, script, TINY_VLM } from './python.ts';
import { expectAllOk, runLocal } from './runs.ts';
import { install } from './server.ts';

const SMALL = { dtype: 'float32', enforce_eager: true, max_num_seqs: 8 };

const ENV = {
  VLLM_TARGET_DEVICE: 'cpu',
  VLLM_CPU_KVCACHE_SPACE: '1',
  VLLM_CPU_OMP_THREADS_BIND: 'auto',
  HF_HUB_OFFLINE: '1',
};

beforeAll(() => {
  install('vllm');
  for (const [name, value] of Object.entries(ENV)) vi.stubEnv(name, value);
});

/** A start takes a minute and a half on two idle cores. */
const timeout = 15 * 60_000;

it('answers the demo prompts through the command, each token stamped', { timeout }, async () => {
  const done = await runLocal('vllm_offline_vl_model', {
    batchSize: 4,
    maxOutLen: 16,
    set: [`path=${MODEL}`, 'max_seq_len=2048', `model_kwargs=${JSON.stringify(SMALL)}`],
    args: ['--python', PYTHON],
    env: ENV,
  });
  expectAllOk(done, 8);
  const prompts = done.predictions.map((row) => row.origin_prompt as string);
  const plain = JSON.parse(script('plain_text.py', [MODEL, 'chat', '4', '16'], prompts)) as string[];
  // Another implementation of the same model: rounding may turn a close choice.
  const equal = done.answers.filter((text, index) => text === plain[index]).length;
  expect(equal).toBeGreaterThanOrEqual(6);
  for (const { streamed, outputTokens } of done.records) {
    expect(streamed).toBe(true);
    expect(outputTokens.source).toBe('token-ids');
  }
});

/** One start, so one test. */
it('takes texts, images and videos in one batch', { timeout }, async () => {
  const path = join(TINY_VLM, 'qwen2-vl');
  const limits = { limit_mm_per_prompt: { image: 2, video: 1 } };
  const model = await loaded(VLLMOfflineVLModel, path, { modelKwargs: { ...SMALL, ...limits } });

  const inputs = [about('What colour is it?', RED), about('Which is larger?', RED, BLUE), 'Hello there'];
  const told = await ask(model, inputs);
  expect(told.grown).toEqual(told.answers.map(({ outputTokens }) => outputTokens));
  expect(told.steps).toBeGreaterThan(3);
  expect(new Set(told.texts).size).toBe(3);
  const plain = script(
    'plain_images.py',
    [path, '16'],
    [
      [[RED], 'What colour is it?'],
      [[RED, BLUE], 'Which is larger?'],
    ],
  );
  expect(told.texts.slice(0, 2)).toEqual(JSON.parse(plain));

  const one = await ask(model, inputs.slice(0, 1));
  expect(one.texts).toEqual(told.texts.slice(0, 1));
  expect((await ask(model, [about('What colour is it?', BLUE)])).texts).not.toEqual(one.texts);
  expect((await ask(model, [])).texts).toEqual([]);

  const frames = [RED, BLUE, RED, RED].map((file) => readFileSync(file).toString('base64')).join(',');
  const video = { type: 'video_url', video_url: { url: `data:video/jpeg;base64,${frames}` } };
  const seen = await ask(model, [
    [{ role: 'user', content: [video, { type: 'text', text: 'What moves?' }] }],
  ]);
  expect(seen.answers[0]).toMatchObject({ outputTokens: 16, finishReason: 'length' });

  const text = 'The quick brown fox jumps over the lazy dog.';
  const reference = await perplexity(await loaded(HuggingFaceVL, path), text);
  expect((await perplexity(model, text)) / reference).toBeCloseTo(1, 2);
  await expect(ask(model, [about('What?', 'no/such.png')])).rejects.toThrow('there is no file');

  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('stopped')), 200);
  await expect(model.generate(inputs, 1500, { signal: controller.signal })).rejects.toThrow('stopped');
  expect((await ask(model, inputs.slice(0, 1))).texts).toEqual(one.texts);

  // vLLM's own processes count.
  expect((await model.peakMemory!()).rssBytes).toBeGreaterThan(1e9);
});
