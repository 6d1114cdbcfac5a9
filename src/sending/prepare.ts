import { resolve } from 'node:path';
import { nearest } from '../basics/nearest.ts';
import type { DatasetPlan, ModelPlan, Plan } from '../config/plan.ts';
import { timesAsked } from '../config/repeats.ts';
import type { DatasetType } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';
import { type Finding, finding, scoped } from '../contract/finding.ts';
import { selectIndexes } from '../dataset/python-random.ts';
import { loadTokenCounter, type TokenCounter } from '../tokenizer/tokenizer.ts';
import { inTraceOrder, loadFindings, mediaRootsOf, type ReadDataset, rowReader } from './load-rows.ts';
import { multiTurn } from './multi-turn.ts';
import { perplexity } from './ppl.ts';
import { lengthFindings } from './row-options.ts';
import {
  type PickedRow,
  requestCount,
  type Shape,
  type ShapeOptions,
  sampleAt,
  sampleCount,
  type TaskSamples,
} from './shape.ts';
import { functionCall, singleTurn } from './single.ts';

/** One model against one dataset, read and rendered, ready to be sent. */
export interface Task {
  readonly model: ModelPlan;
  readonly dataset: DatasetPlan;
  /** The dataset's class. */
  readonly datasetType: DatasetType;
  readonly source: TaskSamples;
  /** Reads again what the dataset's class did not keep with the answers; absent: it keeps all. */
  readonly recall?: (kept: unknown) => Promise<unknown>;
  /** What warm-up sends: rows that are not measured where there are any, so that no measured prompt is cached. */
  readonly warmup: TaskSamples;
  readonly warmupIsMeasured: boolean;
  /** How data and load were understood, where that is not as it seems; about the model or the dataset. */
  readonly findings: readonly Finding[];
  readonly countTokens: TokenCounter | undefined;
}

/** What `infer_cfg.inferencer.type` may say (AISBench §4.4). */
const SHAPES: Readonly<Record<string, (setting: ShapeOptions, mode: Plan['mode']) => Shape>> = {
  GenInferencer: singleTurn,
  MultiTurnGenInferencer: multiTurn,
  PPLInferencer: perplexity,
  BFCLV3FunctionCallInferencer: functionCall,
};

/** Reads every dataset and tokenizer and renders one sample of each task, so that what is wrong fails before anything is sent. */
export async function prepareTasks(plan: Plan): Promise<Task[]> {
  const rowsOf = rowReader(plan);
  const tasks: Task[] = [];
  for (const model of plan.models) {
    const { path } = model.options;
    // A local model counts with its own tokenizer; what lies at its path is the class's business.
    const isOurs = model.attr === 'service' && path !== '';
    const countTokens = isOurs ? await loadTokenCounter(resolve(plan.places.base, path)) : undefined;
    for (const dataset of plan.datasets) {
      if (!isPaired(plan, model, dataset)) continue;
      tasks.push({ ...pair(model, dataset, await rowsOf(dataset, model), plan), countTokens });
    }
  }
  return tasks;
}

/** Whether the plan runs this model on this dataset. */
function isPaired({ pairs }: Plan, model: ModelPlan, dataset: DatasetPlan): boolean {
  return pairs?.some(([one, other]) => one === model.abbr && other === dataset.abbr) ?? true;
}

