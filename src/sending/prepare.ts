/** Reads datasets and makes the tasks of a run: one model against one dataset, rendered and ready to be sent. */
import { resolve } from 'node:path';
import { defined } from '../basics/defined.ts';
import { nearest } from '../basics/nearest.ts';
import { isScoredLoad } from '../config/modes.ts';
import { isPaired, type RefusedPair } from '../config/pairs.ts';
import type { DatasetPlan, ModelPlan, Plan } from '../config/plan.ts';
import { timesAsked } from '../config/repeats.ts';
import { type ClassRef, SHIPPED } from '../contract/class-ref.ts';
import type { DatasetType, LoadOptions, Splits, Tokenizer } from '../contract/dataset.ts';
import { AisBenchError, type CODES, messageOf } from '../contract/errors.ts';
import { type Finding, finding, scoped } from '../contract/finding.ts';
import { INFERENCERS, type Inferencer } from '../contract/inferencer.ts';
import { selectIndexes } from '../dataset/python-random.ts';
import { watchKeys } from '../dataset/used-keys.ts';
import type { OwnScorers } from '../evaluate/types.ts';
import type { ArrivalFunction } from '../load/arrival.ts';
import { loadDataset, loadPart } from '../load-class.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { loadTokenCounter, loadTokenizer, type TokenCounter } from '../tokenizer/tokenizer.ts';
import { customDialogue } from './custom-dialogue.ts';
import {
  functionCall,
  lengthFindings,
  multiTurn,
  perplexity,
  singleTurn,
  toolFindings,
} from './inferencers.ts';
import { checkArrival } from './load-plan.ts';
import {
  type PickedRow,
  requestCount,
  type Shape,
  type ShapeOptions,
  sampleAt,
  sampleCount,
  type TaskSamples,
} from './shape.ts';
import { fewerSamples, keyFindings, loadFindings } from './task-findings.ts';

/** A dataset class, and the rows that it read. */
export interface ReadDataset {
  readonly type: DatasetType;
  readonly splits: Splits;
  /** Keys of the dataset's config that the class did not look at. */
  readonly unreadKeys: readonly string[];
}

/**
 * Reads datasets, each once; one whose rows depend on the model's tokenizer once for each tokenizer. The function throws as
 * the dataset's `load` does.
 */
export function rowReader({
  places,
  nonce,
  numPrompts: count,
}: Pick<Plan, 'places' | 'nonce'> & Partial<Pick<Plan, 'numPrompts'>>): (
  dataset: DatasetPlan,
  model: ModelPlan,
) => Promise<ReadDataset> {
  const { base, data: roots } = places;
  const read = new Map<DatasetPlan, Map<string, Promise<Omit<ReadDataset, 'type'>>>>();
  const tokenizers = new Map<string, Promise<Tokenizer>>();
  const tokenizerAt = (folder: string) =>
    remembered(tokenizers, folder, () => loadTokenizer(resolve(base, folder)));
  return async (plan, { options: { path: modelPath } }) => {
    const { datasetClass, config, params } = plan;
    const type = await loadDataset(datasetClass, base);
    const tokenizer = async (own = modelPath) => (own === '' ? undefined : tokenizerAt(own));
    const known = remembered(read, plan, () => new Map<string, Promise<Omit<ReadDataset, 'type'>>>());
    const load = async () => {
      const watched = watchKeys(params);
      const splits = await readRows(type, plan, {
        path: config.path,
        roots,
        base,
        params: watched.params,
        ...splitsOf(config.reader_cfg),
        mediaRoots: mediaRootsOf(plan, base),
        ...defined({ nonce, count, tokenizer: type.usesTokenizer ? tokenizer : undefined }),
      });
      return { splits, unreadKeys: watched.unread() };
    };
    return { type, ...(await remembered(known, type.usesTokenizer ? modelPath : '', load)) };
  };
}

