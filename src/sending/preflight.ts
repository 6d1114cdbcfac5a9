/** Compares what a load needs with what the machine has, before anything is sent. */
import { plural } from '../basics/plural.ts';
import type { Ceiling } from './ceiling.ts';
import { descriptorsFor, type MachineLimits, streamsOf } from './machine-limits.ts';
import type { PlannedLoad } from './planned-load.ts';

/** Something that a load cannot have (`error`), or had better not need (`warning`). */
export interface MachineProblem {
  readonly severity: 'error' | 'warning';
  readonly what: string;
  /** The limit's name. */
  readonly where: string;
  /** In the imperative. */
  readonly cure: string;
}

/** Share of a ceiling above which a run is warned. */
export const WARN_ABOVE = 0.7;

/** Share of the memory above which a load is warned of what its events may take. */
const MEMORY_SHARE = 0.9;

/** What an event of a reply in flight takes, bytes: 12, in arrays that double when they are full. */
const EVENT_BYTES = 24;

/**
 * Everything that speaks against a load. A limit that a closed loop is sure to meet is an error; one that an open loop may or may
 * not meet is a warning. `ceiling`: of the last self-test, if there was one.
 */
export function preflight(load: PlannedLoad, limits: MachineLimits, ceiling?: Ceiling): MachineProblem[] {
  return [
    ...descriptorFindings(load, limits),
    ...portFindings(load, limits),
    ...eventFindings(load, limits),
    ...(ceiling === undefined
      ? []
      : [...paceFindings(load, limits, ceiling), ...streamFindings(load, limits, ceiling)]),
  ];
}

function* descriptorFindings(load: PlannedLoad, limits: MachineLimits): Iterable<MachineProblem> {
  const { descriptors } = limits;
  const { workers, inFlight, perAddress } = load;
  const each = Math.ceil(inFlight / workers);
  const room = streamsOf(limits);
  if (descriptors === undefined || perAddress === 0 || each <= room) return;
  const needed = descriptorsFor(each);
  const raise = `ulimit -n ${needed}${needed > descriptors.hard ? ' (root must raise the hard limit first)' : ''}`;
  const spread = room > 0 ? ` or spread it: --workers ${Math.ceil(inFlight / room)}` : '';
  const ofThose = workers === 1 ? '' : ` in each of ${workers} processes`;
  yield {
    severity: load.isReached ? 'error' : 'warning',
    what: `${load.name}: ${plural(each, 'request')} in flight${ofThose} ${each === 1 ? 'needs' : 'need'} ${needed} descriptors, ${descriptors.soft} are allowed`,
    where: 'ulimit -n',
    cure: `allow more: ${raise}${spread}`,
  };
}

function* portFindings(load: PlannedLoad, { ports }: MachineLimits): Iterable<MachineProblem> {
  if (ports === undefined || load.perAddress <= ports) return;
  yield {
    severity: load.isReached ? 'error' : 'warning',
    what: `${load.name}: ${load.perAddress} connections to one address, ${ports} ports are there for them`,
    where: '/proc/sys/net/ipv4/ip_local_port_range',
    cure: 'name several addresses (--url …, repeatable), widen the range (sysctl net.ipv4.ip_local_port_range), or use a second machine',
  };
}

function* eventFindings({ name, inFlight, mostEvents }: PlannedLoad, { memory }: MachineLimits) {
  const bytes = inFlight * mostEvents * EVENT_BYTES;
  if (bytes <= MEMORY_SHARE * memory) return;
  const finding: MachineProblem = {
    severity: 'warning',
    what: `${name}: ${inFlight} streams of up to ${mostEvents} events (max_out_len) may take ${gigabytes(bytes)} of ${gigabytes(memory)} memory`,
    where: 'max_out_len',
    cure: 'lower max_out_len or batch_size if answers really get that long',
  };
  yield finding;
}

/** Rates: processes beyond the machine's cores add nothing. */
function* paceFindings(
  load: PlannedLoad,
  { cores }: MachineLimits,
  ceiling: Ceiling,
): Iterable<MachineProblem> {
  const senders = Math.min(load.workers, cores);
  for (const [asked, perSecond, about, unit] of [
    [
      load.requestsPerSecond,
      ceiling.requests.perSecond,
      ceiling.requests.isAtLeast ? 'at least ' : '',
      'requests/s',
    ],
    [load.eventsPerSecond, ceiling.eventsOneByOne, 'about ', 'events/s (one a token)'],
  ] as const) {
    const most = perSecond * senders;
    if (asked === undefined || asked <= WARN_ABOVE * most) continue;
    const wanted = Math.ceil(asked / (WARN_ABOVE * perSecond));
    const manage = `${about}${figure(most)} that ${plural(senders, 'process', 'processes')} managed`;
    yield {
      severity: 'warning',
      what: `${load.name}: ${figure(asked)} ${unit} are ${share(asked, most)} of the ${manage} in the self-test of ${ceiling.measuredAt.slice(0, 10)}`,
      where: 'ais_bench selftest',
      cure:
        wanted <= cores && wanted > load.workers
          ? `use --workers ${wanted}`
          : 'use a machine with more cores, or several machines',
    };
  }
}

/** Streams: the tightest of descriptors, ports and memory. */
function* streamFindings(
  load: PlannedLoad,
  limits: MachineLimits,
  { streams }: Ceiling,
): Iterable<MachineProblem> {
  if (load.perAddress === 0) return;
  const { inFlight, workers, perAddress, name } = load;
  const { ports = Number.POSITIVE_INFINITY } = limits;
  const { perMachine: inMemory = Number.POSITIVE_INFINITY } = streams;
  const room = streamsOf(limits);
  const [tightest] = [
    {
      asked: inFlight,
      most: room * workers,
      of: 'descriptors',
      cure: `use --workers ${Math.ceil(inFlight / (WARN_ABOVE * room))}`,
    },
    {
      asked: perAddress,
      most: ports,
      of: 'ports to one address',
      cure: 'name several addresses (--url …, repeatable)',
    },
    { asked: inFlight, most: inMemory, of: 'memory', cure: 'use another machine, or lower batch_size' },
  ].sort((a, b) => b.asked / b.most - a.asked / a.most);
  const { asked, most, of, cure } = tightest!;
  // Over the limit: the checks of descriptors and ports have said it.
  if (asked <= WARN_ABOVE * most || (asked > most && of !== 'memory')) return;
  yield {
    severity: 'warning',
    what: `${name}: ${asked} streams are ${share(asked, most)} of the ${most} that ${plural(workers, 'process', 'processes')} may hold (${of})`,
    where: 'ais_bench selftest',
    cure,
  };
}

function figure(value: number): string {
  return String(value >= 1000 ? Math.round(value) : Number(value.toPrecision(3)));
}

function share(part: number, whole: number): string {
  return `${Math.round((100 * part) / whole)} %`;
}

function gigabytes(bytes: number): string {
  return `${figure(bytes / 1e9)} GB`;
}
