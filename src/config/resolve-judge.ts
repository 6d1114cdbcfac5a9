/** `judge_infer_cfg` of a dataset (AISBench §7.5): a model that judges the answers of another. */

import type { DatasetConfig } from './config-types.ts';
import type { DatasetPlan, JudgePlan, ModelPlan, Plan } from './plan.ts';
import { type RawEntry, wrongValue } from './validate.ts';

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
    const why = 'a judge is asked about the answer to one question, and this dataset holds dialogues';
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
    overridden: {},
    where: (keys) => laidOver ?? entry.where([...at, ...keys]),
  };
}

/** The dataset of the judge, whose questions are made of answers. */
function judged({ abbr, config, datasetClass, params, origins }: DatasetPlan, judge: string): DatasetPlan {
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

/** What a run should say of judges that are not as their configs have them. */
export function notesOnJudge({ abbr, config: { judge_infer_cfg } }: DatasetPlan): string[] {
  if (judge_infer_cfg === undefined) return [];
  const { judge_model } = judge_infer_cfg;
  if (judge_model === undefined)
    return [`${abbr}: judge_infer_cfg names no judge_model: answers are scored by a match of texts`];
  const kwargs = judge_model['generation_kwargs'] as { readonly num_return_sequences?: unknown } | undefined;
  const times = kwargs?.num_return_sequences ?? 1;
  return times === 1 ? [] : [`${abbr}: num_return_sequences of the judge has no effect: it is asked once`];
}

/** Judges of a plan, one a dataset that has one. */
export function judgesOf({ datasets }: Pick<Plan, 'datasets'>): JudgePlan[] {
  return datasets.flatMap(({ judge }) => (judge === undefined ? [] : [judge]));
}

/** What of a dataset is scored: its answers, or what a judge made of them. */
export function scoredDataset(dataset: DatasetPlan): DatasetPlan {
  return dataset.judge?.dataset ?? dataset;
}
