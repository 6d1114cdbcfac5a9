/** Makes the plans of datasets: those of configs, and of a file of the user's own. */
import { basename, resolve } from 'node:path';
import { defined } from '../basics/defined.ts';
import { nearest } from '../basics/nearest.ts';
import { AisBenchError } from '../contract/errors.ts';
import { type Finding, finding, scoped } from '../contract/finding.ts';
import { checkTemplates } from '../prompt/request-template.ts';
import { type Catalog, originsOf, unknownName } from './catalog.ts';
import type { DatasetConfig } from './config-types.ts';
import type { CompleteConfig } from './flags.ts';
import { oldFields } from './old-names.ts';
import type { DatasetPlan, JudgePlan, ModelPlan, Plan } from './plan.ts';
import { datasetRef, requirePresent } from './resolve-class.ts';
import { datasetParts, EMPTY_EVALUATORS } from './resolve-parts.ts';
import { datasetSchema } from './schema.ts';
import { type RawEntry, unknownKey, validate, wrongValue } from './validate.ts';

export async function resolveDataset(given: RawEntry, catalog: Catalog, base: string): Promise<DatasetPlan> {
  const { entry, refs } = await datasetParts(given, catalog, base);
  const known = Object.keys(datasetSchema.shape);
  const config = validate(datasetSchema, entry);
  const params = Object.fromEntries(Object.entries(config).filter(([key]) => !known.includes(key)));
  for (const key of Object.keys(params)) refuseMisspelling(key, entry, known);
  checkPrompt(config, entry);
  checkEvaluation(
    config,
    entry,
    refs.evaluator === undefined ? catalog : { ...catalog, evaluators: undefined },
  );
  checkCategory(config, entry);
  const datasetClass = await datasetRef(config.type, entry, catalog, base);
  return {
    abbr: config.abbr,
    datasetClass,
    config: withoutCode(withoutEmptyScore(config), datasetClass.name),
    params,
    ...refs,
    origins: originsOf(entry, known),
  };
}

/** A config's own classes become names: the plan says elsewhere where they are. */
function withoutCode({ type, judge_infer_cfg, ...config }: DatasetConfig, className: string): DatasetConfig {
  const named = { ...config, type: typeof type === 'string' ? type : className };
  const judge_model = judge_infer_cfg?.judge_model;
  if (judge_infer_cfg === undefined || judge_model === undefined)
    return { ...named, ...defined({ judge_infer_cfg }) };
  const judge = judge_model['type'];
  const judgeType = typeof judge === 'function' ? judge.name : judge;
  return {
    ...named,
    judge_infer_cfg: { ...judge_infer_cfg, judge_model: { ...judge_model, type: judgeType } },
  };
}

/** A dataset class may have keys of its own, but one that is nearly ours was meant to be ours. */
function refuseMisspelling(key: string, entry: RawEntry, known: readonly string[]): void {
  // Every short key is near to `k` and `n`.
  const names = known.filter((name) => name.length > 2);
  if (nearest(key, names) === undefined) return;
  const { text, where, cure } = unknownKey([key], key, entry, names);
  throw new AisBenchError('UTILS-CFG-002', text, { where, cure });
}

/** Throws ICLR-TYPE-001 with file and line where there is no template for the request, or no place for worked examples. */
function checkPrompt({ infer_cfg }: DatasetConfig, entry: RawEntry): void {
  try {
    checkTemplates(infer_cfg);
  } catch (error) {
    if (!(error instanceof AisBenchError)) throw error;
    const { code, message, where = 'infer_cfg', cure, cause } = error;
    throw new AisBenchError(code, `${entry.label}.${where}: ${message}`, {
      where: entry.where(where.split('.')),
      cure,
      cause,
    });
  }
}

/** Throws UTILS-CFG-002 where BFCL's rows are of one category, and its evaluator is of another. */
function checkCategory({ eval_cfg, ...config }: DatasetConfig, entry: RawEntry): void {
  const { type, category }: { type: string; category?: unknown } = eval_cfg?.evaluator ?? { type: '' };
  if (!type.startsWith('BFCL') || category === undefined || category === config['category']) return;
  const why = `it is ${JSON.stringify(category)}, and the dataset's category is ${JSON.stringify(config['category'])}`;
  throw wrongValue(
    entry,
    ['eval_cfg', 'evaluator', 'category'],
    why,
    'name one category, twice or in the dataset alone',
  );
}

function withoutEmptyScore(config: DatasetConfig): DatasetConfig {
  const { eval_cfg, ...rest } = config;
  return eval_cfg !== undefined && EMPTY_EVALUATORS.has(eval_cfg.evaluator.type)
    ? (rest as DatasetConfig)
    : config;
}

/** What an evaluation may name; `evaluators` is absent where the dataset has its own. */
interface KnownNames extends Omit<Catalog, 'evaluators'> {
  readonly evaluators: Catalog['evaluators'] | undefined;
}

