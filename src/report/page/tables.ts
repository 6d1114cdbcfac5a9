import { agentTables } from '../agents.ts';
import { conversationTables } from '../conversations.ts';
import { dialectTables } from '../dialects.ts';
import { clientTables, intervalTable } from '../full.ts';
import { groupTables } from '../groups.ts';
import type { PerformanceReport } from '../performance.ts';
import { segmentTable } from '../segments.ts';
import { serverMetricsTables } from '../server-metrics.ts';
import type { Table } from '../table.ts';

/** Tables of the terminal's that the page shows as they are. */
export interface TablesPart {
  readonly server: readonly Table[];
  /** Sessions, dialogues, servers and adapters, agents, intervals, the client's health, other tools' numbers: what there is of them. */
  readonly more: readonly Table[];
}

export function tablesOf({
  summary,
  server,
  dialects = [],
  segments = [],
  agents = [],
}: PerformanceReport): TablesPart {
  const { conversations } = summary;
  return {
    server: server === undefined ? [] : serverMetricsTables(server, { full: true }),
    more: [
      ...(segments.length === 0 ? [] : [segmentTable(segments)]),
      ...(conversations === undefined ? [] : conversationTables(conversations)),
      ...groupTables(summary),
      ...agentTables(agents, summary),
      intervalTable(summary),
      ...clientTables(summary),
      ...dialects.flatMap(dialectTables),
    ].filter(({ rows }) => rows.length > 0),
  };
}
