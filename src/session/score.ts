import { defined } from '../basics/defined.ts';
import { catalog } from '../catalog.ts';
import type { DatasetConfig } from '../config/config-types.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import type { Transcript } from '../contract/record.ts';
import { type JudgeOptions, judgeTranscripts, KeptTexts, type ResultDetails } from '../evaluate/judge.ts';
import { extractRate, type ScoreCard, score } from '../evaluate/score.ts';
import type {
  Configurable,
  DatasetPostprocessor,
  Evaluator,
  Grade,
  Judged,
  PredPostprocessor,
} from '../evaluate/types.ts';
import type { AccuracyReport } from '../report/accuracy.ts';
import type { TaskFiles } from '../sending/prepare.ts';
import { attemptsOf, readTranscripts } from '../store/read-back.ts';

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
    /** Absent where a run was imported: what was kept is all there is. */
    readonly recall?: JudgeOptions['recall'];
    /** The dataset's evaluator, where it is the user's own. */
    readonly evaluator?: Configurable<Evaluator>;
    readonly dataset: {
      readonly abbr: string;
      readonly config: Pick<DatasetConfig, 'eval_cfg' | 'k'> & {
        readonly path?: string;
        readonly infer_cfg: { readonly inferencer: { readonly type: string } };
      };
    };
  };
  readonly files: Pick<TaskFiles, 'predictions' | 'ids'>;
  /** Of a judge's task: where the answers lie. Those that failed were never judged, and count all the same. */
  readonly answers?: Pick<TaskFiles, 'predictions' | 'ids'>;
  readonly simulated: boolean;
}

/** Scores a task's predictions file; a dataset without `eval_cfg` and a run without answers have no score. */
export async function scoreTask({ task, files, answers, simulated }: Scorable): Promise<Scored | undefined> {
  const { model, dataset } = task;
  const { eval_cfg } = dataset.config;
  if (eval_cfg === undefined) return undefined;
  const { evaluator, dataset_postprocessor, rules } = eval_cfg;
  const texts = new KeptTexts();
  const judge =
    task.evaluator === undefined
      ? await configured(catalog.evaluators, evaluator)
      : ownEvaluator(task.evaluator, evaluator, dataset.abbr);
  const [extractor, further] = await extractorsOf(eval_cfg, judge);
  const options: JudgeOptions = {
    evaluator: judge,
    extractor,
    reference: dataset_postprocessor && (await references[dataset_postprocessor.type]!()),
    rules,
    further,
    recall: task.recall,
  };
  let notes: readonly string[] = [];
  const judged: Judged[] = [];
  try {
    judged.push(...(await judgeTranscripts(texts.of(transcriptsIn(files)), options)));
    if (judged.length === 0) return undefined;
    if (answers !== undefined) judged.push(...(await judgeTranscripts(texts.of(failedIn(answers)), options)));
  } finally {
    notes = (await judge.finish?.()) ?? [];
  }
  notes = [...notes, ...(await unusedOptions(eval_cfg))];
  const card = score(judged, {
    metric: judge.metric,
    ks: dataset.config.k,
    measures: judge.measures?.bind(judge),
  });
  const noted = notes.length === 0 ? {} : { notes };
  return {
    report: { model: model.abbr, dataset: dataset.abbr, card, ...compatOf(card), ...noted, simulated },
    details: resultJson(
      { card, judged, notes, details: texts.detailsOf(judged, extractor.none) },
      dataset.config.infer_cfg.inferencer.type,
    ),
    judged,
  };
}

/** How the answer is found: what makes the headline, then the others by name. */
async function extractorsOf(
  { pred_postprocessor, extractors = {} }: EvalCfg,
  { reads = 'whole_text' }: Pick<Evaluator, 'reads'>,
): Promise<[PredPostprocessor, Record<string, PredPostprocessor>]> {
  const made = await Promise.all(
    Object.entries(extractors).map(
      async ([name, one]) => [name, await configured(catalog.predPostprocessors, one)] as const,
    ),
  );
  const [first, ...rest] = made;
  const named = pred_postprocessor ?? { type: reads };
  if (first === undefined) return [await configured(catalog.predPostprocessors, named), {}];
  return [first[1], Object.fromEntries(rest)];
}

type EvalCfg = NonNullable<DatasetConfig['eval_cfg']>;
function transcriptsIn({ predictions, ids }: Scorable['files']): AsyncIterable<Transcript> {
  return attemptsOf(() => readTranscripts(predictions), ids);
}

async function* failedIn(files: Scorable['files']): AsyncGenerator<Transcript> {
  for await (const one of transcriptsIn(files)) if (!one.success) yield { ...one, gold: one.gold ?? '' };
}

