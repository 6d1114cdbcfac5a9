/** The phases of a self-test: each sends one kind of load at the truth server and makes figures of what came back. */
import { AisBenchError } from '../contract/errors.ts';
import type { RunRecord } from '../contract/record.ts';
import { percentileOf } from '../metrics/stats.ts';
import type { Reached, StampError, StreamLimits } from '../sending/ceiling.ts';
import { type MachineLimits, streamsOf } from '../sending/machine-limits.ts';
import type { presentInstant } from '../sending/run-clock.ts';
import { type LoadSetting, type OwnLoad, sendOwnLoad } from './own-load.ts';
import type { ServerOrder, ServerReport } from './wire.ts';

/** A truth server, wherever it runs. */
interface Truth {
  readonly port: number;
  obey(order: ServerOrder): Promise<void>;
  report(): Promise<ServerReport>;
}

export interface MeasureSetting extends LoadSetting {
  readonly truth: Truth;
  readonly limits: MachineLimits;
  /** How long a phase sends, ms. */
  readonly phaseMs: number;
  /** Most streams that are held open to see what one takes. */
  readonly streams: number;
  /** Zero of `clock`. */
  readonly origin: ReturnType<typeof presentInstant>;
}

interface Span {
  from: number;
  to: number;
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

/** Memory of an open stream, and how many may therefore be open; the first phase, or memory that others left would hide it. */
export async function measureStreams(setting: MeasureSetting): Promise<StreamLimits> {
  const { limits, phaseMs } = setting;
  const ports = limits.ports ?? Number.POSITIVE_INFINITY;
  const streams = Math.min(setting.streams, streamsOf(limits), Math.floor(ports / 2));
  await setting.truth.obey({ shape: 'hold', eventsPerSecond: 1000 / phaseMs, events: 1 });
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 20);
  await send(setting, { concurrency: streams, until: { requests: streams } });
  clearInterval(watch);
  const { peak } = await setting.truth.report();
  const bytesEach = Math.round((most - before) / Math.max(1, peak));
  const perProcess = streamsOf(limits);
  return {
    ...(Number.isFinite(perProcess) ? { perProcess } : {}),
    ...(limits.ports === undefined ? {} : { perDestination: limits.ports }),
    ...(bytesEach > 0
      ? { bytesEach, perMachine: Math.floor((MEMORY_SHARE * limits.memory) / bytesEach) }
      : {}),
  };
}

/** Requests with a short reply, one after the other in every slot. */
export async function measureRequests(setting: MeasureSetting): Promise<Reached> {
  await setting.truth.obey({ shape: 'instant', eventsPerSecond: 1, events: 1 });
  const concurrency = Math.min(SENDERS, streamsOf(setting.limits));
  let requests = 0;
  return reached(setting, { concurrency, until: { ms: setting.phaseMs } }, () => {
    requests += 1;
    return requests;
  });
}

/** Events of streams that come as fast as they are read. */
export async function measureEvents(setting: MeasureSetting): Promise<Reached> {
  await setting.truth.obey({ shape: 'flat', eventsPerSecond: 1, events: FLOOD_EVENTS });
  const concurrency = Math.min(FLOODS, streamsOf(setting.limits));
  let events = 0;
  return reached(setting, { concurrency, until: { ms: setting.phaseMs } }, ({ times }) => {
    events += times.events?.at.length ?? 0;
    return events;
  });
}

/** Events a second that each come in a read of their own: what their CPU at a bearable load comes to. */
export async function measureOneByOne(setting: MeasureSetting): Promise<number> {
  const { clock, truth } = setting;
  const order = pacedOrder('step', BATCH, setting);
  const readings: CpuReading[] = [];
  const read = () => readings.push({ at: clock(), used: cpuUsed() });
  const watch = setInterval(read, 20);
  await truth.obey(order);
  await send(setting, { concurrency: order.streams, until: { requests: order.streams } });
  clearInterval(watch);
  read();
  const { log } = await truth.report();
  return 1000 / cpuOfEvent(log, readings);
}

/** What the tool stamps, against what the server's log says, on the same monotonic clock. */
export async function measureStamps(setting: MeasureSetting): Promise<StampError> {
  const { truth } = setting;
  const order = pacedOrder('spread', PACED, setting);
  const { streams, events, eventsPerSecond } = order;
  await truth.obey(order);
  const arrivals = new Map<number, Float64Array>();
  await send(setting, { concurrency: streams, until: { requests: streams } }, ({ call, times }) => {
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
  { limits, phaseMs, origin }: MeasureSetting,
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

/** Milliseconds an event, its part of the records included, from the first reading on that comes after the first event: connections are open by then. */
export function cpuOfEvent(log: readonly number[], readings: readonly CpuReading[]): number {
  const first = log.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const from = readings.find(({ at }) => at >= first) ?? readings[0]!;
  const events = log.filter((at) => at > from.at).length;
  return (readings.at(-1)!.used - from.used) / Math.max(1, events);
}

/** Milliseconds by stream and event. The first event of a stream is its role, which is sent on request and not in the log. */
export function stampErrors(
  log: readonly number[],
  arrivals: ReadonlyMap<number, Float64Array>,
  events: number,
): number[] {
  return [...arrivals].flatMap(([stream, at]) =>
    Array.from({ length: events }, (_, n) => at[n + 1]! - log[stream * events + n]!),
  );
}

/** How much of it came in a second, from the first request to the last reply; `count`: what has come with this record. */
async function reached(
  setting: MeasureSetting,
  load: Pick<OwnLoad, 'concurrency' | 'until'>,
  count: (record: RunRecord) => number,
): Promise<Reached> {
  const span: Span = { from: Number.POSITIVE_INFINITY, to: 0 };
  let total = 0;
  const before = cpuUsed();
  await send(setting, load, (record) => {
    total = count(record);
    span.from = Math.min(span.from, record.times.sent ?? span.from);
    span.to = Math.max(span.to, record.times.done ?? span.to);
  });
  const ms = span.to - span.from;
  const cpu = (cpuUsed() - before) / ms;
  return { perSecond: (1000 * total) / ms, cpu, isAtLeast: cpu < BUSY };
}

/** Share of a core above which a process has nothing left to give. */
const BUSY = 0.9;

/** Sends one load; a failed request ends the self-test, because figures without it would be wrong. */
async function send(
  setting: MeasureSetting,
  load: Pick<OwnLoad, 'concurrency' | 'until'>,
  take: (record: RunRecord) => void = () => {},
): Promise<void> {
  let failure: string | undefined;
  await sendOwnLoad({ ...load, port: setting.truth.port, maxOutLen: FLOOD_EVENTS }, setting, (record) => {
    if (record.outcome === 'ok') take(record);
    else failure ??= record.failure.message;
  });
  if (failure === undefined || setting.control.interrupted) return;
  throw new AisBenchError('RUN-SELFTEST-001', `a request of the self-test failed: ${failure}`, {
    where: 'ais_bench selftest',
    cure: 'end what else uses this machine, allow more open files (ulimit -n), and run it again',
  });
}
