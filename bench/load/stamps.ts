/** Stamp error: arrival as the client stamps it less the time of the write in the server's log. */
import type { ServerOrder } from '../../src/selftest/truth-server.ts';
import { withProcesses } from './processes.ts';
import { type BenchFlags, median, quantile, rounds, row, title } from './table.ts';
import { unpacked } from './wire.ts';

const EVENTS_PER_SECOND = 100;

type Kind = 'bare' | 'tool';

/** Of one round, ms. */
interface StampError {
  readonly median: number;
  readonly p99: number;
}

export async function measureStamps({ streams = 512, seconds = 10, rounds: count = 5 }: BenchFlags) {
  const events = Math.round(seconds * EVENTS_PER_SECOND);
  title(`Stamp error in ms: ${streams} streams × ${EVENTS_PER_SECOND} events/s, ${events} events a stream`);
  const setting = { streams, events, rounds: count };
  const spread = await errorsOf({ kinds: ['bare', 'tool'], shape: 'spread', ...setting });
  const step = await errorsOf({ kinds: ['bare', 'tool'], shape: 'step', ...setting });
  const tool = spread.tool;
  rounds(
    'phases spread: median',
    tool.map((error) => error.median),
    3,
  );
  rounds(
    'phases spread: p99',
    tool.map((error) => error.p99),
    3,
  );
  rounds(
    'phases spread: p99, bare',
    spread.bare.map((error) => error.p99),
    3,
  );
  const ratios = (of: (error: StampError) => number) =>
    step.tool.map((error, n) => of(error) / of(step.bare[n]!));
  const medians = ratios((error) => error.median);
  const p99s = ratios((error) => error.p99);
  rounds(
    'all in step: median, bare',
    step.bare.map((error) => error.median),
    3,
  );
  rounds('all in step: median, tool / bare', medians);
  rounds('all in step: p99, tool / bare', p99s);
  return [
    row('  phases spread: median', median(tool.map((error) => error.median)), 'ms', 0.2),
    row('  phases spread: p99', median(tool.map((error) => error.p99)), 'ms', 1),
    row('  all in step: median, as a multiple of the bare socket', median(medians), '×', 1.5),
    row('  all in step: p99, as a multiple of the bare socket', median(p99s), '×', 1.5),
  ].every(Boolean);
}

interface Setting {
  readonly kinds: readonly Kind[];
  readonly shape: ServerOrder['shape'];
  readonly streams: number;
  readonly events: number;
  readonly rounds: number;
}

/** The kinds in turn; the first round, in which V8 compiles, does not count. */
async function errorsOf(setting: Setting): Promise<Record<Kind, StampError[]>> {
  const { kinds, shape, streams, events } = setting;
  const found: Record<Kind, StampError[]> = { bare: [], tool: [] };
  const answer = { shape, eventsPerSecond: EVENTS_PER_SECOND, events, streams, logged: true } as const;
  await withProcesses(kinds.length, async (server, ...clients) => {
    for (let round = 0; round <= setting.rounds; round++) {
      for (const [n, kind] of kinds.entries()) {
        const { times } = await server.measure(clients[n]!, answer, { kind, streams, wants: 'arrivals' });
        const { log } = await server.report();
        if (round > 0) found[kind].push(errorOf(times.map(unpacked), log, events));
      }
    }
  });
  return found;
}

/** The first event of a stream is its role, which is sent on request and not in the log. */
function errorOf(arrivals: readonly Float64Array[], log: readonly number[], events: number): StampError {
  const errors = new Float64Array(arrivals.length * events);
  for (let n = 0; n < errors.length; n++) {
    errors[n] = arrivals[Math.floor(n / events)]![(n % events) + 1]! - log[n]!;
  }
  return { median: quantile(errors, 0.5), p99: quantile(errors, 0.99) };
}
