/** Compares what a load needs with what the machine has, before anything is sent. */
import { plural } from '../basics/plural.ts';
import type { LoadConfig, ServiceModelPlan } from '../config/plan.ts';
import type { PacedArrival } from '../load/arrival.ts';
import { formatAuthority, parseEndpoint, proxyFor } from '../transport/proxy.ts';
import { askedRateOf, plannedSamples } from './load-plan.ts';
import { type Ceiling, descriptorsFor, type MachineLimits, streamsOf } from './machine-limits.ts';
import type { ModelRequest } from './model-request.ts';
import { workersFor } from './pool.ts';
import type { Task } from './prepare.ts';
import { requestCount, sampleAt, sampleCount, type TaskSamples } from './shape.ts';

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

/** What one load needs of this machine, as far as its plan says. */
export interface PlannedLoad {
  /** Model and dataset. */
  readonly name: string;
  /** Processes that send it. */
  readonly workers: number;
  /** Largest number of requests in flight, all processes together. */
  readonly inFlight: number;
  /** A closed loop: so many are in flight from the start. */
  readonly isReached: boolean;
  /** Connections to the address that has most of them; 0 where one connection carries many requests (HTTP/2). */
  readonly perAddress: number;
  /** The highest target rate; absent in a closed loop, whose rate the service decides. */
  readonly requestsPerSecond?: number;
  /** Where the length of every answer is fixed: the rate times that length, one event a token. */
  readonly eventsPerSecond?: number;
  /** Events that a reply may have: its limit of tokens; 0 where replies are not streamed. */
  readonly mostEvents: number;
}

/** Undefined for a local model: it has no sockets. */
export function plannedLoad(task: Task, settings: LoadConfig, cores: number): PlannedLoad | undefined {
  const { model, source, dataset } = task;
  if (model.attr === 'local') return undefined;
  const inFlight = Math.min(model.concurrency, plannedSamples(source, settings));
  const requestsPerSecond = highestRate(source, settings);
  const length = answerLength(source);
  return {
    name: `${model.abbr} × ${dataset.abbr}`,
    workers: workersFor(task, settings, cores),
    inFlight,
    isReached: model.arrival.kind === 'closed',
    perAddress: model.connection.http2 ? 0 : connectionsToOne(model, inFlight),
    ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }),
    ...(requestsPerSecond === undefined || !length.isFixed || !model.options.stream
      ? {}
      : { eventsPerSecond: requestsPerSecond * length.mean }),
    mostEvents: model.options.stream ? length.most : 0,
  };
}

/** Requests are spread evenly over the servers; what goes through one proxy goes to one address. */
function connectionsToOne({ connection: { servers, proxy } }: ServiceModelPlan, inFlight: number): number {
  const shares = new Map<string, number>();
  for (const server of servers) {
    const url = new URL(server);
    const address = formatAuthority(proxyFor(url, proxy) ?? parseEndpoint(url));
    shares.set(address, (shares.get(address) ?? 0) + 1);
  }
  return Math.ceil((inFlight * Math.max(...shares.values())) / servers.length);
}

/** In requests, all turns of a dialogue counted. */
function highestRate(source: TaskSamples, settings: LoadConfig): number | undefined {
  const mean = askedRateOf(source, settings);
  if (mean === undefined) return undefined;
  const { arrival } = source.model;
  const cases = arrival.kind === 'paced' ? peakOf(arrival) : mean;
  return (cases * requestCount(source)) / sampleCount(source);
}

function peakOf({ rates }: PacedArrival): number {
  if (rates.shape === 'fixed') return rates.perSecond;
  if (rates.shape === 'steps') return Math.max(...rates.steps.map(({ perSecond }) => perSecond));
  return Math.max(rates.from, rates.to);
}

/** Samples that are looked at for the sizes of prompts and answers: a glance, not a pass over the data. */
const LOOKED_AT = 32;

