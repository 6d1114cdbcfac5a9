/** What of a run was dropped, or is less than intended: said in many places as it happens, and here in one. */
import { distinctFindings, type Finding, finding, isSameFinding, scoped } from '../contract/finding.ts';
import type { AccuracyReport } from './accuracy.ts';
import type { PerformanceReport } from './performance.ts';
import { phrase } from './phrase.ts';
import { left, type Table } from './table.ts';
import { oneLine } from './text.ts';
import type { Text } from './words.ts';

interface RunReports {
  /** Warnings of the run, in order. */
  readonly warnings: readonly Finding[];
  readonly performance: readonly PerformanceReport[];
  readonly accuracy: readonly AccuracyReport[];
}

/** Returns each finding once, warnings of the run first; facts are left out. */
export function degradedFindings({ warnings, performance, accuracy }: RunReports): Finding[] {
  const all = [
    ...warnings,
    ...performance.flatMap(({ model, dataset, summary }) =>
      [...summary.findings, ...countedHere(summary.tokens)].map((one) => scoped(one, { model, dataset })),
    ),
    ...accuracy.flatMap(({ model, dataset, card, notes = [] }) =>
      [...unscored(card), ...notes.map((text) => finding('NOTE', { text }))].map((one) =>
        scoped(one, { model, dataset }),
      ),
    ),
  ];
  return distinctFindings(all.filter(({ level }) => level !== 'fact'));
}

/** Tokens that the server did not count. */
function countedHere(tokens: PerformanceReport['summary']['tokens']): Finding[] {
  return (['input', 'output'] as const).flatMap((side) => {
    const { counts, unread } = tokens[side];
    // Where the server did count, the class is to be mended, not the server.
    return unread === undefined && (counts.tokenizer > 0 || counts.chunks > 0)
      ? [finding('COUNTED-HERE', { side, sources: counts })]
      : [];
  });
}

/** Above this share of answers that were cut the score says more of the limit than of the model. */
const FEW_CUT = 0.02;

function unscored({ n, failed, truncated, unextractable }: AccuracyReport['card']): Finding[] {
  if (failed + truncated + unextractable === 0) return [];
  const cut = truncated > FEW_CUT * n ? truncated / n : undefined;
  return [finding('UNSCORED-ANSWERS', { answers: n, parts: { failed, truncated, unextractable }, cut })];
}

const SHOWN = 20;

/** Makes the table of what was dropped; undefined where nothing was. `file` holds what is not shown. */
export function degradedTable(findings: readonly Finding[], file: string): Table | undefined {
  if (findings.length === 0) return undefined;
  const more = findings.length - SHOWN;
  return {
    title: phrase('Dropped or degraded'),
    columns: [left(phrase('What')), left(phrase('Where'))],
    rows: findings.slice(0, SHOWN).map((one) => [one, whereOf(one)]),
    footnotes: more > 0 ? [phrase('and {more} more, all of them in {file}', { more, file })] : [],
  };
}

/** Returns what the tables of a task note below themselves: what the table of what was dropped does not show anyway. */
export function taskNotes(
  { model, dataset, summary }: Pick<PerformanceReport, 'model' | 'dataset' | 'summary'>,
  degraded: readonly Finding[],
): Finding[] {
  const shown = degraded.slice(0, SHOWN);
  return summary.findings.filter((one) => {
    const own = scoped(one, { model, dataset });
    return !shown.some((other) => isSameFinding(other, own));
  });
}

function whereOf({ scope: { model, dataset } }: Finding): Text {
  const names = [model, dataset].filter((name) => name !== undefined);
  return names.length === 0 ? phrase('the run') : oneLine(names.join(' × '));
}