function pair(
  model: ModelPlan,
  dataset: DatasetPlan,
  { type, splits }: ReadDataset,
  plan: Plan,
): Omit<Task, 'countTokens'> {
  const { train, test, warmup = [], notes = [], folder } = splits;
  const picked = pickRows(dataset, test.length, plan.numPrompts);
  const trainRows = selectIndexes(train.length, {
    range: dataset.config.reader_cfg.train_range,
    where: `${dataset.abbr}: reader_cfg.train_range`,
  }).map((index) => train[index]!);
  const asked = { ...model, repetitions: timesAsked(model, dataset.config) };
  const mediaRoots = [...mediaRootsOf(dataset, plan.places.base), ...(folder === undefined ? [] : [folder])];
  const shape = shapeOf(
    { model: asked, dataset: { ...dataset, type }, train: trainRows, mediaRoots },
    plan.mode,
  );
  const rowAt = (index: number): PickedRow => ({ index, row: test[index]! });
  const source = inTraceOrder({ model: asked, shape, rows: picked.map(rowAt) }, dataset.abbr);
  // A row that fits no dialogue or choice, and a template that fits no row, fail now.
  requestCount(source);
  sampleAt(source, 0);
  const measured = new Set(picked);
  const unasked = [...test.keys()].filter((index) => !measured.has(index)).map(rowAt);
  const spare = warmup.length > 0 ? warmup.map((row, i) => ({ index: test.length + i, row })) : unasked;
  const warmupIsMeasured = spare.length === 0;
  return {
    model,
    dataset,
    datasetType: type,
    source,
    ...recalling(type, dataset, plan),
    warmup: warmupIsMeasured ? source : { ...source, rows: spare },
    warmupIsMeasured,
    findings: [
      ...[...notes.map((text) => finding('NOTE', { text })), ...lengthFindings(test, model)].map((one) =>
        scoped(one, { dataset: dataset.abbr }),
      ),
      ...loadFindings(source, plan.load).map((one) => scoped(one, { model: model.abbr })),
    ],
  };
}

function recalling(
  type: DatasetType,
  { config: { path } }: DatasetPlan,
  { places }: Plan,
): Pick<Task, 'recall'> {
  if (type.recall === undefined) return {};
  return { recall: (kept) => type.recall!(kept, { path, roots: places.data }) };
}

function pickRows({ abbr, config }: DatasetPlan, total: number, numPrompts: number | undefined): number[] {
  const where = `${abbr}: reader_cfg.test_range`;
  const picked = selectIndexes(total, { range: config.reader_cfg.test_range, numPrompts, where });
  if (picked.length > 0) return picked;
  throw new AisBenchError('DSET-DATA-002', `dataset ${abbr} has no rows to ask`, {
    where,
    cure: 'check the data file and test_range',
  });
}

/** The shape that the dataset's config names. Throws UTILS-CFG-003 where there is none, and as the shape does. */
function shapeOf(setting: ShapeOptions, mode: Plan['mode']): Shape {
  const { type } = setting.dataset.config.infer_cfg.inferencer;
  if (Object.hasOwn(SHAPES, type)) return SHAPES[type]!(setting, mode);
  const names = Object.keys(SHAPES);
  const near = nearest(type, names);
  throw new AisBenchError('UTILS-CFG-003', `there is no inferencer "${type}"`, {
    where: `${setting.dataset.abbr}: infer_cfg.inferencer.type`,
    cure: near === undefined ? `use one of: ${names.join(', ')}` : `did you mean "${near}"?`,
  });
}

/**
 * What is scored under load must be known to have a score before the load begins. Throws DSET-PARAM-003 for a dataset without
 * `eval_cfg`, with a judge model, or with a row that has no reference.
 */
export function checkReferences({ dataset, source }: Pick<Task, 'dataset' | 'source'>): void {
  if (dataset.config.eval_cfg === undefined && dataset.judge === undefined)
    throw refuse(dataset.abbr, 'it has no eval_cfg, so nothing says what is right', USE_PERF);
  if (dataset.judge !== undefined)
    throw refuse(
      dataset.abbr,
      'a judge model scores its answers, and asking it is no part of the load',
      'measure it with --mode perf, and score it with --mode all',
    );
  for (let n = 0; n < sampleCount(source); n++) {
    const { ref, first } = sampleAt(source, n);
    if (first.gold === undefined || first.gold === null)
      throw refuse(
        `${dataset.abbr}, row ${ref.index}`,
        'there is no reference to score its answer by',
        USE_PERF,
      );
  }
}

const USE_PERF = 'use --mode perf, or a dataset config with references and eval_cfg';

function refuse(where: string, why: string, cure: string): AisBenchError {
  return new AisBenchError('DSET-PARAM-003', `--mode all+perf scores what it measures: ${why}`, {
    where,
    cure,
  });
}
