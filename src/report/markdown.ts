import type { Finding } from '../contract/finding.ts';
import { type AccuracyReport, accuracyTables } from './accuracy.ts';
import { degradedTable, taskNotes } from './degraded.ts';
import { type PerformanceReport, performanceTables } from './performance.ts';
import { type GroupScore, groupScoreTables } from './summary-groups.ts';
import { plainTable, type Table } from './table.ts';
import { oneLine } from './text.ts';
import { underLoadTables } from './under-load.ts';
import { say, type Text } from './words.ts';

export interface ReportPage {
  readonly title: string;
  readonly accuracy: readonly AccuracyReport[];
  readonly groups?: readonly GroupScore[];
  readonly performance: readonly PerformanceReport[];
  /** What was dropped or is less than intended, and the file that holds all of it. */
  readonly degraded?: { readonly findings: readonly Finding[]; readonly file: string };
}

/** The whole report as one Markdown page. */
export function markdownPage({ title, accuracy, groups = [], performance, degraded }: ReportPage): string {
  const { findings = [], file = '' } = degraded ?? {};
  const lost = degradedTable(findings, file);
  const sections = [
    `# ${escaped(title)}`,
    ...[...groupScoreTables(groups), ...accuracyTables(accuracy), ...underLoadTables(accuracy)].map(section),
    ...performance.flatMap((report) => [
      ...performanceTables(report, { full: true }).map(section),
      ...bullets(taskNotes(report, findings)),
    ]),
    ...(lost === undefined ? [] : [section(lost)]),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** A table with its title, headlines and footnotes. */
export function section(table: Table): string {
  const { title, headlines = [], columns, rows, footnotes } = plainTable(table);
  const rule = columns.map(({ align }) => (align === 'right' ? '---:' : '---'));
  const lines = [columns.map(({ head }) => head), rule, ...rows.map((row) => row.map(escaped))];
  const grid = lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return [`## ${escaped(title)}`, ...headlines.map(headline), grid, ...bullets(footnotes)].join('\n\n');
}

function headline(text: string, index: number): string {
  return index === 0 ? `**${escaped(text)}**` : escaped(text);
}

/** A list, or nothing. */
export function bullets(sentences: readonly Text[]): string[] {
  if (sentences.length === 0) return [];
  return [sentences.map((sentence) => `- ${escaped(say(sentence))}`).join('\n')];
}

/** Names and server messages may hold anything; none of it may become a column, a tag or emphasis. */
export function escaped(text: string): string {
  return oneLine(text).replace(/[\\|`*_<>[\]#]/g, '\\$&');
}
