import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ScoreCard } from '../evaluate/score.ts';
import type { Judged } from '../evaluate/types.ts';
import type { ScoreUnderLoad } from '../evaluate/under-load.ts';
import type { AccuracyReport } from '../report/accuracy.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { readJson, readJsonIfThere } from '../store/served.ts';

/** A score as it was written, and the verdicts behind it. */
export interface StoredScore {
  readonly report: AccuracyReport;
  readonly judged: readonly Judged[];
}

/** `results/<model>/<dataset>.json` as `resultJson` of score-task.ts writes it. */
interface ResultFile extends Omit<ScoreCard, 'value' | 'byRules'> {
  readonly extract_rate?: unknown;
  readonly type?: unknown;
  readonly notes?: readonly string[];
  /** A list, or a table by position. */
  readonly details?: readonly Judged[] | Readonly<Record<string, Judged>>;
}

/** A task by the names of its configs. */
interface Scored {
  readonly task: { readonly model: { readonly abbr: string }; readonly dataset: { readonly abbr: string } };
  readonly simulated: boolean;
}

/** The score that a task of this run has on disk; undefined where it was not scored. Throws RUN-DATA-001 for a broken file. */
export function storedScore(
  folder: RunFolder,
  { task: { model, dataset }, simulated }: Scored,
): StoredScore | undefined {
  const path = folder.file('results', model.abbr, `${dataset.abbr}.json`);
  const file = readJsonIfThere(path) as ResultFile | undefined;
  if (file === undefined) return undefined;
  const { extract_rate: _rate, type: _type, notes, details = [], ...card } = file;
  const value = valueIn(file, card.metric);
  const compatValue = valueIn(file, `${card.metric}_compat`);
  return {
    report: {
      model: model.abbr,
      dataset: dataset.abbr,
      card: { ...card, ...(value === undefined ? {} : { value }) },
      ...(compatValue === undefined ? {} : { compatValue }),
      ...(notes === undefined ? {} : { notes }),
      simulated,
    },
    judged: Object.values(details),
  };
}

/** By model and dataset, what the scores of a load test were worth under it, as the last report has it. Throws as `storedScore`. */
export function storedUnderLoad({
  name,
  path,
  file,
}: RunFolder): (model: string, dataset: string) => ScoreUnderLoad | undefined {
  // A folder may have been given another name since.
  const own = `summary_${name}.json`;
  const files = filesIn(join(path, 'summary')).filter((one) => /^summary_.*\.json$/.test(one));
  const found = files.includes(own) ? own : files.at(-1);
  const reports = found === undefined ? [] : (readJson(file('summary', found)) as AccuracyReport[]);
  return (model, dataset) =>
    reports.find((report) => report.model === model && report.dataset === dataset)?.underLoad;
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

function valueIn(file: object, key: string): number | undefined {
  const value = (file as Readonly<Record<string, unknown>>)[key];
  return typeof value === 'number' ? value : undefined;
}
