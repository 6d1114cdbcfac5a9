import { AisBenchError, EXIT } from '../../errors.ts';
import type { RequestTable } from '../../metrics/request-table.ts';
import { findCapacity, type Probed, type ProbeOrder, type SearchSetting } from '../../search/capacity.ts';
import type { LoadKind } from '../../search/load-points.ts';
import { badRequests, type Objective, objectivesOf } from '../../search/objectives.ts';
import { type PointRow, pointRow } from '../../search/point-table.ts';
import { settingsOf, untilInterrupted } from '../series/course.ts';
import { type PointRun, runPoint } from '../series/run-point.ts';
import { openSeries } from '../series/series-folder.ts';
import { reportSearch } from '../series/write-search.ts';
import type { AnyRunFlags, SearchFlags } from '../series-flags.ts';
import { whatIsRun } from './run.ts';

/** What is kept of a probe, so that a search that goes on need not ask it again. */
interface KeptProbe {
  readonly order: ProbeOrder;
  /** Bad requests as text of 0 and 1, one for each objective. */
  readonly seen: Omit<Probed, 'bad'> & { readonly bad: readonly string[] };
  readonly row?: PointRow;
}

/** `ais_bench search`: load tests, one after the other, until the largest load is known at which the objectives are kept. */
export async function capacity(typed: SearchFlags): Promise<number> {
  const { slo = [], goodput, over: kind, from, to, requests, budget, precision, reuse, ...given } = typed;
  const objectives = wanted(objectivesOf(slo, goodput));
  const flags = whatIsRun({ ...given, mode: 'perf' }) as AnyRunFlags;
  const setting = settingFor(objectives, { kind, from, to, requests, budget, precision });
  const workDir = flags.workDir ?? 'outputs/default';
  const folder = openSeries<KeptProbe>(
    'search',
    { workDir, reuse },
    settingsOf({ ...flags, objectives, kind, from, to, requests }),
  );
  const kept: KeptProbe[] = [...folder.before];
  const rows: PointRow[] = [];
  let told = 0;
  let result: Awaited<ReturnType<typeof findCapacity>> | undefined;
  const interrupted = await untilInterrupted(async (isOver) => {
    const probe = async (order: ProbeOrder): Promise<Probed> => {
      const before = kept[told];
      told += 1;
      if (before !== undefined && sameOrder(before.order, order)) {
        if (before.row !== undefined) rows.push(before.row);
        return { ...before.seen, bad: before.seen.bad.map((flagsOf) => Uint8Array.from(flagsOf, Number)) };
      }
      kept.length = told - 1;
      if (isOver()) return { requests: 0, bad: [], interrupted: true };
      say(describeOrder(order, kind, told));
      const run = await runPoint(
        { ...flags, ...orderFlags(order, kind, flags, told), workDir: folder.path },
        {
          name: `${String(told).padStart(2, '0')}_${Number.isFinite(order.load) ? `${kind}_${order.load}` : 'burst'}`,
          ratePerSecond: kind === 'rate' && Number.isFinite(order.load) ? order.load : undefined,
        },
      );
      const seen = probed(run, objectives);
      const row = run.performance[0] && pointRow(run.performance[0], { ...run, kind, asked: order.load });
      if (row !== undefined && Number.isFinite(order.load)) rows.push(row);
      if (!seen.interrupted) {
        kept.push({
          order,
          seen: { ...seen, bad: seen.bad.map((own) => own.join('')) },
          ...(row && Number.isFinite(order.load) ? { row } : {}),
        });
        folder.keep(kept);
      }
      return seen;
    };
    result = await findCapacity(probe, setting);
  });
  reportSearch(folder, { result: result!, rows, objectives, kind });
  return interrupted ? EXIT.interrupted : result!.capacity === undefined ? EXIT.notValid : EXIT.ok;
}

function wanted(objectives: Objective[]): Objective[] {
  if (objectives.length > 0) return objectives;
  throw new AisBenchError('TMAN-CMD-001', 'no objective is given that a load could fail', {
    where: '--slo',
    cure: 'give percentiles with limits, e.g. --slo ttft.p99=2000ms, or limits and a share: --slo ttft=2000ms --goodput 0.99',
  });
}

