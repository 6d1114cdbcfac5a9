import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { defined } from '../basics/defined.ts';
import { shipped } from '../basics/package-folder.ts';
import type { Plan } from '../config/plan.ts';
import { scoredDataset } from '../config/resolve-dataset.ts';
import type { AccuracyReport, ReportedScore } from '../report/accuracy.ts';
import { type ChangeReport, changesCsv } from '../report/changes.ts';
import { accuracyCsv, accuracyJson, groupsCsv, performanceCsv, performanceJson } from '../report/csv.ts';
import {
  type ListedRow,
  type Matrix,
  type MatrixResult,
  matrixOf,
  summaryCsv,
  summaryMarkdown,
  summaryText,
} from '../report/matrix.ts';
import type { PerformanceReport } from '../report/performance.ts';
import { type GroupScore, groupResults } from '../report/summary-groups.ts';
import type { RunFolder } from '../store/run-folder.ts';

/** Every score of a run against its plan: what is missing has a cell too. */
export interface ScoreMatrix {
  readonly matrix: Matrix;
  readonly results: readonly MatrixResult[];
  readonly groups: readonly GroupScore[];
}

/** Lays the scores of a run out by model and dataset. Throws UTILS-CFG-002 for summary groups that are none. */
export async function scoreMatrix(plan: Plan, accuracy: readonly AccuracyReport[]): Promise<ScoreMatrix> {
  const results = accuracy.map((report) => resultOf(plan, report));
  const models = plan.models.map(({ abbr }) => abbr);
  const scored = plan.datasets.map(scoredDataset).filter(({ config }) => config.eval_cfg !== undefined);
  const datasets = scored.map(({ abbr }) => abbr);
  const named = await datasetGroups(plan);
  const groups = groupResults(named, { results, models });
  const all = [...results, ...groups.results];
  const listed = plan.summarizer?.dataset_abbrs as readonly ListedRow[] | undefined;
  const grouped = listed === undefined ? undefined : partsOfGroups(named, groups.scores);
  const matrix = matrixOf(all, { models, datasets, ...defined({ listed, grouped }) });
  const missing = [...matrix.missing, ...groups.missing];
  return { matrix: { ...matrix, missing }, results: all, groups: groups.scores };
}

/**
 * Returns the groups of datasets that a summary shows: its summarizer's, or where it names none those that ship and whose datasets
 * are all in the run.
 */
export async function datasetGroups({
  summarizer,
  datasets,
}: Pick<Plan, 'summarizer' | 'datasets'>): Promise<readonly unknown[]> {
  if (summarizer?.summary_groups !== undefined) return summarizer.summary_groups;
  const names = new Set(datasets.map(({ abbr }) => abbr));
  const file = shipped('configs/summarizers/groups.js');
  const { summary_groups } = (await import(pathToFileURL(file).href)) as {
    summary_groups: readonly { readonly subsets: readonly string[] }[];
  };
  return summary_groups.filter(({ subsets }) => subsets.every((abbr) => names.has(abbr)));
}

/** The datasets that groups with a number are made of: where rows are listed, the group's stands for them. */
function partsOfGroups(groups: readonly unknown[], scores: readonly GroupScore[]): ReadonlySet<string> {
  const scored = new Set(scores.map(({ group }) => group));
  const shown = (groups as readonly { name: string; subsets: readonly ListedRow[] }[]).filter(({ name }) =>
    scored.has(name),
  );
  return new Set(
    shown.flatMap(({ subsets }) => subsets.map((one) => (typeof one === 'string' ? one : one[0]))),
  );
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

/** Writes AISBench's summary files, and ours where they say more. Without a score the page is all there is, as after a load test. */
export function writeSummary(
  folder: RunFolder,
  { matrix, results }: Pick<ScoreMatrix, 'matrix' | 'results'>,
  { page, accuracy }: { readonly page: string; readonly accuracy: readonly AccuracyReport[] },
): void {
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

/** Writes `performances/<model>/<dataset>.csv` and `.json`, and the table of its groups where it has some. */
export function writePerformance(folder: RunFolder, report: PerformanceReport): void {
  const { model, dataset, summary } = report;
  const file = (ending: string) => folder.file('performances', model, `${dataset}${ending}`);
  folder.write(file('.csv'), performanceCsv(summary));
  folder.write(file('.json'), performanceJson(report));
  const groups = groupsCsv(summary);
  if (groups !== undefined) folder.write(file('_groups.csv'), groups);
}

/** Writes the verdicts that scoring again changed; nothing where none did. */
export function writeChanges(folder: RunFolder, changes: readonly ChangeReport[]): void {
  if (changes.length > 0) folder.write(changesFile(folder), changesCsv(changes));
}

export function changesFile(folder: Pick<RunFolder, 'file' | 'name'>): string {
  return folder.file('summary', `changed_${folder.name}.csv`);
}
