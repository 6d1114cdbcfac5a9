import { plural } from '../basics/plural.ts';
import type { Differences, Occurrence } from '../metrics/dialects/differences.ts';
import { COMPARED, type Compared, type DialectReport } from '../metrics/dialects/types.ts';
import type { Summary } from '../metrics/types.ts';
import { compactNumber } from './numbers.ts';
import { left, NO_VALUE, right, type Table } from './table.ts';

const UNITS: Partial<Record<Compared, string>> = {
  'Requests counted': '',
  'Request throughput': 'req/s',
  'Output throughput': 'tok/s',
};

/** The same records counted by each tool, side by side, and why the columns differ. */
export function explainTable(
  title: string,
  summary: Summary,
  reports: readonly DialectReport[],
  found: Differences,
  /** What to say before the reasons. */
  notes: readonly string[] = [],
): Table {
  const columns = [ours(summary), ...reports.map(({ compared }) => compared)];
  const shown = COMPARED.filter((name) => columns.some((column) => column[name] !== undefined));
  return {
    title,
    columns: [left('Metric'), right('ais_bench'), ...reports.map(({ dialect }) => right(dialect))],
    rows: shown.map((name) => [
      withUnit(name),
      ...columns.map((column) => (column[name] === undefined ? NO_VALUE : compactNumber(column[name]))),
    ]),
    footnotes: [...notes, ...(reports.length < 2 ? [] : reasons(found))],
  };
}

function withUnit(name: Compared): string {
  const unit = UNITS[name] ?? 'ms';
  return unit === '' ? name : `${name}, ${unit}`;
}

function ours({ rows, common }: Summary): Partial<Record<Compared, number>> {
  const stats = (wanted: string) => rows.find(({ name }) => name === wanted)?.stats;
  const whole = (wanted: string) => common.find(({ name }) => name === wanted)?.value;
  const values = {
    'TTFT mean': stats('TTFT')?.average,
    'TTFT P99': stats('TTFT')?.p99,
    'TPOT mean': stats('TPOT')?.average,
    'ITL mean': stats('ITL')?.average,
    'ITL P99': stats('ITL')?.p99,
    'E2EL mean': stats('E2EL')?.average,
    'E2EL P99': stats('E2EL')?.p99,
    'Requests counted': whole('Success Requests'),
    Duration: whole('Benchmark Duration'),
    'Request throughput': whole('Request Throughput'),
    'Output throughput': whole('Output Token Throughput'),
  } satisfies Record<Compared, number | undefined>;
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** What of the run makes the tools disagree, in figures; only what happened in it. */
function reasons(found: Differences): string[] {
  const { answers, failed, retried, early, late, bodyEnd, oneToken, tokensPerEvent, meanLag } = found;
  const lines = [
    early.mean > 0.05 &&
      `TTFT: aisbench and vllm stop at the first event of any kind; ${often(early)} before the first token`,
    late.mean > 0.05 &&
      `E2EL: aisbench ends at the last event of any kind, vllm at the last but usage; ${often(late)} after the last token`,
    bodyEnd.mean > 0.05 &&
      `E2EL: guidellm ends with the body; it ended ${ms(bodyEnd.mean)} after the last token`,
    (early.share > 0 || late.share > 0) &&
      'ITL: aisbench and vllm count the gaps to events without tokens too; genai-perf and guidellm have one mean a request, guidellm weighs it by tokens',
    tokensPerEvent !== undefined &&
      Math.abs(tokensPerEvent - 1) > 0.01 &&
      `ITL is a gap between events in ais_bench, aisbench and vllm, and time a token in the others: an event brought ${compactNumber(tokensPerEvent)} tokens on average`,
    'TPOT: guidellm divides the whole time from sending, first token included; genai-perf calls it Inter Token Latency',
    oneToken > 0 &&
      `TPOT: ${oneToken} of ${plural(answers, 'answer')} ${oneToken === 1 ? 'has' : 'have'} one token at most: aisbench averages them as 0, the others leave them out`,
    failed > 0 &&
      `Duration: ${plural(failed, 'failed request counts', 'failed requests count')} in ais_bench and vllm; aisbench, genai-perf and guidellm leave their time out`,
    retried > 0 &&
      `${plural(retried, 'request was', 'requests were')} retried: ais_bench keeps them out of latencies, the others do not tell`,
    meanLag > 0.05 &&
      `No other tool counts from the schedule: requests left ${ms(meanLag)} late on average, which Response E2EL and Response TTFT include`,
    'P99: guidellm takes a value that occurred, the others interpolate; aisbench rounds to 0.1 ms',
  ];
  return lines.filter((line) => line !== false);
}

function often({ share, mean }: Occurrence): string {
  return `in ${Number((100 * share).toFixed(1))} % of the answers one came ${ms(mean)}`;
}

function ms(value: number): string {
  return `${compactNumber(value)} ms`;
}