type Given = Pick<SearchFlags, 'from' | 'to' | 'requests' | 'budget' | 'precision'> & {
  readonly kind: LoadKind;
};

/** A full point has so many requests that this number of them may be bad. */
const BAD_OF_A_POINT = 40;
const POINTS_OF_A_SEARCH = 5;

function settingFor(objectives: readonly Objective[], given: Given): SearchSetting {
  const strictest = Math.min(...objectives.map(({ share }) => 1 - share));
  const requests = given.requests ?? Math.ceil(BAD_OF_A_POINT / Math.max(strictest, 1e-4));
  const isRate = given.kind === 'rate';
  return {
    objectives,
    whole: !isRate,
    start: given.from ?? (isRate ? undefined : 8),
    requests,
    budget: given.budget ?? POINTS_OF_A_SEARCH * requests,
    precision: given.precision,
    lowest: isRate ? 0.1 : 1,
    highest: given.to ?? (isRate ? 64_000 : 100_000),
  };
}

function orderFlags(
  { load, requests }: ProbeOrder,
  kind: LoadKind,
  flags: AnyRunFlags,
  n: number,
): Partial<AnyRunFlags> {
  const common = { cycle: true, maxCases: requests, seed: (flags.seed ?? 0) + n };
  if (kind === 'concurrency') return { ...common, batchSize: load, arrival: 'closed' };
  if (!Number.isFinite(load))
    return { ...common, arrival: 'closed', batchSize: flags.batchSize ?? MOST_IN_FLIGHT };
  return {
    ...common,
    requestRate: load,
    arrival: flags.arrival ?? 'poisson',
    batchSize: flags.batchSize ?? MOST_IN_FLIGHT,
  };
}

/** Requests in flight that a rate may lead to before our own limit holds them back. */
const MOST_IN_FLIGHT = 1000;

function probed(
  { table, performance: [report], overSaturated, interrupted }: PointRun,
  objectives: readonly Objective[],
): Probed {
  const verdict = report?.summary.validity;
  const fatal =
    verdict !== undefined &&
    (verdict.verdict === 'CLIENT-LIMITED' || verdict.verdict === 'LOAD NOT DELIVERED');
  const speed = speedOf(table);
  return {
    requests: table.length,
    bad: objectives.map((objective) => badRequests(table, objective)),
    ...(speed === undefined ? {} : { answeredPerSecond: speed }),
    overSaturated,
    interrupted,
    ...(fatal && !overSaturated && !interrupted
      ? { invalid: `${verdict.verdict}: ${verdict.reasons[0]}` }
      : {}),
  };
}

/** Answers a second from the first request on, without the last tenth, in which the service runs empty. */
function speedOf(table: RequestTable): number | undefined {
  const done = Array.from({ length: table.length }, (_, row) => row)
    .filter((row) => table.get(row, 'outcome') <= 1)
    .map((row) => table.get(row, 'done'))
    .sort((a, b) => a - b);
  const begun = Math.min(...Array.from({ length: table.length }, (_, row) => table.get(row, 'sent')));
  const counted = Math.ceil(done.length * 0.9);
  const time = (done[counted - 1] ?? begun) - begun;
  return time > 0 ? (counted * 1000) / time : undefined;
}

function sameOrder(a: ProbeOrder, b: ProbeOrder): boolean {
  return JSON.stringify(a) === JSON.stringify(JSON.parse(JSON.stringify(b)));
}

function describeOrder({ load, requests }: ProbeOrder, kind: LoadKind, n: number): string {
  if (!Number.isFinite(load))
    return `point ${n}: ${requests} requests at once, to see how fast the service is`;
  return `point ${n}: ${load} ${kind === 'rate' ? 'requests a second' : 'in flight'}, ${requests} requests`;
}

function say(text: string): void {
  process.stderr.write(`\n== ${text}\n`);
}
