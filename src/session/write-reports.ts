import { createHash } from 'node:crypto';
import type { Plan } from '../config/plan.ts';
import { scoredDataset } from '../config/resolve-judge.ts';
import type { AccuracyReport, ReportedScore } from '../report/accuracy.ts';
import { summaryCsv, summaryMarkdown, summaryText } from '../report/aisbench-summary.ts';
import { accuracyCsv } from '../report/csv.ts';
import { accuracyJson } from '../report/json.ts';
import { type Matrix, type MatrixResult, matrixOf } from '../report/matrix.ts';
import { type GroupScore, groupResults } from '../report/summary-groups.ts';
import type { RunFolder } from '../store/run-folder.ts';

/** Every score of a run against its plan: what is missing has a cell too. */
export interface RunMatrix {
  readonly matrix: Matrix;
  readonly results: readonly MatrixResult[];
  readonly groups: readonly GroupScore[];
}

/** `wanted` are groups of datasets, as a summarizer has them. Throws UTILS-CFG-002 for groups that are none. */
export function matrixOfRun(
  plan: Plan,
  accuracy: readonly AccuracyReport[],
  wanted: readonly unknown[],
): RunMatrix {
  const results = accuracy.map((report) => resultOf(plan, report));
  const models = plan.models.map(({ abbr }) => abbr);
  const scored = plan.datasets.map(scoredDataset).filter(({ config }) => config.eval_cfg !== undefined);
  const datasets = scored.map(({ abbr }) => abbr);
  const groups = groupResults(wanted, { results, models });
  const all = [...results, ...groups.results];
  const matrix = matrixOf(all, { models, datasets });
  const missing = [...matrix.missing, ...groups.missing];
  return { matrix: { ...matrix, missing }, results: all, groups: groups.scores };
}

function resultOf(plan: Plan, { model, dataset, card }: AccuracyReport): MatrixResult {
  const config = plan.datasets.map(scoredDataset).find(({ abbr }) => abbr === dataset)?.config;
  const isPpl = config?.infer_cfg.inferencer.type === 'PPLInferencer';
  return {
    model,
    dataset,
    version: versionOf(config?.infer_cfg),
    mode: isPpl ? 'ppl' : 'gen',
    ...scoresOf(card),
  };
}

function scoresOf({ metric, value, interval, metrics = {} }: ReportedScore): Scores {
  if (value === undefined) return { scores: {}, intervals: {} };
  const further = Object.entries(metrics);
  return {
    scores: { [metric]: value, ...Object.fromEntries(further.map(([name, own]) => [name, own.value])) },
    intervals: {
      ...(interval === undefined ? {} : { [metric]: interval }),
      ...Object.fromEntries(
        further.flatMap(([name, own]) => (own.interval === undefined ? [] : [[name, own.interval] as const])),
      ),
    },
  };
}

type Scores = Pick<MatrixResult, 'scores' | 'intervals'>;

/** As AISBench makes it: the first six digits of a hash of the keys in order. */
function versionOf(inferCfg: unknown): string {
  if (inferCfg === undefined) return '-';
  return createHash('sha256')
    .update(JSON.stringify(ordered(inferCfg)))
    .digest('hex')
    .slice(0, 6);
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, ordered(inner)]));
}

interface Summary extends Omit<RunMatrix, 'groups'> {
  /** The report as a page. */
  readonly page: string;
  readonly accuracy: readonly AccuracyReport[];
}

/** AISBench's summary files, and ours where they say more. Without a score the page is all there is, as after a load test. */
export function writeSummary(folder: RunFolder, { matrix, results, page, accuracy }: Summary): void {
  const file = (name: string, ending: string) => folder.file('summary', `${name}_${folder.name}.${ending}`);
  if (results.length === 0) {
    folder.write(file('summary', 'md'), page);
    return;
  }
  folder.write(file('summary', 'txt'), summaryText(folder.name, matrix, results));
  folder.write(file('summary', 'csv'), summaryCsv(matrix));
  folder.write(file('summary', 'md'), `${summaryMarkdown(matrix)}\n${page}`);
  if (accuracy.length === 0) return;
  folder.write(file('scores', 'csv'), accuracyCsv(accuracy));
  folder.write(file('summary', 'json'), accuracyJson(accuracy));
}
