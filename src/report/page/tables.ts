import type { AccuracyReport } from '../accuracy.ts';
import { conversationTables } from '../conversations.ts';
import { dialectTables } from '../dialects.ts';
import { clientTables, intervalTable } from '../full.ts';
import { groupTables } from '../groups.ts';
import type { PerformanceReport } from '../performance.ts';
import { segmentTable } from '../segments.ts';
import { serverMetricsTables } from '../server-metrics.ts';
import type { Table } from '../table.ts';
import { underLoadTables } from '../under-load.ts';
import { workerTables } from '../workers.ts';

/** Tables of the terminal's that the page shows as they are. */
export interface TablesPart {
  readonly server: readonly Table[];
  /** Quality under load, sessions, dialogues, servers and adapters, workers, intervals, the client's health, other tools' numbers. */
  readonly more: readonly Table[];
}

/** `score`: of the answers, where they were scored; without `performance` there are no tables. */
export function tablesOf(
  performance: PerformanceReport | undefined,
  score: AccuracyReport | undefined,
): TablesPart {
  if (performance === undefined) return { server: [], more: [] };
  const { summary, server, dialects = [], segments = [], workers = [] } = performance;
  const { conversations } = summary;
  return {
    server: server === undefined ? [] : serverMetricsTables(server, { full: true }),
    more: [
      ...(score === undefined ? [] : underLoadTables([score])),
      ...(segments.length === 0 ? [] : [segmentTable(segments)]),
      ...(conversations === undefined ? [] : conversationTables(conversations)),
      ...groupTables(summary),
      ...workerTables(workers, summary),
      intervalTable(summary),
      ...clientTables(summary),
      ...dialects.flatMap(dialectTables),
    ].filter(({ rows }) => rows.length > 0),
  };
}