const references: Readonly<Record<string, () => Promise<DatasetPostprocessor>>> =
  catalog.datasetPostprocessors;

/** The config's names were checked against the catalog before anything was sent. */
async function configured<T extends object>(
  entries: Readonly<Record<string, () => Promise<Configurable<T>>>>,
  { type, ...options }: { readonly type: string; readonly [key: string]: unknown },
): Promise<T> {
  const found = await entries[type]!();
  return typeof found === 'function' ? found(options) : found;
}

/**
 * Makes an evaluator of the user's own of its options. Throws PLUGIN-IMPL-001 where its function makes none, and when it throws or gives what
 * is no grade: the answers are on disk, and can be scored again.
 */
function ownEvaluator(
  evaluator: Configurable<Evaluator>,
  { type, ...options }: EvalCfg['evaluator'],
  dataset: string,
): Evaluator {
  const refuse = (what: string, cure: string, cause?: unknown) =>
    new AisBenchError('PLUGIN-IMPL-001', `the evaluator "${type}" ${what}`, {
      where: `${dataset}: eval_cfg.evaluator`,
      cure,
      cause,
    });
  const again = 'correct it, then score the answers again: --mode eval --reuse';
  const called = async <T>(call: () => T | Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (cause) {
      throw refuse(`threw: ${messageOf(cause)}`, again, cause);
    }
  };
  const made: unknown = typeof evaluator === 'function' ? evaluator(options) : evaluator;
  const own = made as Evaluator;
  if (typeof (made as Partial<Evaluator> | undefined)?.grade !== 'function')
    throw refuse('has no grade()', 'return { name, grade(sample) } from its function');
  const { name = type, metric, concurrency } = own;
  return {
    ...{ name, ...defined({ metric, concurrency }) },
    ...defined({ measures: own.measures?.bind(own), finish: own.finish?.bind(own) }),
    grade: async (sample) => {
      const grade = await called(() => own.grade(sample));
      const credit: unknown = (grade as Partial<Grade> | undefined)?.credit;
      if (typeof credit === 'number' && credit >= 0 && credit <= 1) return grade;
      throw refuse(`gave the credit ${String(credit)}, which is not between 0 and 1`, again);
    },
  };
}

/** Returns a note of each option that an evaluator or post-processor without options is given. */
async function unusedOptions({ evaluator, pred_postprocessor }: EvalCfg): Promise<string[]> {
  const all: readonly [Readonly<Record<string, () => Promise<unknown>>>, EvalCfg['evaluator'] | undefined][] =
    [
      [catalog.evaluators, evaluator],
      [catalog.predPostprocessors, pred_postprocessor],
    ];
  const notes = all.map(async ([entries, named]) => {
    const { type, ...options } = named ?? { type: '' };
    const keys = Object.keys(options).join(', ');
    if (keys === '' || !Object.hasOwn(entries, type) || typeof (await entries[type]!()) === 'function')
      return [];
    return [`${type} has no use for these keys of eval_cfg: ${keys}`];
  });
  return (await Promise.all(notes)).flat();
}

function compatOf({ byRules }: ScoreCard): Pick<AccuracyReport, 'compatValue'> {
  return byRules === undefined ? {} : { compatValue: byRules.compat };
}

function restOf({
  value: _value,
  byRules: _byRules,
  ...rest
}: ScoreCard): Omit<ScoreCard, 'value' | 'byRules'> {
  return rest;
}

/** Further numbers as AISBench has them, a key each, and what its own rules give where that differs. */
function metricsIn({ metrics = {} }: ScoreCard): Record<string, number> {
  const entries = Object.entries(metrics).flatMap(([name, { value, compat = value }]) => [
    [name, value] as const,
    ...(compat === value ? [] : [[`${name}_compat`, compat] as const]),
  ]);
  return Object.fromEntries(entries);
}

/** The metric under its own name as AISBench has it (`accuracy`, §7.2), then everything behind it. */
function resultJson(
  {
    card,
    judged,
    notes,
    details,
  }: Pick<Scored, 'judged'> & {
    readonly card: ScoreCard;
    readonly notes: readonly string[];
    readonly details: ResultDetails;
  },
  inferencer: string,
): string {
  const { value, byRules, metric } = card;
  const type = inferencer === 'PPLInferencer' ? 'PPL' : 'GEN';
  const result = {
    [metric]: value ?? null,
    [`${metric}_compat`]: byRules?.compat ?? null,
    ...metricsIn(card),
    extract_rate: extractRate(judged) ?? null,
    ...restOf(card),
    ...(notes.length === 0 ? {} : { notes }),
    type,
    details,
  };
  return `${JSON.stringify(result, null, 4)}\n`;
}
