/** The self-test: phases that each send one kind of load to the truth server and compute figures from its records. */

import { defined } from '../basics/defined.ts';
import { plural } from '../basics/plural.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { RunRecord } from '../contract/record.ts';
import { percentileOf } from '../metrics/stats.ts';
import { compactNumber } from '../report/numbers.ts';
import { left, NO_VALUE, right, type Table } from '../report/table.ts';
import type { RunControl } from '../sending/control.ts';
import {
  type Ceiling,
  type MachineLimits,
  type Reached,
  type StampError,
  type StreamLimits,
  streamsOf,
} from '../sending/machine-limits.ts';
import { clockSince, presentInstant } from '../sending/run-clock.ts';
import { type OwnLoad, type OwnLoadContext, sendOwnLoad } from './own-load.ts';
import { ServerChild } from './server-process.ts';
import type { ServerOrder, ServerReport } from './truth-server.ts';

/** Arguments of a self-test. */
interface SelfTestOptions {
  /** Arguments of Node that start the truth server. */
  readonly serverCommand: readonly string[];
  /** Folder for the records, which are not kept. */
  readonly folder: string;
  readonly limits: MachineLimits;
  readonly control: RunControl;
  readonly quick: boolean;
  /** Version of the tool. */
  readonly tool: string;
  /** Reports the phase that begins. */
  readonly begins: (phase: string) => void;
}

/** How long a phase sends, ms, and how many streams are held open. */
const QUICK = { phaseMs: 1000, streams: 500 };
const FULL = { phaseMs: 3000, streams: 2000 };

/** Length of the load before the fast phases, which lets V8 compile the code, ms. */
const WARM_UP_MS = 500;

/** Measures what one process of this machine can send; undefined when interrupted. Throws RUN-SELFTEST-001, RUN-FILE-001. */
export async function selfTest(options: SelfTestOptions): Promise<Ceiling | undefined> {
  const origin = presentInstant();
  const server = new ServerChild(options.serverCommand);
  try {
    const port = await server.port();
    return await runPhases(options, {
      ...options,
      ...(options.quick ? QUICK : FULL),
      clock: clockSince(origin),
      origin,
      truth: { port, obey: (order) => server.obey(order), report: () => server.report() },
    });
  } finally {
    await server.end();
  }
}

async function runPhases(
  { begins, control, tool, limits }: SelfTestOptions,
  phase: PhaseContext,
): Promise<Ceiling | undefined> {
  const begin = (name: string) => {
    if (!control.interrupted) begins(name);
  };
  begin('memory of an open stream');
  const streams = await measureStreams(phase);
  begin('requests a second');
  await measureRequests({ ...phase, phaseMs: WARM_UP_MS });
  const requests = await measureRequests(phase);
  begin('events a second');
  await measureEvents({ ...phase, phaseMs: WARM_UP_MS });
  const events = await measureEvents(phase);
  const eventsOneByOne = await measureOneByOne(phase);
  begin('error of the time stamps');
  const stamps = await measureStamps(phase);
  if (control.interrupted) return undefined;
  const measuredAt = new Date().toISOString();
  const machine = { measuredAt, node: process.version, tool, cores: limits.cores };
  return { ...machine, requests, events, eventsOneByOne, streams, stamps };
}

/** A truth server, in this process or another. */
interface ServerHandle {
  readonly port: number;
  obey(order: ServerOrder): Promise<void>;
  report(): Promise<ServerReport>;
}

/** What every phase needs. */
export interface PhaseContext extends OwnLoadContext {
  readonly truth: ServerHandle;
  readonly limits: MachineLimits;
  /** How long a phase sends, ms. */
  readonly phaseMs: number;
  /** Largest number of streams to hold open. */
  readonly streams: number;
  /** Zero of `clock`. */
  readonly origin: ReturnType<typeof presentInstant>;
}

const SENDERS = 64;
const FLOODS = 16;
const FLOOD_EVENTS = 5000;
/** As a batching engine sends: all streams at the same moment. */
const BATCH = { streams: 512, eventsPerSecond: 50 };
/** A moderate load: nothing that keeps a process of this tool busy. */
const PACED = { streams: 128, eventsPerSecond: 100 };

/** Part of the memory that streams may take: the report and the system need some too. */
const MEMORY_SHARE = 0.9;

