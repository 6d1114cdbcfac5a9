/** transformers on the CPU, text with SmolLM2-135M-Instruct and images with tiny random models: our engines against plain scripts. */
import { existsSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  HuggingFaceBaseModel,
  HuggingFaceVL,
  HuggingFacewithChatTemplate,
} from '../../src/models/local/worker-model.ts';
import { startScriptedServer, testLocalModel } from '../../src/testing/index.ts';
import { durable, scoreOf } from '../e2e/killed.ts';
import { DEMO, emptyFolder, start } from '../e2e/support.ts';
import { killWorkers } from '../support/worker-kills.ts';
import {
  about,
  ask,
  BLUE,
  loaded,
  MODEL,
  PEFT,
  PYTHON,
  perplexity,
  RED,
  script,
  TINY_VLM,
} from './python.ts';
import { expectAllOk, predictionsOf, type Run, runLocal } from './runs.ts';
import { install } from './server.ts';

const BATCH = 4;
const TOKENS = 32;

const answer = (config: string, ...args: readonly string[]): Promise<Run> =>
  runLocal(config, {
    batchSize: BATCH,
    maxOutLen: TOKENS,
    set: [`path=${MODEL}`],
    args: ['--python', PYTHON, ...args],
  });

type Prompt = string | readonly { readonly role: string; readonly content: string }[];

/** Answers of a plain script with the same batches. */
function plainAnswers(
  prompts: readonly Prompt[],
  form: 'chat' | 'text',
  batch = BATCH,
  tokens = TOKENS,
): string[] {
  return JSON.parse(script('plain_text.py', [MODEL, form, String(batch), String(tokens)], prompts));
}

// Each test loads models more than once: seconds on an idle machine, minutes on a busy one.
vi.setConfig({ testTimeout: 15 * 60_000 });

beforeAll(() => install('vllm'));

describe.each([
  ['hf_chat_model', 'chat'],
  ['hf_base_model', 'text'],
] as const)('%s', (config, form) => {
  it('says on the eight demo prompts what a plain script says', async () => {
    const done = await answer(config);
    expectAllOk(done, 8);
    const prompts = done.predictions.map((row) => row.origin_prompt as string);
    expect(done.answers).toEqual(plainAnswers(prompts, form));
    for (const { finishReason, outputTokens } of done.records) {
      expect(outputTokens.source).toBe('token-ids');
      if (finishReason === 'length') expect(outputTokens.value).toBe(TOKENS);
      else expect([finishReason, outputTokens.value < TOKENS]).toEqual(['stop', true]);
    }
  });
});

/** Forty questions of very different lengths. */
const FORTY = Array.from({ length: 40 }, (_, n) => {
  const city = ['Paris', 'Lagos', 'Lima', 'Oslo', 'Hanoi'][n % 5];
  const story = `A baker in ${city} sells ${n + 3} loaves an hour, each for ${(n % 7) + 2} coins. `;
  return n % 2 === 0
    ? `What is ${city} known for, in ${n + 1} words?`
    : `${story.repeat(n % 4)}${story}Ask me something.`;
});

/** As a file of one's own puts a question. */
const asPrompt = (question: string): string => `Question: ${question}\nAnswer: `;

const ROLES: Readonly<Record<string, string>> = { HUMAN: 'user', BOT: 'assistant', SYSTEM: 'system' };

describe('with nothing but a path', () => {
  const plain = new Map<string, readonly string[]>();
  /** Eight a batch, as the configs have it. */
  const plainForty = (form: 'chat' | 'text'): readonly string[] => {
    const answers = plain.get(form) ?? plainAnswers(FORTY.map(asPrompt), form, 8, 16);
    plain.set(form, answers);
    return answers;
  };

  it.each([
    ['hf_chat_model', 'chat', {}],
    ['hf_chat_model', 'chat', { HF_HUB_OFFLINE: '1' }],
    ['hf_base_model', 'text', {}],
    ['hf_base_model', 'text', { HF_HUB_OFFLINE: '1' }],
    ['hf_model', 'text', {}],
    ['hf_causal_lm', 'text', {}],
  ] as const)(
    '%s says on 40 of 40 prompts what a plain %s script says, with %j',
    async (config, form, env) => {
      // No hub answers, and whatever it was asked is known.
      const hub = await startScriptedServer(() => ({ status: 503, body: ['no hub'] }));
      onTestFinished(() => hub.close());
      const lines = FORTY.map((question) => `${JSON.stringify({ question, answer: '' })}\n`);
      const cwd = emptyFolder({ 'forty.jsonl': lines.join('') });
      symlinkSync(MODEL, join(cwd, 'weights'));
      const args = ['--models', config, '--custom-dataset-path', 'forty.jsonl', '--max-out-len', '16'];
      args.push('--set', 'models.0.path=./weights', '--python', PYTHON);
      const { code, stderr } = await start(cwd, args, { env: { HF_ENDPOINT: hub.url, ...env } }).finished;
      expect({ code, stderr }).toMatchObject({ code: 0 });
      const rows = predictionsOf(cwd).toSorted((a, b) => a.id - b.id);
      expect(rows.map(({ origin_prompt: prompt }) => prompt)).toEqual(FORTY.map(asPrompt));
      expect(rows.map(({ content }) => content)).toEqual(plainForty(form));
      expect(hub.received).toEqual([]);
    },
  );
});

