/** A tree of configs in the shape of AISBench's checkout (`test/fixtures/aisbench-tree`), read as its users' trees are. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
import { aisBench, emptyFolder, json, latest, serve } from './support.ts';

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

const MODEL = { attr: 'service', type: 'VLLMCustomAPIChat', abbr: 'm', model: 'm', stream: true };

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
        const options = { path: config.path, roots: [join(nowhere, 'datasets')], base: nowhere, params };
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