/** Measures the memory of an open stream, and how many may be open. It is the first phase: freed memory of others would hide it. */
export async function measureStreams(phase: PhaseContext): Promise<StreamLimits> {
  const { limits, phaseMs } = phase;
  const ports = limits.ports ?? Number.POSITIVE_INFINITY;
  const streams = Math.min(phase.streams, streamsOf(limits), Math.floor(ports / 2));
  await phase.truth.obey({ shape: 'hold', eventsPerSecond: 1000 / phaseMs, events: 1 });
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 20);
  await send(phase, { concurrency: streams, until: { requests: streams } });
  clearInterval(watch);
  const { peak } = await phase.truth.report();
  const bytesEach = Math.round((most - before) / Math.max(1, peak));
  const perProcess = streamsOf(limits);
  return {
    ...(Number.isFinite(perProcess) && { perProcess }),
    ...defined({ perDestination: limits.ports }),
    ...(bytesEach > 0 && { bytesEach, perMachine: Math.floor((MEMORY_SHARE * limits.memory) / bytesEach) }),
  };
}

/** Measures requests with a short reply, one after the other in every slot. */
export async function measureRequests(phase: PhaseContext): Promise<Reached> {
  await phase.truth.obey({ shape: 'instant', eventsPerSecond: 1, events: 1 });
  const concurrency = Math.min(SENDERS, streamsOf(phase.limits));
  let requests = 0;
  return measureRate(phase, { concurrency, until: { ms: phase.phaseMs } }, () => {
    requests += 1;
    return requests;
  });
}

/** Measures events of streams that are sent as fast as they are read. */
export async function measureEvents(phase: PhaseContext): Promise<Reached> {
  await phase.truth.obey({ shape: 'flat', eventsPerSecond: 1, events: FLOOD_EVENTS });
  const concurrency = Math.min(FLOODS, streamsOf(phase.limits));
  let events = 0;
  return measureRate(phase, { concurrency, until: { ms: phase.phaseMs } }, ({ times }) => {
    events += times.events?.at.length ?? 0;
    return events;
  });
}

/** Computes the events per second, each in a read of its own, from their CPU time at a moderate load. */
export async function measureOneByOne(phase: PhaseContext): Promise<number> {
  const { clock, truth } = phase;
  const order = pacedOrder('step', BATCH, phase);
  const readings: CpuReading[] = [];
  const read = () => readings.push({ at: clock(), used: cpuUsed() });
  const watch = setInterval(read, 20);
  await truth.obey(order);
  await send(phase, { concurrency: order.streams, until: { requests: order.streams } });
  clearInterval(watch);
  read();
  const { log } = await truth.report();
  return 1000 / cpuOfEvent(log, readings);
}

/** Compares the tool's time stamps with the server's log, on the same monotonic clock. */
export async function measureStamps(phase: PhaseContext): Promise<StampError> {
  const { truth } = phase;
  const order = pacedOrder('spread', PACED, phase);
  const { streams, events, eventsPerSecond } = order;
  await truth.obey(order);
  const arrivals = new Map<number, Float64Array>();
  await send(phase, { concurrency: streams, until: { requests: streams } }, ({ call, times }) => {
    if (times.events !== undefined) arrivals.set(call.index, times.events.at);
  });
  const { log } = await truth.report();
  const errors = stampErrors(log, arrivals, events).sort((a, b) => a - b);
  const at = (percentile: number) => percentileOf(errors.length, (rank) => errors[rank]!, percentile);
  return {
    median: at(50),
    p99: at(99),
    events: errors.length,
    streams,
    eventsPerSecond: streams * eventsPerSecond,
  };
}

function pacedOrder(
  shape: 'spread' | 'step',
  { streams, eventsPerSecond }: typeof PACED,
  { limits, phaseMs, origin }: PhaseContext,
) {
  return {
    shape,
    eventsPerSecond,
    events: Math.max(1, Math.round((eventsPerSecond * phaseMs) / 1000)),
    streams: Math.min(streams, streamsOf(limits)),
    logSince: origin,
  };
}

/** CPU that this process has used, ms. */
interface CpuReading {
  readonly at: number;
  readonly used: number;
}