function checkEvaluation({ eval_cfg }: DatasetConfig, entry: RawEntry, catalog: KnownNames): void {
  if (eval_cfg === undefined) return;
  const check = (
    what: string,
    keys: readonly string[],
    name: string | undefined,
    known: Readonly<Record<string, unknown>> | undefined,
  ) => {
    if (name === undefined || known === undefined || Object.hasOwn(known, name)) return;
    requirePresent(name, entry, ['eval_cfg', ...keys, 'type']);
    throw unknownName(what, name, { known: Object.keys(known) }, entry, ['eval_cfg', ...keys, 'type']);
  };
  const { evaluator, pred_postprocessor, dataset_postprocessor, extractors = {} } = eval_cfg;
  if (EMPTY_EVALUATORS.has(evaluator.type)) return;
  for (const [name, { type }] of Object.entries(extractors))
    check('post-processor', ['extractors', name], type, catalog.predPostprocessors);
  if (eval_cfg.extractors !== undefined && pred_postprocessor !== undefined) {
    throw new AisBenchError('UTILS-CFG-002', 'eval_cfg has both pred_postprocessor and extractors', {
      where: entry.where(['eval_cfg', 'extractors']),
      cure: 'keep one: the first of extractors makes the headline',
    });
  }
  check('evaluator', ['evaluator'], evaluator.type, catalog.evaluators);
  check('post-processor', ['pred_postprocessor'], pred_postprocessor?.type, catalog.predPostprocessors);
  check(
    'post-processor',
    ['dataset_postprocessor'],
    dataset_postprocessor?.type,
    catalog.datasetPostprocessors,
  );
}

/** Evaluators that read what a judge said. */
export const JUDGE_EVALUATORS: ReadonlySet<string> = new Set([
  'LLMJudgeCorrectEvaluator',
  'HLEJudgeEvaluator',
  'AALCRJudgeEvaluator',
]);

/** Judges by AISBench's names where the config does not say how their replies are scored. */
const BY_VERDICT: NonNullable<DatasetConfig['eval_cfg']> = {
  evaluator: { type: 'LLMJudgeCorrectEvaluator' },
  pred_postprocessor: { type: 'get_a_or_b' },
  rules: 'fixed',
};

/** Adds the judge that the dataset's config names. Throws as `resolve` does, and UTILS-CFG-002 for a dialogue. */
export async function withJudge(
  plan: DatasetPlan,
  entry: RawEntry,
  resolve: (entry: RawEntry) => Promise<ModelPlan>,
): Promise<DatasetPlan> {
  const { judge_infer_cfg, infer_cfg } = plan.config;
  if (judge_infer_cfg === undefined) return plan;
  if (infer_cfg.inferencer.type === 'MultiTurnGenInferencer') {
    const why = 'a judge judges the answer to one prompt, and this dataset holds dialogues';
    throw wrongValue(entry, ['judge_infer_cfg'], why, 'take judge_infer_cfg out');
  }
  const { judge_model } = judge_infer_cfg;
  if (judge_model === undefined) return { ...plan, config: matchedByText(plan.config) };
  // The plan holds the name of a class that the config holds itself.
  const type = classIn(entry) ?? judge_model['type'];
  const { additional_abbr = 'judge', ...values }: RawEntry['values'] = { ...judge_model, type };
  const abbr = String(values['abbr'] ?? additional_abbr);
  const model = await resolve(judgeEntry(entry, { ...values, abbr }));
  // An answer is judged once, or twice where something is swapped.
  return {
    ...plan,
    judge: {
      model: { ...model, repetitions: 1 },
      dataset: judged(plan, abbr),
      ...swappedOf(judge_infer_cfg),
    },
  };
}

/** The class that the entry's judge has as its `type`; undefined where it is named. */
function classIn({ values }: RawEntry): unknown {
  const { judge_infer_cfg } = values as { judge_infer_cfg?: { judge_model?: { type?: unknown } } };
  const type = judge_infer_cfg?.judge_model?.type;
  return typeof type === 'function' ? type : undefined;
}

/** Where two columns change places, what A says of the one it says of the other. */
function swappedOf({ swapped }: NonNullable<DatasetConfig['judge_infer_cfg']>): Pick<JudgePlan, 'swapped'> {
  if (swapped === undefined) return {};
  return { swapped: { verdicts: swapped.columns === undefined ? 'same' : 'swapped', ...swapped } };
}

function judgeEntry(entry: RawEntry, values: RawEntry['values']): RawEntry {
  const at = ['judge_infer_cfg', 'judge_model'] as const;
  const laidOver = entry.overridden[at[0]];
  return {
    values,
    label: [entry.label, ...at].join('.'),
    ...defined({ file: entry.file }),
    overridden: {},
    where: (keys) => laidOver ?? entry.where([...at, ...keys]),
  };
}

