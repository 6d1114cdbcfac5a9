import { catalog } from '../catalog.ts';
import type { DatasetConfig } from '../config/schema.ts';
import { judgeTranscripts } from '../evaluate/judge.ts';
import { KeptTexts, type ResultDetails } from '../evaluate/result-details.ts';
import { extractRate, type ScoreCard, score } from '../evaluate/score.ts';
import type { Judged } from '../evaluate/types.ts';
import type { AccuracyReport } from '../report/accuracy.ts';
import type { TaskFiles } from '../run/task-files.ts';
import { attemptsOf } from '../store/last-attempts.ts';
import { readTranscripts } from '../store/read-back.ts';

export interface Scored {
  readonly report: AccuracyReport;
  /** Content of `results/<model>/<dataset>.json`. */
  readonly details: string;
  readonly judged: readonly Judged[];
}

/** What of a task its score needs: a run that was imported has no more. */
export interface Scorable {
  readonly task: {
    readonly model: { readonly abbr: string };
    readonly dataset: {
      readonly abbr: string;
      readonly config: Pick<DatasetConfig, 'eval_cfg'> & {
        readonly infer_cfg: { readonly inferencer: { readonly type: string } };
      };
    };
  };
  readonly files: Pick<TaskFiles, 'predictions' | 'ids'>;
  readonly simulated: boolean;
}

/** Scores a task's predictions file; a dataset without `eval_cfg` and a run without answers have no score. */
export async function scoreTask({ task, files, simulated }: Scorable): Promise<Scored | undefined> {
  const { model, dataset } = task;
  const { eval_cfg } = dataset.config;
  if (eval_cfg === undefined) return undefined;
  const { evaluator, pred_postprocessor, dataset_postprocessor, rules } = eval_cfg;
  const transcripts = attemptsOf(() => readTranscripts(files.predictions), files.ids);
  const texts = new KeptTexts();
  const extractor = await named(catalog.predPostprocessors, pred_postprocessor?.type ?? 'whole_text');
  const judged = await judgeTranscripts(texts.of(transcripts), {
    evaluator: await named(catalog.evaluators, evaluator.type),
    extractor,
    reference:
      dataset_postprocessor && (await named(catalog.datasetPostprocessors, dataset_postprocessor.type)),
    rules,
  });
  if (judged.length === 0) return undefined;
  const card = score(judged);
  return {
    report: { model: model.abbr, dataset: dataset.abbr, card, ...compatOf(card), simulated },
    details: resultJson(
      { card, judged, details: texts.detailsOf(judged, extractor.none) },
      dataset.config.infer_cfg.inferencer.type,
    ),
    judged,
  };
}

/** The config's names were checked against the catalog before anything was sent. */
function named<T>(entries: Readonly<Record<string, () => Promise<T>>>, name: string): Promise<T> {
  return entries[name]!();
}

function compatOf({ byRules }: ScoreCard): Pick<AccuracyReport, 'compatValue'> {
  return byRules === undefined ? {} : { compatValue: byRules.compat };
}

/** AISBench's key `accuracy` (§7.2), then everything behind it. */
function resultJson(
  {
    card,
    judged,
    details,
  }: { readonly card: ScoreCard; readonly judged: readonly Judged[]; readonly details: ResultDetails },
  inferencer: string,
): string {
  const { value, byRules, ...rest } = card;
  const type = inferencer === 'PPLInferencer' ? 'PPL' : 'GEN';
  const result = {
    accuracy: value ?? null,
    accuracy_compat: byRules?.compat ?? null,
    extract_rate: extractRate(judged) ?? null,
    ...rest,
    type,
    details,
  };
  return `${JSON.stringify(result, null, 4)}\n`;
}