function lookAtFirsts(source: TaskSamples): ModelRequest[] {
  const total = sampleCount(source);
  const looked = Math.min(LOOKED_AT, total);
  return Array.from({ length: looked }, (_, n) => sampleAt(source, Math.floor((n * total) / looked)).first);
}

function answerLength(source: TaskSamples): { most: number; mean: number; isFixed: boolean } {
  const firsts = lookAtFirsts(source);
  const limits = firsts.map(({ maxOutLen }) => maxOutLen);
  const always = source.model.options.generationKwargs['ignore_eos'] === true;
  return {
    most: Math.max(...limits),
    mean: limits.reduce((sum, limit) => sum + limit, 0) / limits.length,
    isFixed: firsts.every(({ fixedLength = always }) => fixedLength),
  };
}

/** Bytes. */
export interface PlannedDisk {
  /** Where every answer is empty. */
  readonly least: number;
  /** Where every answer has `max_out_len` tokens. */
  readonly most: number;
}

/** A record without events and a prediction without texts, bytes. */
const BARE_REQUEST = 800;
/** A token of an answer, which a prediction holds twice; and an event of a record: its time and its kind. Bytes. */
const TEXT_OF_TOKEN = 2 * 5;
const EVENT = 9;

/** Undefined where the number of requests is unknown: a closed loop that only time ends. */
export function plannedDisk(source: TaskSamples, settings: LoadConfig): PlannedDisk | undefined {
  const cases = Math.min(plannedSamples(source, settings), timedCases(source, settings));
  if (!Number.isFinite(cases)) return undefined;
  const requests = (cases * requestCount(source)) / sampleCount(source);
  const firsts = lookAtFirsts(source);
  const mean = (of: (call: (typeof firsts)[number]) => number) =>
    firsts.reduce((sum, call) => sum + of(call), 0) / firsts.length;
  const least = requests * (BARE_REQUEST + mean(({ prompt }) => Buffer.byteLength(JSON.stringify(prompt))));
  const { stream } = source.model.options as { stream?: boolean };
  const token = TEXT_OF_TOKEN + (stream === true ? EVENT : 0);
  return { least, most: least + requests * mean(({ maxOutLen }) => maxOutLen) * token };
}

function timedCases(source: TaskSamples, settings: LoadConfig): number {
  const { durationMs = Number.POSITIVE_INFINITY } = settings;
  const rate = askedRateOf(source, settings);
  return rate === undefined ? Number.POSITIVE_INFINITY : (rate * durationMs) / 1000;
}

/** Share of the free bytes above which a run is warned. */
const DISK_SHARE = 0.9;

/**
 * Holds what all tasks write together against what is free where they write. More than there is even with empty answers is an
 * error; of a run that is continued only a warning, for part of it is written already.
 */
export function* diskFindings(
  planned: readonly PlannedDisk[],
  {
    folder,
    free,
    continues,
  }: { readonly folder: string; readonly free: number; readonly continues: boolean },
): Iterable<MachineProblem> {
  const sum = (of: keyof PlannedDisk) => planned.reduce((bytes, one) => bytes + one[of], 0);
  const [least, most] = [sum('least'), sum('most')];
  const tooMuch = least > free;
  if (!tooMuch && most <= DISK_SHARE * free) return;
  const says = tooMuch
    ? `about ${size(least)} at least`
    : `up to ${size(most)}, where every answer reaches max_out_len`;
  yield {
    severity: tooMuch && !continues ? 'error' : 'warning',
    what: `the records and predictions of this run take ${says}; ${size(free)} are free`,
    where: folder,
    cure: 'free space, or give a folder on another disk with --work-dir',
  };
}

function size(bytes: number): string {
  const [unit, factor] = bytes >= 1e9 ? ['GB', 1e9] : ['MB', 1e6];
  return `${Number((bytes / factor).toPrecision(3))} ${unit}`;
}