/** The dataset of the judge, whose questions are made of answers. */
function judged(
  { abbr, config, datasetClass, params, evaluator, origins }: DatasetPlan,
  judge: string,
): DatasetPlan {
  const { judge_reader_cfg, prompt_template, retriever, inferencer } = config.judge_infer_cfg!;
  const name = `${abbr}-${judge}`;
  return {
    abbr: name,
    datasetClass,
    config: {
      ...config,
      abbr: name,
      reader_cfg: judge_reader_cfg,
      infer_cfg: { prompt_template, retriever, inferencer },
      eval_cfg: config.eval_cfg ?? BY_VERDICT,
    },
    params,
    ...(evaluator && { evaluator }),
    origins,
  };
}

/** Without a judge model its evaluator has nothing to read: the answer itself is held against the reference. */
function matchedByText(config: DatasetConfig): DatasetConfig {
  const { eval_cfg = BY_VERDICT } = config;
  if (!JUDGE_EVALUATORS.has(eval_cfg.evaluator.type)) return config;
  const { pred_postprocessor: _ofJudge, ...rest } = eval_cfg;
  return { ...config, eval_cfg: { ...rest, evaluator: { type: 'StringMatchEvaluator' } } };
}

/** Finds judges that are not as their configs have them. */
export function judgeFindings({ abbr, config: { judge_infer_cfg }, judge }: DatasetPlan): Finding[] {
  if (judge_infer_cfg === undefined) return [];
  const { judge_model } = judge_infer_cfg;
  if (judge_model === undefined) return [finding('JUDGE-MISSING', {}, { dataset: abbr })];
  const options = judge?.model.options ?? {};
  const old = judge?.model.attr === 'service' ? oldFields(judge_model, options) : [];
  const kwargs = judge_model['generation_kwargs'] as { readonly num_return_sequences?: unknown } | undefined;
  const times = kwargs?.num_return_sequences ?? 1;
  const repeats = times === 1 ? [] : [finding('JUDGE-REPEATS-UNUSED', {})];
  return [...old, ...repeats].map((one) => scoped(one, { dataset: abbr }));
}

/** Judges of a plan, one a dataset that has one. */
export function judgesOf({ datasets }: Pick<Plan, 'datasets'>): JudgePlan[] {
  return datasets.flatMap(({ judge }) => (judge === undefined ? [] : [judge]));
}

/** What of a dataset is scored: its answers, or what a judge made of them. */
export function scoredDataset(dataset: DatasetPlan): DatasetPlan {
  return dataset.judge?.dataset ?? dataset;
}

const FLAG = '--custom-dataset-path';

/** What the first row of a data file says about it. */
export interface DataFile {
  readonly kind: 'mcq' | 'qa';
  /** Letters of the options. */
  readonly options: string;
  readonly hasAnswers: boolean;
}

/**
 * Makes the dataset config of `--custom-dataset-path` (AISBench §4.8); undefined without it, and where `--datasets`
 * names others. Throws TMAN-CMD-001 for the other flags without it, and as the file's reader does.
 */
export async function customDataset(
  flags: CompleteConfig,
  base: string,
  inspect: (file: string) => Promise<DataFile>,
): Promise<RawEntry | undefined> {
  const { customDatasetPath, customDatasetMetaPath, customDatasetDataType } = flags;
  if (customDatasetPath === undefined || flags.datasets.length > 0) {
    if (customDatasetPath === undefined && (customDatasetMetaPath ?? customDatasetDataType) !== undefined) {
      throw new AisBenchError('TMAN-CMD-001', 'no file of a dataset of your own is given', {
        where: FLAG,
        cure: `name the .jsonl, .csv or .parquet file with ${FLAG}`,
      });
    }
    return undefined;
  }
  const path = resolve(base, customDatasetPath);
  const found = await inspect(path);
  const kind = customDatasetDataType ?? found.kind;
  const evaluator =
    kind === 'mcq' ? { type: 'OptionSimAccEvaluator', options: found.options } : { type: 'AccEvaluator' };
  return {
    label: 'datasets.0',
    overridden: {},
    where: () => FLAG,
    values: {
      abbr: basename(path).split('.')[0] || 'custom',
      type: 'CustomDataset',
      path,
      data_type: kind,
      ...defined({
        meta_path: customDatasetMetaPath === undefined ? undefined : resolve(base, customDatasetMetaPath),
      }),
      reader_cfg: { input_columns: ['question', 'choices', 'max_out_len'], output_column: 'answer' },
      infer_cfg: {
        prompt_template: {
          type: 'PromptTemplate',
          template: `Question: {question}\n${kind === 'mcq' ? '{choices}' : ''}Answer: {answer}`,
        },
        retriever: { type: 'ZeroRetriever' },
        inferencer: { type: 'GenInferencer' },
      },
      ...(found.hasAnswers ? { eval_cfg: { evaluator } } : {}),
    },
  };
}
