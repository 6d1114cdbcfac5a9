/**
 * Checks that every local model passes, shipped or your own. They need no test framework:
 *
 *     testLocalModel(test, { create: (options) => new MyModel(options), options: { path: './weights' } });
 */
import assert from 'node:assert/strict';
import { type BaseModel, type LocalModelOptions, toGeneratedText } from '../contract/base-model.ts';
import type { PromptType } from '../contract/prompt-list.ts';
import type { Check } from './service-model-spec.ts';

/** What `testLocalModel` needs to know about a class. */
export interface LocalModelSpec {
  /** Makes the model with these options. Every check makes, loads and closes its own. */
  create(options: LocalModelOptions): BaseModel;
  /** Options that the class needs beside `max_out_len` 16, `batch_size` 3 and `max_seq_len` 2048, such as its `path`. */
  readonly options?: Partial<LocalModelOptions>;
  /** Three prompts with different answers (default: three short ones). */
  readonly prompts?: readonly [PromptType, PromptType, PromptType];
  /** Whether a prompt has the same answer every time, alone and in a batch (default: true). */
  readonly repeatable?: boolean;
  /** Milliseconds within which an interrupted `generate` must end (default: 5000). */
  readonly abortWithinMs?: number;
}

/** Registers the checks with the `test` function of any framework. */
export function testLocalModel(
  test: (name: string, run: () => Promise<void>) => unknown,
  spec: LocalModelSpec,
): void {
  for (const { name, run } of localModelChecks(spec)) test(name, run);
}

/** Returns the checks that apply to a model. */
export function localModelChecks(spec: LocalModelSpec): Check[] {
  const check = (name: string, run: (model: BaseModel) => Promise<void>): Check => ({
    name,
    run: () => withModel(spec, run),
  });
  return [
    check(
      'a batch of 3 gives 3 texts',
      async (model) => void (await generateTexts(model, readPrompts(spec))),
    ),
    ...(spec.repeatable === false
      ? []
      : [
          check('the texts come in the order of the prompts', (model) =>
            checkOrder(model, readPrompts(spec)),
          ),
        ]),
    check('an empty batch gives no texts', async (model) => void (await generateTexts(model, []))),
    check('max_out_len is honoured', (model) => checkLength(model, readPrompts(spec))),
    check('generate ends when the run is stopped', (model) => checkAbort(model, spec)),
  ];
}

const PROMPTS = ['What is 1 + 1?', 'Name a colour.', 'Say hello.'] as const;

function readPrompts({ prompts = PROMPTS }: LocalModelSpec): readonly PromptType[] {
  return prompts;
}

const LENGTH = 16;

async function withModel(spec: LocalModelSpec, run: (model: BaseModel) => Promise<void>): Promise<void> {
  const model = spec.create(
    Object.freeze({
      path: '',
      maxOutLen: LENGTH,
      batchSize: 3,
      maxSeqLen: 2048,
      tokenizerOnly: false,
      generationKwargs: {},
      ...spec.options,
    }),
  );
  try {
    await model.load?.(new AbortController().signal);
    await run(model);
  } finally {
    await model.close?.();
  }
}

async function generateTexts(
  model: BaseModel,
  prompts: readonly PromptType[],
  maxOutLen = LENGTH,
): Promise<readonly string[]> {
  const answers = await model.generate(prompts, maxOutLen, { signal: new AbortController().signal });
  assert.ok(Array.isArray(answers), 'generate did not return a list');
  const texts = answers.map((answer) => toGeneratedText(answer).text);
  assert.equal(texts.length, prompts.length, `${texts.length} texts for ${prompts.length} prompts`);
  for (const text of texts)
    assert.equal(typeof text, 'string', 'generate returned something other than a text');
  return texts;
}

/** Checks that prompts in another order give the same texts in that order, and alone the same text. */
async function checkOrder(model: BaseModel, prompts: readonly PromptType[]): Promise<void> {
  const texts = await generateTexts(model, prompts);
  const backwards = await generateTexts(model, [...prompts].reverse());
  assert.deepEqual([...backwards].reverse(), texts, 'the prompts the other way round gave other texts');
  const [alone] = await generateTexts(model, prompts.slice(0, 1));
  assert.equal(alone, texts[0], 'a prompt alone gave another text than in a batch');
}

/** Counts with the tokenizer of the class where it has one; without one, a limit of 1 must not give more than a larger limit. */
async function checkLength(model: BaseModel, prompts: readonly PromptType[]): Promise<void> {
  const short = await generateTexts(model, prompts, 1);
  if (model.getTokenLen !== undefined) {
    for (const text of short) {
      const tokens = model.getTokenLen(text);
      assert.ok(tokens <= 1, `max_out_len 1 gave ${tokens} tokens: ${JSON.stringify(text)}`);
    }
    return;
  }
  const long = await generateTexts(model, prompts);
  const length = (texts: readonly string[]) => texts.join('').length;
  assert.ok(
    length(short) <= length(long),
    `max_out_len 1 gave ${length(short)} characters, ${LENGTH} gave ${length(long)}`,
  );
}

/** Checks that a stop before and during a batch ends it, by throwing or by returning. */
async function checkAbort(model: BaseModel, spec: LocalModelSpec): Promise<void> {
  const { abortWithinMs = 5000 } = spec;
  for (const stopAfterMs of [undefined, 5]) {
    const controller = new AbortController();
    if (stopAfterMs === undefined) controller.abort();
    const generating = generateToEnd(model, readPrompts(spec), controller.signal);
    const stop = setTimeout(() => controller.abort(), stopAfterMs ?? 0);
    const ended = await endsWithin(generating, abortWithinMs);
    clearTimeout(stop);
    assert.ok(ended, `generate was stopped and still ran after ${abortWithinMs} ms`);
  }
}

async function generateToEnd(
  model: BaseModel,
  prompts: readonly PromptType[],
  signal: AbortSignal,
): Promise<void> {
  try {
    await model.generate(prompts, 100_000, { signal });
  } catch {
    // An interrupted batch may throw anything.
  }
}

async function endsWithin(promise: Promise<void>, limit: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limit);
  });
  const inTime = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}