/** Reads the rows of a dataset. Throws as its class does, and PLUGIN-IMPL-001 by the name of a class of the user's that throws or returns no rows. */
async function readRows(
  type: DatasetType,
  { abbr, datasetClass }: DatasetPlan,
  options: LoadOptions,
): Promise<Splits> {
  if (datasetClass.module === SHIPPED) return type.load(options);
  const refuse = (what: string, cause?: unknown) =>
    new AisBenchError('PLUGIN-IMPL-001', `the dataset class ${datasetClass.name} ${what}`, {
      where: `${abbr}: ${datasetClass.module}`,
      cure: 'return { train, test } from its load(), two lists of rows',
      cause,
    });
  const loading = async () => type.load(options);
  const splits = await loading().catch((cause: unknown) => {
    throw cause instanceof AisBenchError ? cause : refuse(`threw: ${messageOf(cause)}`, cause);
  });
  const { train, test } = (splits ?? {}) as Partial<Splits>;
  if (Array.isArray(train) && Array.isArray(test)) return splits;
  throw refuse('read no rows');
}

/** The folders of `media_root`, absolute. */
function mediaRootsOf({ config }: Pick<DatasetPlan, 'config'>, base: string): string[] {
  return (config.media_root ?? []).map((folder) => resolve(base, folder));
}

function splitsOf({
  train_split: train,
  test_split: test,
}: Partial<Pick<DatasetPlan['config']['reader_cfg'], 'train_split' | 'test_split'>> = {}): Pick<
  LoadOptions,
  'splits'
> {
  return train === undefined && test === undefined ? {} : { splits: { train, test } };
}

function remembered<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}

/**
 * The rows of a trace in the order of their column `timestamp`, so that each is bound to its own; another source as it is.
 * Throws TINFER-PARAM-006 for a row without a timestamp.
 */
export function inTraceOrder(source: TaskSamples, dataset: string): TaskSamples {
  const { model, rows } = source;
  if (model.arrival.kind !== 'trace') return source;
  const timed = rows.map((picked) => ({ picked, at: timestampOf(picked, dataset) }));
  timed.sort((a, b) => a.at - b.at);
  return {
    ...source,
    rows: timed.map(({ picked }) => picked),
    timestamps: Float64Array.from(timed, ({ at }) => at),
  };
}

/** Milliseconds. */
function timestampOf({ index, row }: PickedRow, dataset: string): number {
  const value = row['timestamp'];
  const at = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof at === 'number' && at >= 0 && Number.isFinite(at)) return at;
  const given = value === undefined ? 'has no timestamp' : `has the timestamp ${JSON.stringify(value)}`;
  throw new AisBenchError('TINFER-PARAM-006', `row ${index} of ${dataset} ${given}`, {
    where: `${dataset}: column timestamp`,
    cure: 'give every row its time in milliseconds, or set use_timestamp: false',
  });
}

/** The record and prediction files of one task. */
export interface TaskFiles {
  /** One file, or one a load worker. */
  readonly records: readonly string[];
  readonly predictions: string;
  /**
   * Cases that count, of a run that was continued: its files hold earlier attempts too, and may hold cases that the plan no
   * longer has.
   */
  readonly ids?: ReadonlySet<string>;
  /** Several sessions sent: their times follow each other. */
  readonly continued?: boolean;
  /** When each session after the first began, ms on the run's clock. */
  readonly sessions?: readonly number[];
}

export function taskFiles(folder: RunFolder, { model, dataset }: Task): TaskFiles {
  return {
    records: folder.recordFiles(model.abbr, dataset.abbr),
    predictions: folder.predictions(model.abbr, dataset.abbr),
  };
}