it('puts worked examples through the chat template as a plain script does', async () => {
  const done = await runLocal('hf_chat_model', {
    dataset: 'demo_gsm8k_gen_4_shot_cot_chat_prompt',
    batchSize: BATCH,
    maxOutLen: TOKENS,
    set: [`path=${MODEL}`],
    args: ['--python', PYTHON],
  });
  expectAllOk(done, 8);
  const dialogues = done.predictions.map(({ origin_prompt: prompt }) =>
    prompt.map((message: any) => ({
      role: ROLES[message.role] ?? message.role,
      content: message.prompt ?? message.content,
    })),
  );
  expect(dialogues[0]).toHaveLength(9);
  expect(done.answers).toEqual(plainAnswers(dialogues, 'chat'));
});

/** "See HuggingFacewithChatTemplate": the class that AISBench's guide points to, as the parent of the reader's own. */
describe('a class that inherits from HuggingFacewithChatTemplate', () => {
  const PYTHON_CLASS = `
from ais_bench.benchmark.models import HuggingFacewithChatTemplate


class MyCustomModel(HuggingFacewithChatTemplate):
    def generate(self, inputs, max_out_len, **kwargs):
        return [text.upper() for text in super().generate(inputs, max_out_len, **kwargs)]
`;
  const TYPESCRIPT_CLASS = `
import { type GenerateArgs, HuggingFacewithChatTemplate, type PromptType } from 'ais-bench';

export class MyCustomModel extends HuggingFacewithChatTemplate {
  override async generate(inputs: readonly PromptType[], maxOutLen: number, args: GenerateArgs) {
    const answers = await super.generate(inputs, maxOutLen, args);
    return answers.map((answer) => ({ ...answer, text: answer.text.toUpperCase() }));
  }
}
`;
  const CONFIG = `
from ais_bench.benchmark.models import MyCustomModel

models = [
    dict(attr="local", type=MyCustomModel, abbr='my_custom_model', path='./weights', max_out_len=16, batch_size=4,
         max_seq_len=2048, model_kwargs=dict(torch_dtype='auto'),
         generation_kwargs=dict(temperature=0.0, stop_token_ids=None))
]
`;

  it.each([
    ['Python', 'py', PYTHON_CLASS],
    ['TypeScript', 'ts', TYPESCRIPT_CLASS],
  ])('in %s answers as its parent does', async (_language, ending, source) => {
    const cwd = emptyFolder({
      [`ais_bench/benchmark/models/local_models/my_custom_model.${ending}`]: source,
      'ais_bench/benchmark/configs/models/my_custom_model.py': CONFIG,
    });
    symlinkSync(MODEL, join(cwd, 'weights'));
    const args = ['--models', 'my_custom_model', '--datasets', DEMO, '--python', PYTHON];
    const { code, stderr } = await start(cwd, args).finished;
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const rows = predictionsOf(cwd).toSorted((a, b) => a.id - b.id);
    const prompts = rows.map(({ origin_prompt: prompt }) => prompt);
    expect(prompts).toHaveLength(8);
    const plain = plainAnswers(prompts, 'chat', 4, 16);
    expect(rows.map(({ content }) => content)).toEqual(plain.map((text) => text.toUpperCase()));
  });
});

it.each([
  ['hf_chat_model', './weights', 'path: there is no folder ./weights; paths are relative to '],
  ['hf_base_model', 'nobody/no-such-model', 'path: there is no folder nobody/no-such-model, '],
  ['hf_qwenvl_model', 'nobody/no-such-model', 'path: there is no folder nobody/no-such-model, '],
])('%s with the path %s, which nothing gives, is refused within seconds', async (config, path, words) => {
  const started = Date.now();
  const { code, stderr } = await runLocal(config, {
    set: [`path=${path}`],
    args: ['--python', PYTHON],
    env: { HF_ENDPOINT: 'http://127.0.0.1:9' },
  });
  expect(code).toBe(2);
  expect(stderr.replace(/\s+/g, ' ')).toContain(words);
  // Importing transformers takes some; the hub's own client alone would retry for most of a minute.
  expect(Date.now() - started).toBeLessThan(40_000);
});

