import { totalmem } from 'node:os';
import {
  type EventLoopUtilization,
  type IntervalHistogram,
  monitorEventLoopDelay,
  PerformanceObserver,
  performance,
} from 'node:perf_hooks';
import { defined } from '../basics/defined.ts';
import type { ClientHealth, HealthSample } from '../metrics/client-health.ts';
import type { Clock } from '../transport/types.ts';

const EVERY_MS = 1000;

/** Milliseconds between the timer ticks that measure how late the loop is; each tick costs about a microsecond. */
const LOOP_TICK_MS = 20;

interface MonitorOptions {
  /** Default: 1000. */
  readonly everyMs?: number;
  /** Hears of each sample as it is taken. */
  readonly onSample?: (sample: HealthSample) => void;
}

/** Looks at its own process once a second while a load runs. */
export class HealthMonitor {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #onSample: MonitorOptions['onSample'];
  readonly #samples: HealthSample[] = [];
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: LOOP_TICK_MS });
  readonly #collections: PerformanceObserver;
  readonly #timer: NodeJS.Timeout;
  #gc = 0;
  #idleTurns = 0;
  #at: number;
  #utilization: EventLoopUtilization = performance.eventLoopUtilization();
  #cpu = process.cpuUsage();

  /** Begins at once. `clock`: the run's. `name`: of the process, `main` or `worker 1`. */
  constructor(clock: Clock, name: string, { everyMs = EVERY_MS, onSample }: MonitorOptions = {}) {
    this.#onSample = onSample;
    this.#name = name;
    this.#clock = clock;
    this.#at = clock();
    this.#collections = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) this.#gc += duration;
    });
    this.#collections.observe({ entryTypes: ['gc'] });
    this.#delay.enable();
    this.#timer = setInterval(() => this.#sample(), everyMs);
    this.#timer.unref();
  }

  /** The scheduler reports time in which the loop only turned because a due time was near, ms. */
  readonly onIdleTurn = (milliseconds: number): void => {
    this.#idleTurns += milliseconds;
  };

  /** Ends with a last, shorter sample. */
  stop(): ClientHealth {
    clearInterval(this.#timer);
    this.#sample();
    this.#delay.disable();
    this.#collections.disconnect();
    const limit = descriptorLimit();
    return {
      process: this.#name,
      ...defined({ descriptorLimit: limit }),
      memoryLimit: memoryLimit(),
      samples: this.#samples,
    };
  }

  #sample(): void {
    const at = this.#clock();
    const span = at - this.#at;
    if (span <= 0) return;
    const utilization = performance.eventLoopUtilization();
    const cpu = process.cpuUsage();
    const sample = {
      at: round(at),
      span: round(span),
      loopUtilization: round(performance.eventLoopUtilization(utilization, this.#utilization).utilization),
      ...this.#loopLag(),
      gc: round(this.#gc),
      idleTurns: round(this.#idleTurns),
      cpuUser: (cpu.user - this.#cpu.user) / 1000,
      cpuSystem: (cpu.system - this.#cpu.system) / 1000,
      rss: process.memoryUsage.rss(),
      openSockets: process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length,
    };
    this.#samples.push(sample);
    this.#onSample?.(sample);
    this.#gc = 0;
    this.#idleTurns = 0;
    this.#at = at;
    this.#utilization = utilization;
    this.#cpu = cpu;
  }

  /** The histogram holds times between ticks; what is above the wanted time is lateness. */
  #loopLag(): { loopLagP99?: number } {
    if (this.#delay.count === 0) return {};
    const late = this.#delay.percentile(99) / 1e6 - LOOP_TICK_MS;
    this.#delay.reset();
    return { loopLagP99: round(Math.max(0, late)) };
  }
}

/** What the process that writes these records is called. */
export function processName(records: string): string {
  const worker = /\.w(\d+)\.jsonl$/.exec(records)?.[1];
  return worker === undefined ? 'main' : `worker ${worker}`;
}

/** Memory that the machine or container gives, bytes. */
export function memoryLimit(): number {
  const constrained = process.constrainedMemory?.() ?? 0;
  return constrained > 0 && constrained < totalmem() ? constrained : totalmem();
}

let knownLimit: { readonly descriptors: number | undefined } | undefined;

/** The soft limit, where the platform has one. Asked for once, at the end of a load: the report takes some milliseconds. */
function descriptorLimit(): number | undefined {
  knownLimit ??= { descriptors: readDescriptorLimit() };
  return knownLimit.descriptors;
}

function readDescriptorLimit(): number | undefined {
  // Without the addresses of the sockets, which Node would look up by name.
  if ('excludeNetwork' in process.report) process.report.excludeNetwork = true;
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
  const limit = Number(report.userLimits?.open_files?.soft);
  return Number.isFinite(limit) && limit > 0 ? limit : undefined;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