/** One model against one dataset, read and rendered, ready to be sent. */
export interface Task {
  readonly model: ModelPlan;
  readonly dataset: DatasetPlan;
  /** The dataset's class. */
  readonly datasetType: DatasetType;
  readonly source: TaskSamples;
  /** What scores the answers, where it is the user's own. */
  readonly scorers?: OwnScorers;
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
const SHAPES: Readonly<
  Record<(typeof INFERENCERS)[number], (setting: ShapeOptions, mode: Plan['mode']) => Shape>
> = {
  GenInferencer: singleTurn,
  MultiTurnGenInferencer: multiTurn,
  PPLInferencer: perplexity,
  BFCLV3FunctionCallInferencer: functionCall,
};

/** The tasks of a plan, and its pairs of which none could be made. */
interface PreparedTasks {
  readonly tasks: readonly Task[];
  readonly refused: readonly RefusedPair[];
}

/** Errors about what a model, or the mode, cannot do with a dataset that is sound. */
const PAIR_ERRORS: ReadonlySet<string> = new Set([
  'ICLI-IMPL-008',
  'ICLI-PARAM-006',
  'ICLI-PARAM-007',
  'TINFER-PARAM-006',
  'DSET-PARAM-003',
] satisfies (keyof typeof CODES)[]);

/**
 * Reads every dataset and tokenizer and renders one sample of each task, so that what is wrong fails before anything is sent. A pair that
 * cannot be run is refused alone where others can, and its dataset is not what is wrong. Throws what was wrong first otherwise.
 */
export async function preparePairs(plan: Plan): Promise<PreparedTasks> {
  const rowsOf = rowReader(plan);
  const tasks: Task[] = [];
  const isSound = (dataset: DatasetPlan) => tasks.some((task) => task.dataset === dataset);
  const refused: RefusedPair[] = [];
  for (const model of plan.models) {
    const { path } = model.options;
    // A local model counts with its own tokenizer; what lies at its path is the class's business.
    const isOurs = model.attr === 'service' && path !== '';
    const countTokens = isOurs ? await loadTokenCounter(resolve(plan.places.base, path)) : undefined;
    for (const dataset of plan.datasets) {
      if (!isPaired(plan, model, dataset)) continue;
      try {
        const parts = await loadParts(model, dataset, plan);
        const rows = await rowsOf(dataset, model);
        const task = { ...pair(model, dataset, rows, { plan, ...parts }), countTokens };
        if (isScoredLoad(plan.mode)) checkReferences(task);
        tasks.push(task);
      } catch (error) {
        if (!(error instanceof AisBenchError)) throw error;
        const isLast = model === plan.models.at(-1);
        if (isLast && !PAIR_ERRORS.has(error.code) && !isSound(dataset)) throw error;
        refused.push({ model, dataset, error });
      }
    }
  }
  const wrong = refused.find(({ error, dataset }) => !PAIR_ERRORS.has(error.code) && !isSound(dataset));
  if (wrong !== undefined) throw wrong.error;
  if (tasks.length === 0 && refused.length > 0) throw refused[0]!.error;
  return { tasks, refused };
}

/** What of a task is code of the user's, beside its classes. */
interface OwnParts {
  readonly inferencer?: Inferencer | undefined;
  readonly scorers: OwnScorers;
  readonly arrival?: ArrivalFunction | undefined;
}

async function loadParts(
  { arrival }: ModelPlan,
  { inferencer, evaluator, postprocessor }: DatasetPlan,
  { places: { base } }: Plan,
): Promise<OwnParts> {
  const loaded = async (ref: ClassRef | undefined) => ref && loadPart(ref, base);
  const parts = {
    inferencer: await loaded(inferencer),
    scorers: defined({
      evaluator: await loaded(evaluator),
      postprocessor: await loaded(postprocessor),
    }),
    arrival: await loaded(arrival.kind === 'own' ? arrival.function : undefined),
  };
  return parts as OwnParts;
}

/** The tasks of `preparePairs`: the same in every process that has the plan and its data. */
export async function prepareTasks(plan: Plan): Promise<readonly Task[]> {
  return (await preparePairs(plan)).tasks;
}

function pair(
  model: ModelPlan,
  dataset: DatasetPlan,
  { type, splits, unreadKeys }: ReadDataset,
  { plan, inferencer, scorers, arrival }: OwnParts & { readonly plan: Plan },
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
    inferencer,
  );
  const rowAt = (index: number): PickedRow => ({ index, row: test[index]! });
  const all = { model: asked, shape, rows: picked.map(rowAt), ...(arrival && { arrival }) };
  const source = inTraceOrder(all, dataset.abbr);
  checkArrival(source, plan.load);
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
    scorers,
    ...recalling(type, dataset, plan),
    warmup: warmupIsMeasured ? source : { ...source, rows: spare },
    warmupIsMeasured,
    findings: [
      ...[
        ...notes.map((text) => finding('NOTE', { text })),
        ...keyFindings(type, unreadKeys, dataset),
        ...lengthFindings(test, model),
        ...toolFindings(test, model, dataset.config),
        ...fewerSamples(plan.numPrompts, picked.length),
      ].map((one) => scoped(one, { dataset: dataset.abbr })),
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
function shapeOf(setting: ShapeOptions, mode: Plan['mode'], own: Inferencer | undefined): Shape {
  if (own !== undefined) return customDialogue(setting, own);
  const { type } = setting.dataset.config.infer_cfg.inferencer;
  const known = INFERENCERS.find((name) => name === type);
  if (known !== undefined) return SHAPES[known](setting, mode);
  const names = INFERENCERS;
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