function cpuUsed(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** CPU time of an event in ms, its part of the records included. Counts from the first reading after the first event: connections are open by then. */
export function cpuOfEvent(log: readonly number[], readings: readonly CpuReading[]): number {
  const first = log.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const from = readings.find(({ at }) => at >= first) ?? readings[0]!;
  const events = log.filter((at) => at > from.at).length;
  return (readings.at(-1)!.used - from.used) / Math.max(1, events);
}

/** Errors of the time stamps in ms, by stream and event. The first event of a stream is its role, which is not in the log. */
export function stampErrors(
  log: readonly number[],
  arrivals: ReadonlyMap<number, Float64Array>,
  events: number,
): number[] {
  return [...arrivals].flatMap(([stream, at]) =>
    Array.from({ length: events }, (_, n) => at[n + 1]! - log[stream * events + n]!),
  );
}

/** Measures a rate from the first request to the last reply; `count` returns the total up to a record. */
async function measureRate(
  phase: PhaseContext,
  load: Pick<OwnLoad, 'concurrency' | 'until'>,
  count: (record: RunRecord) => number,
): Promise<Reached> {
  const span = { from: Number.POSITIVE_INFINITY, to: 0 };
  let total = 0;
  const before = cpuUsed();
  await send(phase, load, (record) => {
    total = count(record);
    span.from = Math.min(span.from, record.times.sent ?? span.from);
    span.to = Math.max(span.to, record.times.done ?? span.to);
  });
  const ms = span.to - span.from;
  const cpu = (cpuUsed() - before) / ms;
  return { perSecond: (1000 * total) / ms, cpu, isAtLeast: cpu < BUSY };
}

/** Share of a core above which a process is saturated. */
const BUSY = 0.9;

/** Sends one load; a failed request ends the self-test, because figures without it would be wrong. */
async function send(
  phase: PhaseContext,
  load: Pick<OwnLoad, 'concurrency' | 'until'>,
  take: (record: RunRecord) => void = () => {},
): Promise<void> {
  let failure: string | undefined;
  await sendOwnLoad({ ...load, port: phase.truth.port, maxOutLen: FLOOD_EVENTS }, phase, (record) => {
    if (record.outcome === 'ok') take(record);
    else failure ??= record.failure.message;
  });
  if (failure === undefined || phase.control.interrupted) return;
  throw new AisBenchError('RUN-SELFTEST-001', `a request of the self-test failed: ${failure}`, {
    where: 'ais_bench selftest',
    cure: 'end other programs on this machine, allow more open files (ulimit -n), and run it again',
  });
}

/** The result of a self-test as a table; `warnAbove`: share (0..1) above which a run is warned. */
export function selfTestTable(ceiling: Ceiling, warnAbove: number): Table {
  const { measuredAt, node, tool, cores, requests, events, streams, stamps, eventsOneByOne } = ceiling;
  const percent = `${100 * warnAbove} %`;
  const when = `${measuredAt.slice(0, 16).replace('T', ' ')} UTC`;
  return {
    title: `What one process of this machine can do: ${when}, ais_bench ${tool}, Node ${node}, ${plural(cores, 'core')}`,
    columns: [left('Ceiling'), right('Value'), left('Measured with')],
    rows: [
      ['requests/s', rateText(requests), `short replies; ${cpuText(requests)}`],
      ['events/s, flat out', rateText(events), `as fast as it is read; ${cpuText(events)}`],
      ['events/s, one by one', `about ${round(eventsOneByOne)}`, 'a read each; from the CPU of one'],
      ['streams a process', count(streams.perProcess), 'descriptors it may have (ulimit -n), less 48'],
      ['streams to one address', count(streams.perDestination), 'ephemeral ports of this machine'],
      ['streams in memory', count(streams.perMachine), memoryText(streams.bytesEach)],
      ['stamp error, median', `${stamps.median.toFixed(3)} ms`, loadText(ceiling)],
      ['stamp error, P99', `${stamps.p99.toFixed(3)} ms`, plural(stamps.events, 'event')],
    ],
    footnotes: [
      ...(requests.isAtLeast || events.isAtLeast
        ? [
            "≥: this process had CPU to spare, because the test's server or other programs limited it; on a quiet machine it is more",
          ]
        : []),
      `A run that plans more than ${percent} of this, times its load workers, is warned before it starts.`,
    ],
  };
}

function rateText({ perSecond, isAtLeast }: Reached): string {
  return `${isAtLeast ? '≥ ' : ''}${round(perSecond)}`;
}

/** Three digits: more are not repeatable. */
function round(value: number): number {
  return Number(value.toPrecision(3));
}

function cpuText({ cpu }: Reached): string {
  return `${Math.round(100 * cpu)} % of a core`;
}

function count(value: number | undefined): string {
  return value === undefined ? NO_VALUE : compactNumber(value);
}

function memoryText(bytes: number | undefined): string {
  return bytes === undefined ? 'too little to measure' : `${compactNumber(bytes)}B each`;
}

function loadText({ stamps: { streams, eventsPerSecond } }: Ceiling): string {
  return `${plural(streams, 'stream')}, ${eventsPerSecond} events/s together`;
}
