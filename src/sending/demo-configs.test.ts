/** The demo configs of dialogues and choices, from the file to what a model is asked. */
import { expect, it } from 'vitest';
import { samplePlan } from '../../test/support/sample-source.ts';
import { datasetSchema } from '../config/schema.ts';
import { DemoMcqDataset, DemoMultiTurnDataset } from '../dataset/builtin/demos.ts';
import { labelRenderer } from '../prompt/render.ts';
import { multiTurn } from './multi-turn.ts';

async function configOf(name: string, key: string) {
  const module = await import(new URL(`../../configs/datasets/demo/${name}.js`, import.meta.url).href);
  return datasetSchema.parse(module[key][0]);
}

it('demo_multiturn_gen asks dialogues after a system message', async () => {
  const config = await configOf('demo_multiturn_gen', 'multiturn_datasets');
  const { test } = await DemoMultiTurnDataset.load({ path: config.path, roots: [], params: {} });
  const shape = multiTurn({
    model: samplePlan(),
    dataset: { abbr: config.abbr, config, type: DemoMultiTurnDataset },
    train: [],
  });
  expect(test.map((row) => shape.countRequests(row)).reduce((a, b) => a + b)).toBe(
    test.flatMap((row) => row['question']).length,
  );
  const [row] = test;
  expect(shape.makeRun({ index: 0, row: row! }, 0).first).toMatchObject({
    prompt: [
      { role: 'system', content: 'Answer every question with one number and nothing else.' },
      { role: 'user', content: (row!['question'] as string[])[0] },
    ],
    gold: '72',
  });
});

it('demo_mcq_ppl_0_shot_str asks one whole text an option', async () => {
  const config = await configOf('demo_mcq_ppl_0_shot_str', 'mcq_datasets');
  const { test } = await DemoMcqDataset.load({ path: config.path, roots: [], params: {} });
  const { labelsOf, render } = labelRenderer(config.infer_cfg, config.reader_cfg, undefined, []);
  for (const row of test) expect(labelsOf(row)).toContain(row['answer']);
  expect(render(test[1]!)).toEqual(
    ['blue', 'green', 'red'].map((option, i) => ({
      label: 'ABC'[i],
      prompt: `Question: What colour is a clear sky by day?\nAnswer: ${option}`,
    })),
  );
});
