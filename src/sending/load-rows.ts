import { resolve } from 'node:path';
import { defined } from '../basics/defined.ts';
import type { DatasetPlan, LoadConfig, ModelPlan, Plan } from '../config/plan.ts';
import type { DatasetType, LoadOptions, Splits, Tokenizer } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';
import { type Finding, finding } from '../contract/finding.ts';
import { loadDataset } from '../load-class.ts';
import { loadTokenizer } from '../tokenizer/tokenizer.ts';
import { type PickedRow, sampleCount, type TaskSamples } from './shape.ts';

/** A dataset class, and the rows that it read. */
export interface ReadDataset {
  readonly type: DatasetType;
  readonly splits: Splits;
}

/**
 * Reads datasets, each once; one whose rows depend on the model's tokenizer once for each tokenizer. The function throws as
 * the dataset's `load` does.
 */
export function rowReader({
  places,
  nonce,
}: Pick<Plan, 'places' | 'nonce'>): (dataset: DatasetPlan, model: ModelPlan) => Promise<ReadDataset> {
  const { base, data: roots } = places;
  const read = new Map<DatasetPlan, Map<string, Promise<Splits>>>();
  const tokenizers = new Map<string, Promise<Tokenizer>>();
  const tokenizerAt = (folder: string) =>
    remembered(tokenizers, folder, () => loadTokenizer(resolve(base, folder)));
  return async (plan, { options: { path: modelPath } }) => {
    const { datasetClass, config, params } = plan;
    const type = await loadDataset(datasetClass, base);
    const tokenizer = async (own = modelPath) => (own === '' ? undefined : tokenizerAt(own));
    const known = remembered(read, plan, () => new Map<string, Promise<Splits>>());
    const splits = await remembered(known, type.usesTokenizer ? modelPath : '', () =>
      type.load({
        path: config.path,
        roots,
        base,
        params,
        ...splitsOf(config.reader_cfg),
        mediaRoots: mediaRootsOf(plan, base),
        ...defined({ nonce, tokenizer: type.usesTokenizer ? tokenizer : undefined }),
      }),
    );
    return { type, splits };
  };
}

/** The folders of `media_root`, absolute. */
export function mediaRootsOf({ config }: Pick<DatasetPlan, 'config'>, base: string): string[] {
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

/** Finds what the plan and the data together make of a load that a user may not expect. */
export function loadFindings(source: TaskSamples, { cycle, pressure }: LoadConfig): Finding[] {
  const { arrival } = source.model;
  const findings: Finding[] = [];
  if (arrival.kind !== 'trace' && source.rows[0]?.row['timestamp'] !== undefined)
    findings.push(finding('TIMESTAMPS-UNUSED', {}));
  if (arrival.kind === 'paced' && arrival.rates.shape === 'steps' && !cycle && !pressure) {
    const wanted = arrival.rates.steps.reduce((sum, { perSecond, seconds }) => sum + perSecond * seconds, 0);
    const cases = sampleCount(source);
    if (wanted > cases) findings.push(finding('STEPS-EXCEED-DATA', { wanted: Math.round(wanted), cases }));
  }
  return findings;
}