it('ends an answer at a stop word, and tells so', async () => {
  const [free, stopped] = [
    await answer('hf_chat_model', '--num-prompts', '2'),
    await answer('hf_chat_model', '--num-prompts', '2', '--set', 'models.0.stop_words=[" the"]'),
  ];
  expectAllOk(stopped, 2);
  expect(free.answers.some((text) => text.includes(' the'))).toBe(true);
  expect(stopped.answers).toEqual(free.answers.map((text) => text.split(' the')[0]));
  for (const { id, finish_reason: reason } of stopped.predictions) {
    expect(reason).toBe(free.answers[id]!.includes(' the') ? 'stop' : 'length');
  }
});

it('says how to install what is missing', async () => {
  const done = await answer('hf_chat_model', '--num-prompts', '1', '--set', 'models.0.peft_path=adapter');
  expect(done.code).toBe(2);
  expect(done.stderr).toContain('UTILS-DEPENDENCY-001');
  expect(done.stderr).toContain(`${PYTHON} -m pip install peft`);
});

describe.runIf(process.platform === 'linux')('its process, killed at random moments', () => {
  const KILLS = 3;
  const CASES = 48;
  // Threads that wait for each other take minutes where others want the processors too.
  const env = { OMP_NUM_THREADS: '1' };

  it(`${KILLS} times: what was killed is asked again, and the score is that of an uninterrupted run`, async () => {
    const settings = [
      ...['temperature=0', `num_return_sequences=${CASES / 8}`].map((value) => `generation_kwargs.${value}`),
      `path=${MODEL}`,
    ];
    const args = ['--models', 'hf_chat_model', '--datasets', DEMO, '--batch-size', '1', '--max-out-len', '4'];
    args.push('--num-warmups', '0', '--python', PYTHON);
    args.push(...settings.flatMap((value) => ['--set', `models.0.${value}`]));
    const model = 'hf-chat-model';
    const whole = emptyFolder();
    expect(await start(whole, args, { env }).finished).toMatchObject({ code: 0 });
    const cwd = emptyFolder();
    await killWorkers({ cwd, args, model, env, kills: KILLS, seed: 32, spreadMs: 1500, batchSize: 1 });
    expect(durable(cwd, model).length).toBeLessThan(CASES);
    expect(await start(cwd, [...args, '--reuse'], { env }).finished).toMatchObject({ code: 0 });
    const ids = (of: string) => durable(of, model).toSorted();
    expect(ids(cwd)).toEqual(ids(whole));
    expect(new Set(ids(cwd)).size).toBe(CASES);
    expect(scoreOf(cwd, model)).toEqual(scoreOf(whole, model));
  });
});

describe('a model of text', () => {
  const PANGRAM = 'The quick brown fox jumps over the lazy dog.';

  it('expects a text as transformers does, alone and in a batch', async () => {
    const model = await loaded(HuggingFaceBaseModel, MODEL);
    expect(Math.abs((await perplexity(model, PANGRAM)) - 55.24)).toBeLessThan(0.1);
    const { signal } = new AbortController();
    const batch = await model.getPpl!(['A much longer text stands beside it, one of many words.', PANGRAM], {
      signal,
    });
    expect(Math.abs(Math.exp(batch[1]!.loss) - 55.24)).toBeLessThan(0.1);
    await expect(model.getPpl!(['A'], { signal })).rejects.toThrow('a text of one token has no loss');
  });

  it('tells every token as it comes', async () => {
    const model = await loaded(HuggingFacewithChatTemplate, MODEL, { stopWords: [' the'] });
    const told = await ask(model, ['What is 1+1?', 'Say hello.', 'Where does the sun rise?'], 24);
    expect(told.grown).toEqual(told.answers.map(({ outputTokens }) => outputTokens));
    expect(new Set(told.grown).size).toBeGreaterThan(1);
    // One token of one answer at a time.
    expect(told.steps).toBe(told.grown.reduce((sum, tokens) => sum + tokens));
  });

  it('wears an adapter as in a plain script', async () => {
    const adapter = mkdtempSync(join(tmpdir(), 'ais-bench-lora-'));
    script('make_lora.py', [MODEL, adapter], '', PEFT);
    vi.stubEnv('PYTHONPATH', PEFT.PYTHONPATH);
    onTestFinished(() => void vi.unstubAllEnvs());
    const prompts = ['What is 1+1?', 'Say hello.'];
    const model = await loaded(HuggingFacewithChatTemplate, MODEL, { peftPath: adapter });
    const { texts } = await ask(model, prompts);
    const plain = ['chat', '2', '16'];
    expect(texts).toEqual(JSON.parse(script('plain_text.py', [MODEL, ...plain, adapter], prompts, PEFT)));
    expect(texts).not.toEqual(plainAnswers(prompts, 'chat', 2, 16));
  });
});

