import type { DatasetPlan, Plan, ServiceModelPlan } from '../config/plan.ts';
import { selectIndexes } from '../dataset/select.ts';
import type { Row, Splits } from '../dataset/types.ts';
import { AisBenchError } from '../errors.ts';
import { promptRenderer } from '../prompt/render.ts';
import { loadTokenCounter, type TokenCounter } from '../tokenizer/tokenizer.ts';
import type { CallSource, PickedRow } from './calls.ts';

/** One model against one dataset, read and rendered, ready to be sent. */
export interface Task {
  readonly model: ServiceModelPlan;
  readonly dataset: DatasetPlan;
  readonly source: CallSource;
  /** What warm-up asks: rows that are not measured where there are any, so that no measured prompt is cached. */
  readonly warmup: CallSource;
  readonly warmupIsMeasured: boolean;
  readonly countTokens: TokenCounter | undefined;
}

/** Reads every dataset and tokenizer and renders one prompt of each task: what is wrong is told before anything is sent. */
export async function prepareTasks(plan: Plan, roots: readonly string[]): Promise<Task[]> {
  const splits = new Map<DatasetPlan, Splits>();
  for (const dataset of plan.datasets) {
    const { config, params } = dataset;
    splits.set(dataset, await dataset.dataset.load({ path: config.path, roots, params }));
  }
  const tasks: Task[] = [];
  for (const model of plan.models) {
    const { path } = model.options;
    const countTokens = path === '' ? undefined : await loadTokenCounter(path);
    for (const dataset of plan.datasets) {
      tasks.push({ ...pair(model, dataset, splits.get(dataset)!, plan.numPrompts), countTokens });
    }
  }
  return tasks;
}

function pair(
  model: ServiceModelPlan,
  dataset: DatasetPlan,
  { train, test }: Splits,
  numPrompts: number | undefined,
): Omit<Task, 'countTokens'> {
  const { reader_cfg, infer_cfg } = dataset.config;
  const where = `${dataset.abbr}: reader_cfg.test_range`;
  const picked = selectIndexes(test.length, { range: reader_cfg.test_range, numPrompts, where });
  if (picked.length === 0) {
    throw new AisBenchError('DSET-DATA-002', `dataset ${dataset.abbr} has no rows to ask`, {
      where,
      cure: 'check the data file and test_range',
    });
  }
  const trainRows = selectIndexes(train.length, {
    range: reader_cfg.train_range,
    where: `${dataset.abbr}: reader_cfg.train_range`,
  }).map((index) => train[index]!);
  const { output_column } = reader_cfg;
  const base = {
    model,
    dataset: dataset.abbr,
    render: promptRenderer(infer_cfg, reader_cfg, model.metaTemplate, trainRows),
    goldOf: (row: Row) => (output_column === null ? undefined : row[output_column]),
  };
  const rowAt = (index: number): PickedRow => ({ index, row: test[index]! });
  const source = { ...base, rows: picked.map(rowAt) };
  base.render(source.rows[0]!.row);
  const measured = new Set(picked);
  const spare = [...test.keys()].filter((index) => !measured.has(index));
  const warmupIsMeasured = spare.length === 0;
  return {
    model,
    dataset,
    source,
    warmup: warmupIsMeasured ? source : { ...base, rows: spare.map(rowAt) },
    warmupIsMeasured,
  };
}
