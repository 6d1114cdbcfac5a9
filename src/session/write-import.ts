import { performanceCsv } from '../report/csv.ts';
import { performanceJson } from '../report/json.ts';
import { markdownPage } from '../report/markdown.ts';
import { type MatrixResult, matrixOf } from '../report/matrix.ts';
import type { PerformanceReport } from '../report/performance.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { Scored } from './score.ts';
import { writeSummary } from './write-reports.ts';

interface Reports {
  readonly performance: readonly PerformanceReport[];
  readonly scored: readonly Scored[];
  /** What AISBench itself came to. */
  readonly results: readonly MatrixResult[];
}

/** The files of a run that was imported, beside its records and predictions. */
export function writeReports(folder: RunFolder, { performance, scored, results }: Reports): void {
  for (const report of performance) {
    const { model, dataset, summary } = report;
    folder.write(folder.file('performances', model, `${dataset}.csv`), performanceCsv(summary));
    folder.write(folder.file('performances', model, `${dataset}.json`), performanceJson(report));
  }
  for (const { report, details } of scored)
    folder.write(folder.file('results', report.model, `${report.dataset}.json`), details);
  const accuracy = scored.map(({ report }) => report);
  const page = markdownPage({ title: `ais_bench import ${folder.name}`, accuracy, performance });
  writeSummary(folder, { matrix: matrixOf(results), results, page, accuracy });
}