describe.each(['qwen2-vl', 'smolvlm'])('a tiny %s', (name) => {
  const path = join(TINY_VLM, name);
  const QUESTIONS = [
    ['What colour is it?', RED],
    ['What is the shape of the thing in the middle?', BLUE],
    ['Which is larger?', RED, BLUE],
  ] as const;
  const inputs = QUESTIONS.map(([question, ...images]) => about(question, ...images));

  it('says of images what a plain script says, in a batch and alone', async () => {
    const model = await loaded(HuggingFaceVL, path);
    const told = await ask(model, inputs);
    const questions = QUESTIONS.map(([question, ...images]) => [images, question]);
    expect(told.texts).toEqual(JSON.parse(script('plain_images.py', [path, '16'], questions)));
    expect(told.grown).toEqual(told.answers.map(({ outputTokens }) => outputTokens));
    expect(await perplexity(model, 'The quick brown fox')).toBeGreaterThan(1);
    expect((await ask(model, inputs.slice(0, 2))).texts).toEqual(told.texts.slice(0, 2));
    expect((await ask(model, inputs.slice(1, 2))).texts).toEqual(told.texts.slice(1, 2));
    // Random weights, but they see: another image is another answer.
    expect((await ask(model, [about(QUESTIONS[0][0], BLUE)])).texts).not.toEqual(told.texts.slice(0, 1));
  });

  it('takes an image in every form, with a text alone in the same batch', async () => {
    const model = await loaded(HuggingFaceVL, path);
    const base64 = readFileSync(RED).toString('base64');
    const forms = [RED, `file://${RED}`, `data:image/png;base64,${base64}`, base64];
    const { texts } = await ask(model, [...forms.map((form) => about('What?', form)), 'Hello there']);
    expect(new Set(texts.slice(0, -1)).size).toBe(1);
    expect(texts.at(-1)).not.toBe(texts[0]);
  });

  it('takes the frames of a video, and sees their order', async () => {
    const model = await loaded(HuggingFaceVL, path);
    const film = (...files: readonly string[]) => {
      const frames = files.map((file) => readFileSync(file).toString('base64')).join(',');
      const video = { type: 'video_url', video_url: { url: `data:video/jpeg;base64,${frames}` } };
      return [{ role: 'user', content: [video, { type: 'text', text: 'What moves?' }] }];
    };
    const { texts } = await ask(model, [film(RED, BLUE, RED, RED), film(RED, RED, RED, BLUE)]);
    expect(texts[0]).not.toBe(texts[1]);
  });

  it('says what it cannot take', async () => {
    const model = await loaded(HuggingFaceVL, path);
    const audio = { type: 'audio_url', audio_url: { url: 'a.wav' } };
    await expect(ask(model, [[{ role: 'user', content: [audio] }]])).rejects.toThrow('audio part');
    await expect(ask(model, [about('What?', 'no/such.png')])).rejects.toThrow('there is no file no/such.png');
    await expect(ask(model, inputs, 2040)).rejects.toThrow('exceed max_seq_len 2048');
  });
});

/** GSM8K is not in this repository: where it lies beside, forty of its questions are asked. */
const GSM8K = process.env['AIS_BENCH_DATASETS_CACHE'] ?? '';

it.runIf(existsSync(GSM8K))('says on 40 GSM8K prompts what a plain script says', async () => {
  const done = await runLocal('hf_chat_model', {
    dataset: 'gsm8k_gen_0_shot_cot_str_perf',
    batchSize: 8,
    maxOutLen: 64,
    set: [`path=${MODEL}`],
    args: ['--python', PYTHON, '--num-prompts', '40'],
    env: { AIS_BENCH_DATASETS_CACHE: GSM8K },
  });
  expectAllOk(done, 40);
  const prompts = done.predictions.map((row) => row.origin_prompt as string);
  const plain = plainAnswers(prompts, 'chat', 8, 64);
  const equal = done.answers.filter((text, index) => text === plain[index]).length;
  console.log(`GSM8K: ${equal} of ${prompts.length} texts are those of the plain script`);
  expect(done.answers).toEqual(plain);
});

describe('HuggingFacewithChatTemplate', () => {
  testLocalModel(it, {
    create: (options) => new HuggingFacewithChatTemplate(options),
    options: { path: MODEL, python: PYTHON, modelKwargs: { dtype: 'float32' } },
  });
});

describe('HuggingFaceVL', () => {
  testLocalModel(it, {
    create: (options) => new HuggingFaceVL(options),
    options: { path: join(TINY_VLM, 'qwen2-vl'), python: PYTHON, modelKwargs: { dtype: 'float32' } },
    prompts: [about('What colour is it?', RED), about('What is that?', BLUE), 'Hello there'],
  });
});
