import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { DatasetType } from '../../contract/dataset.ts';
import type { PromptList } from '../../contract/prompt-list.ts';
import { promptRenderer } from '../../prompt/render.ts';
import { selectIndexes } from '../python-random.ts';
import { DemoGSM8KDataset } from './demos.ts';
import { GSM8KDataset } from './math.ts';

const types: Record<string, DatasetType> = { GSM8KDataset, DemoGSM8KDataset };
const data =
  process.env['AIS_BENCH_DATASETS_CACHE'] ??
  fileURLToPath(new URL('../../../../shared/data', import.meta.url));

/** From the config file to what a model is asked, as a run does it. */
async function renderConfig(name: string) {
  const { gsm8k_datasets } = await import(
    new URL(`../../../configs/datasets/${name}.js`, import.meta.url).href
  );
  const [config] = gsm8k_datasets;
  const splits = await types[config.type]!.load({ path: config.path ?? '', roots: [data], params: {} });
  const range = config.reader_cfg.test_range;
  const rows = selectIndexes(splits.test.length, { range, where: 'test_range' }).map(
    (index) => splits.test[index]!,
  );
  const render = promptRenderer(config.infer_cfg, config.reader_cfg, undefined, splits.train);
  return { config, train: splits.train, rows, prompts: rows.map(render) };
}

async function expectFourShot(name: string) {
  const { config, train, rows, prompts } = await renderConfig(name);
  const ids: number[] = config.infer_cfg.retriever.fix_id_list;
  const ask = (question: unknown) => `Question: ${question}\nLet's think step by step\nAnswer:`;
  for (const [i, prompt] of (prompts as PromptList[]).entries()) {
    const examples = ids.flatMap((id) => [
      { role: 'user', content: ask(train[id]!['question']) },
      { role: 'assistant', content: `${train[id]!['worked']}\n` },
    ]);
    expect(prompt).toEqual([...examples, { role: 'user', content: ask(rows[i]!['question']) }]);
    expect(prompt).toHaveLength(9);
  }
  return { config, rows, ids, train };
}

const evalCfg = {
  evaluator: { type: 'Gsm8kEvaluator' },
  pred_postprocessor: { type: 'gsm8k_postprocess' },
  dataset_postprocessor: { type: 'gsm8k_dataset_postprocess' },
};

describe('the demo configs', () => {
  it('ask eight problems after four worked examples', async () => {
    const { config, rows } = await expectFourShot('demo/demo_gsm8k_gen_4_shot_cot_chat_prompt');
    expect(rows).toHaveLength(8);
    expect(config).toMatchObject({ abbr: 'demo_gsm8k', eval_cfg: evalCfg });
  });

  it('ask eight bare questions as text', async () => {
    const { config, rows, prompts } = await renderConfig('demo/demo_gsm8k_gen_0_shot_cot_str_perf');
    expect(prompts).toEqual(rows.map(({ question }) => question));
    expect(prompts).toHaveLength(8);
    expect(config).toMatchObject({ abbr: 'demo_gsm8k', eval_cfg: evalCfg });
  });
});

const hasData = existsSync(join(data, 'gsm8k/train.jsonl')) && existsSync(join(data, 'gsm8k/test.jsonl'));

describe.skipIf(!hasData)('the GSM8K configs on the real data (skipped without its files)', () => {
  it('ask all problems after the four worked examples of AISBench', async () => {
    const { config, rows, ids, train } = await expectFourShot('gsm8k/gsm8k_gen_4_shot_cot_chat_prompt');
    expect(rows).toHaveLength(1319);
    expect(ids.map((id) => train[id]!['gold'])).toEqual(['4', '201', '140', '146']);
    expect(config).toMatchObject({ abbr: 'gsm8k', path: 'ais_bench/datasets/gsm8k', eval_cfg: evalCfg });
  });

  it('ask all bare questions as text', async () => {
    const { rows, prompts } = await renderConfig('gsm8k/gsm8k_gen_0_shot_cot_str_perf');
    expect(prompts).toEqual(rows.map(({ question }) => question));
    expect(prompts).toHaveLength(1319);
  });
});
