/**
 * What a batch is worth: tokens a second of local models on the CPU with 8 prompts at once against 1, in turns, so that a busy
 * machine slows both. Options: `--hf FOLDER` (transformers, 32 bits; with `--python`), `--gguf FILE` (node-llama-cpp, found as the
 * class finds it), `--tokens N` an answer, `--rounds N`. Ends with 1 where 8 is not at least twice as fast.
 */
import { parseArgs } from 'node:util';
import { type BaseModel, type LocalModelOptions, toGeneratedText } from '../src/contract/base-model.ts';
import { GGUFBaseModel } from '../src/models/local/llama.ts';
import { HuggingFaceBaseModel } from '../src/models/local/worker-model.ts';

const BATCH = 8;
const LEAST_RATIO = 2;

/** Of about the same length; none of them ends soon in a small model. */
const PROMPTS = [
  'Once upon a time there was a miller who had three sons, and',
  'The history of the city begins with a small harbour, where',
  'To bake a loaf of bread you need flour, water, salt and yeast;',
  'In the first chapter the captain explains to his crew that',
  'Water moves through the ground in several ways. The first is',
  'My grandmother kept bees behind the house, and every summer',
  'A good map shows three things: the roads, the rivers and the',
  'The committee met again on Monday to discuss the new bridge:',
] as const;

const { values: flags } = parseArgs({
  options: {
    hf: { type: 'string' },
    python: { type: 'string' },
    gguf: { type: 'string' },
    tokens: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string' },
  },
});
const tokens = Number(flags.tokens);

function optionsOf(path: string, own: Readonly<Record<string, unknown>>): LocalModelOptions {
  return {
    path,
    maxOutLen: tokens,
    batchSize: BATCH,
    maxSeqLen: 512,
    tokenizerOnly: false,
    generationKwargs: {},
    ...own,
  };
}

/** Tokens that were given a second, over the prompts one after another or all at once. */
async function tokensASecond(model: BaseModel, batch: number): Promise<number> {
  const { signal } = new AbortController();
  const started = performance.now();
  let given = 0;
  for (let first = 0; first < BATCH; first += batch) {
    const answers = await model.generate(PROMPTS.slice(first, first + batch), tokens, { signal });
    for (const answer of answers) given += toGeneratedText(answer).outputTokens ?? 0;
  }
  return (given * 1000) / (performance.now() - started);
}

async function measure(name: string, model: BaseModel): Promise<void> {
  await model.load?.(new AbortController().signal);
  try {
    // The first batch pays for what is set up at first use.
    await tokensASecond(model, BATCH);
    const ratios: number[] = [];
    for (let round = 1; round <= Number(flags.rounds); round += 1) {
      const [one, many] = [await tokensASecond(model, 1), await tokensASecond(model, BATCH)];
      ratios.push(many / one);
      console.log(
        `${name}  round ${round}: ${one.toFixed(1)} tokens/s with 1, ${many.toFixed(1)} with ${BATCH}, ratio ${(many / one).toFixed(2)}`,
      );
    }
    const median = ratios.toSorted((a, b) => a - b)[Math.floor(ratios.length / 2)]!;
    const met = median >= LEAST_RATIO;
    console.log(
      `${name}  median ratio ${median.toFixed(2)} (at least ${LEAST_RATIO}): ${met ? 'met' : 'MISSED'}`,
    );
    if (!met) process.exitCode = 1;
  } finally {
    await model.close?.();
  }
}

if (flags.hf === undefined && flags.gguf === undefined) {
  throw new Error('give a model: --hf FOLDER, --gguf FILE, or both');
}
if (flags.hf !== undefined) {
  const python = flags.python === undefined ? {} : { python: flags.python };
  const own = { modelKwargs: { dtype: 'float32' }, ...python };
  await measure('transformers', new HuggingFaceBaseModel(optionsOf(flags.hf, own)));
}
if (flags.gguf !== undefined) {
  const threads = flags.threads === undefined ? {} : { threads: Number(flags.threads) };
  const own = { generationKwargs: { ignore_eos: true }, prefixCache: false, ...threads };
  await measure('GGUF', new GGUFBaseModel(optionsOf(flags.gguf, own)));
}
