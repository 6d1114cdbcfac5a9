/** What of a run was dropped, or is less than was asked for: told in many places as it happens, and here in one. */

import { plural } from '../basics/plural.ts';
import { SOURCE_LABELS, type TokenSources } from '../metrics/token-sources.ts';
import type { AccuracyReport } from './accuracy.ts';
import type { PerformanceReport } from './performance.ts';
import { left, type Table } from './table.ts';
import { oneLine } from './text.ts';

export interface Degraded {
  readonly what: string;
  /** Model and dataset; absent where it is about the whole run. */
  readonly task?: string;
}

interface Told {
  /** What the run warned of, in order. */
  readonly warnings: readonly string[];
  readonly performance: readonly PerformanceReport[];
  readonly accuracy: readonly AccuracyReport[];
}

/** Everything once, warnings of the run first. */
export function degradedIn({ warnings, performance, accuracy }: Told): Degraded[] {
  const all = [
    ...warnings.map((what) => ({ what })),
    ...performance.flatMap((report) =>
      ofTask(report, [...report.summary.notes, ...countedElsewhere(report)]),
    ),
    ...accuracy.flatMap((report) => ofTask(report, [...unjudged(report), ...(report.notes ?? [])])),
  ];
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

function ofTask(
  { model, dataset }: { model: string; dataset: string },
  sentences: readonly string[],
): Degraded[] {
  return sentences.map((what) => ({ what, task: `${model} × ${dataset}` }));
}

/** Tokens that the server did not count. */
function countedElsewhere({ summary: { tokens } }: PerformanceReport): string[] {
  return (['input', 'output'] as const).flatMap((side) => {
    const others = (['tokenizer', 'chunks'] as const).filter((source) => tokens[side].counts[source] > 0);
    return others.length === 0
      ? []
      : [`${side} tokens were not all counted by the server: ${shares(tokens[side])}`];
  });
}

function shares({ counts }: TokenSources): string {
  const used = Object.entries(counts).filter(([, count]) => count > 0);
  return used.map(([source, count]) => `${SOURCE_LABELS[source as keyof typeof counts]} ${count}`).join(', ');
}

/** Above this share of answers that were cut the score says more of the limit than of the model. */
const FEW_CUT = 0.02;

function unjudged({ card: { n, failed, truncated, unextractable } }: AccuracyReport): string[] {
  const parts = [
    [failed, 'failed'],
    [truncated, 'cut at the length limit'],
    [unextractable, 'with nothing to score'],
  ] as const;
  const there = parts.filter(([count]) => count > 0).map(([count, how]) => `${count} ${how}`);
  if (there.length === 0) return [];
  const cure = truncated > FEW_CUT * n ? '; a larger --max-out-len lets answers end' : '';
  return [`of ${plural(n, 'answer')}: ${there.join(', ')}; none of them counts as correct${cure}`];
}

const SHOWN = 20;

/** Undefined where nothing was; `file` holds what is not shown. */
export function degradedTable(degraded: readonly Degraded[], file: string): Table | undefined {
  if (degraded.length === 0) return undefined;
  const more = degraded.length - SHOWN;
  return {
    title: 'Dropped or degraded',
    columns: [left('What'), left('Where')],
    rows: degraded.slice(0, SHOWN).map(({ what, task = 'the run' }) => [oneLine(what), oneLine(task)]),
    footnotes: more > 0 ? [`and ${more} more, all of them in ${file}`] : [],
  };
}
