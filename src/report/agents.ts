/** The agents of a run side by side: what their requests came to, and how well their clocks were known. */
import { commonValue } from '../metrics/by-id.ts';
import type { GroupRow } from '../metrics/groups.ts';
import type { Stats } from '../metrics/stats.ts';
import type { Summary } from '../metrics/types.ts';
import type { AgentEntry, AgentLoad, AgentsFile } from '../store/agents-file.ts';
import { compactNumber } from './numbers.ts';
import { left, NO_VALUE, right, type Table } from './table.ts';
import { oneLine } from './text.ts';
import { phrase, type Text } from './words.ts';

/** An agent's part in one task, beside its requests; of one of an earlier session of the run its name alone is known. */
export interface AgentFacts
  extends Pick<AgentEntry, 'name'>,
    Partial<Omit<AgentEntry, 'name' | 'loads'> & Omit<AgentLoad, 'model' | 'dataset'>> {}

/** The agents that had a part in the task; those of the run that had none are left out. */
export function agentFacts(
  file: AgentsFile | undefined,
  task: Pick<AgentLoad, 'model' | 'dataset'>,
  { agents: rows = [] }: Summary,
): AgentFacts[] {
  const known = (file?.agents ?? []).flatMap(({ loads, ...agent }) => {
    const own = loads.find(({ model, dataset }) => model === task.model && dataset === task.dataset);
    if (own === undefined) return rows.some(({ name }) => name === agent.name) ? [agent] : [];
    const { model: _model, dataset: _dataset, ...load } = own;
    return [{ ...agent, ...load }];
  });
  const others = rows.filter((row) => known.every(({ name }) => name !== row.name));
  return [...known, ...others.map(({ name }) => ({ name }))];
}

/** One row an agent; no table where this machine sent by itself. */
export function agentTables(facts: readonly AgentFacts[], summary: Summary): Table[] {
  if (facts.length === 0) return [];
  const rows = new Map(summary.agents?.map((row) => [row.name, row]));
  const duration = commonValue(summary, 'duration');
  // Who takes cases one by one sends by no schedule: its clock is of no account.
  const hasClocks = facts.some(({ clock }) => clock !== undefined);
  const counts = [phrase('Procs'), phrase('Reqs'), phrase('Failed')];
  const clocks = hasClocks ? [phrase('Clock'), phrase('Lag')] : [];
  return [
    {
      title: phrase('Agents'),
      columns: [
        left(phrase('Agent')),
        ...[...counts, 'req/s', 'TTFT P50', 'TTFT P99', 'E2EL P99', ...clocks].map((head) => right(head)),
      ],
      rows: facts.map((agent) => [
        nameAndHost(agent),
        agent.workers === undefined ? NO_VALUE : String(agent.workers.length),
        ...requestCells(rows.get(agent.name), duration),
        ...(hasClocks ? [clockText(agent), lagText(agent)] : []),
      ]),
      footnotes: [
        ...facts.flatMap(({ name, lostTo }) =>
          lostTo === undefined
            ? []
            : [phrase('{agent} was lost: {why}', { agent: oneLine(name), why: oneLine(lostTo) })],
        ),
        phrase(
          'Procs: processes that sent; req/s: answered requests a second of the whole run; times in ms, of answers without a retry',
        ),
        ...ownNote(summary, commonValue(summary, 'total_requests')),
        ...(hasClocks ? [CLOCKS] : []),
        ...driftNote(facts),
      ],
    },
  ];
}

const CLOCKS = phrase(
  "Clock: the agent's clock less this machine's, ms ± what the reading may be off by; Lag: how late its last process began, ms",
);

/** An agent that was not named by its user begins with the name of its host. */
function nameAndHost({ name, host = '' }: AgentFacts): string {
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

function lagText({ startLagMs }: AgentFacts): string {
  return startLagMs === undefined ? NO_VALUE : compactNumber(startLagMs);
}

/** A continued run may have been sent by agents in one session and by this machine in another. */
function ownNote({ agents = [] }: Summary, total = 0): Text[] {
  const own = total - agents.reduce((sum, { requests }) => sum + requests, 0);
  return own > 0 ? [phrase('This machine itself sent {n} of the requests', { n: compactNumber(own) })] : [];
}

/** How far the clocks went apart while the load went on. */
function driftNote(facts: readonly AgentFacts[]): Text[] {
  const drifts = facts.flatMap(({ clock, clockAfter }) =>
    clock === undefined || clockAfter === undefined ? [] : [Math.abs(clockAfter.offsetMs - clock.offsetMs)],
  );
  return drifts.length === 0
    ? []
    : [phrase('Clocks moved by {ms} ms at most during the load', { ms: compactNumber(Math.max(...drifts)) })];
}
