/** Local models in the Python that has the real packages, and plain scripts to compare them with. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import {
  type BaseModel,
  type GeneratedText,
  type LocalModelOptions,
  toGeneratedText,
} from '../../src/contract/base-model.ts';
import type { PromptType } from '../../src/contract/prompt-list.ts';
import { REAL_HOME } from './server.ts';

export const PYTHON = join(REAL_HOME, 'vllm', 'bin', 'python');
export const MODEL = join(REAL_HOME, 'smollm2-hf');
export const TINY_VLM = join(REAL_HOME, 'tiny-vlm');
export const [RED, BLUE] = [join(TINY_VLM, 'red.png'), join(TINY_VLM, 'blue.png')];

/** Packages that the other tests must not find: they test what happens without. */
export const PEFT = { PYTHONPATH: join(REAL_HOME, 'peft') };

/** Runs a script of this folder: JSON in, its standard output out. */
export function script(
  name: string,
  args: readonly string[],
  input: unknown,
  env: Readonly<Record<string, string>> = {},
): string {
  return execFileSync(PYTHON, [fileURLToPath(new URL(name, import.meta.url)), ...args], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    env: { ...process.env, HF_HUB_OFFLINE: '1', ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
}

type ModelClass = new (options: LocalModelOptions) => BaseModel;

/** A model in float32 that ends with its test. */
export async function loaded(
  Model: ModelClass,
  path: string,
  options: Partial<LocalModelOptions> = {},
): Promise<BaseModel> {
  const model = new Model({
    path,
    maxOutLen: 16,
    batchSize: 4,
    maxSeqLen: 2048,
    tokenizerOnly: false,
    generationKwargs: {},
    modelKwargs: { dtype: 'float32' },
    python: PYTHON,
    ...options,
  });
  onTestFinished(() => model.close?.());
  await model.load?.(signal);
  return model;
}

const { signal } = new AbortController();

export interface Answered {
  readonly texts: readonly string[];
  readonly answers: readonly GeneratedText[];
  /** Tokens that each answer was said to have grown by, all together; how often it was said. */
  readonly grown: readonly number[];
  readonly steps: number;
}

export async function ask(model: BaseModel, inputs: readonly PromptType[], tokens = 16): Promise<Answered> {
  const grown = inputs.map(() => 0);
  let steps = 0;
  const onTokens = (index: number, count: number): void => {
    grown[index]! += count;
    steps += 1;
  };
  const answers = (await model.generate(inputs, tokens, { signal, onTokens })).map(toGeneratedText);
  return { texts: answers.map(({ text }) => text), answers, grown, steps };
}

/** exp of the mean loss of a text. */
export async function perplexity(model: BaseModel, text: string): Promise<number> {
  const [found] = await model.getPpl!([text], { signal });
  return Math.exp(found!.loss);
}

/** A question about images: paths or URLs. */
export function about(question: string, ...images: readonly string[]): PromptType {
  const parts = images.map((url) => ({ type: 'image_url', image_url: { url } }));
  return [{ role: 'user', content: [...parts, { type: 'text', text: question }] }];
}
