/** transformers on the CPU with SmolLM2-135M-Instruct: the texts of our engine against those of a plain script. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { HuggingFacewithChatTemplate } from '../../src/models/local/huggingface.ts';
import { testLocalModel } from '../../src/testing/index.ts';
import { expectAllOk, type Run, runLocal } from './runs.ts';
import { install, REAL_HOME } from './server.ts';

const PYTHON = join(REAL_HOME, 'vllm', 'bin', 'python');
const MODEL = join(REAL_HOME, 'smollm2-hf');
const BATCH = 4;
const TOKENS = 32;

/** What anyone would write: prompts on standard input, answers on standard output, as JSON. */
const PLAIN = `
import json, sys, torch, transformers
path, form = sys.argv[1:]
prompts = json.load(sys.stdin)
tokenizer = transformers.AutoTokenizer.from_pretrained(path, padding_side="left")
model = transformers.AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32)
answers = []
for start in range(0, len(prompts), ${BATCH}):
    texts = prompts[start : start + ${BATCH}]
    if form == "chat":
        dialogues = [[{"role": "user", "content": text}] for text in texts]
        texts = tokenizer.apply_chat_template(dialogues, tokenize=False, add_generation_prompt=True)
    batch = tokenizer(texts, return_tensors="pt", padding=True, add_special_tokens=form != "chat")
    output = model.generate(**batch, max_new_tokens=${TOKENS}, do_sample=False)
    answers += tokenizer.batch_decode(output[:, batch["input_ids"].shape[1] :], skip_special_tokens=True)
print(json.dumps(answers))
`;

function plainAnswers(prompts: readonly string[], form: 'chat' | 'text'): string[] {
  const output = execFileSync(PYTHON, ['-c', PLAIN, MODEL, form], {
    input: JSON.stringify(prompts),
    encoding: 'utf8',
    env: { ...process.env, HF_HUB_OFFLINE: '1' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return JSON.parse(output);
}

const answer = (config: string, ...args: readonly string[]): Promise<Run> =>
  runLocal(config, {
    batchSize: BATCH,
    maxOutLen: TOKENS,
    set: [`path=${MODEL}`, `tokenizer_path=${MODEL}`, 'model_kwargs.torch_dtype=torch.float'],
    args: ['--python', PYTHON, ...args],
  });

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

describe('HuggingFacewithChatTemplate', () => {
  testLocalModel(it, {
    create: (options) => new HuggingFacewithChatTemplate(options),
    options: { path: MODEL, python: PYTHON, modelKwargs: { dtype: 'float32' } },
  });
});
