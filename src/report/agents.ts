/** The agents of a run side by side: what their requests came to, and how well their clocks were known. */
import type { GroupRow } from '../metrics/groups.ts';
import type { Stats } from '../metrics/stats.ts';
import type { Summary } from '../metrics/types.ts';
import type { AgentEntry, AgentLoad, AgentsFile } from '../store/agents-file.ts';
import { compactNumber } from './numbers.ts';
import { left, NO_VALUE, right, type Table } from './table.ts';
import { oneLine } from './text.ts';

/** An agent's part in one task, beside its requests. */
export interface AgentFacts
  extends Omit<AgentEntry, 'loads'>,
    Partial<Omit<AgentLoad, 'model' | 'dataset'>> {}

/** The agents that had a part in the task; those of the run that had none are left out. */
export function agentFacts({ agents }: AgentsFile, model: string, dataset: string): AgentFacts[] {
  return agents.flatMap(({ loads, ...agent }) => {
    const own = loads.find((load) => load.model === model && load.dataset === dataset);
    if (own === undefined) return [];
    const { model: _model, dataset: _dataset, ...load } = own;
    return [{ ...agent, ...load }];
  });
}

/** One row an agent; no table where this machine sent by itself. */
export function agentTables(facts: readonly AgentFacts[], summary: Summary): Table[] {
  if (facts.length === 0) return [];
  const rows = new Map(summary.agents?.map((row) => [row.name, row]));
  const duration = summary.common.find(({ name }) => name === 'Benchmark Duration')?.value;
  return [
    {
      title: 'Agents',
      columns: [
        left('Agent'),
        ...['Procs', 'Reqs', 'Failed', 'req/s', 'TTFT P50', 'TTFT P99', 'E2EL P99', 'Clock', 'Lag'].map(
          right,
        ),
      ],
      rows: facts.map((agent) => [
        nameAndHost(agent),
        String(agent.workers.length),
        ...requestCells(rows.get(agent.name), duration),
        clockText(agent),
        agent.startLagMs === undefined ? NO_VALUE : compactNumber(agent.startLagMs),
      ]),
      footnotes: [
        ...facts.flatMap(({ name, lostTo }) =>
          lostTo === undefined ? [] : [`${oneLine(name)} was lost: ${oneLine(lostTo)}`],
        ),
        'Procs: processes that sent; req/s: answered requests a second of the whole run; times in ms, of answers without a retry',
        "Clock: the agent's clock less this machine's, ms ± what the reading may be off by; Lag: how late its last process began, ms",
        ...driftNote(facts),
      ],
    },
  ];
}

/** An agent that was not named by its user begins with the name of its host. */
function nameAndHost({ name, host }: AgentFacts): string {
  return oneLine(name.startsWith(host) ? name : `${name} (${host})`);
}

function requestCells(row: GroupRow | undefined, duration: number | undefined): string[] {
  const { requests = 0, failed = 0, ttft, e2el } = row ?? {};
  return [
    compactNumber(requests),
    compactNumber(failed),
    duration ? compactNumber(((requests - failed) * 1000) / duration) : NO_VALUE,
    statistic(ttft, 'median'),
    statistic(ttft, 'p99'),
    statistic(e2el, 'p99'),
  ];
}

function statistic(stats: Stats | undefined, key: 'median' | 'p99'): string {
  return stats === undefined ? NO_VALUE : compactNumber(stats[key]);
}

function clockText({ clock }: AgentFacts): string {
  return clock === undefined ? NO_VALUE : `${compactNumber(clock.offsetMs)}±${compactNumber(clock.boundMs)}`;
}

/** How far the clocks went apart while the load went on. */
function driftNote(facts: readonly AgentFacts[]): string[] {
  const drifts = facts.flatMap(({ clock, clockAfter }) =>
    clock === undefined || clockAfter === undefined ? [] : [Math.abs(clockAfter.offsetMs - clock.offsetMs)],
  );
  return drifts.length === 0
    ? []
    : [`Clocks moved by ${compactNumber(Math.max(...drifts))} ms at most during the load`];
}
