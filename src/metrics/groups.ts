import type { RunRecord } from '../contract/record.ts';
import { StreamTally } from './payload.ts';
import type { RequestMetrics } from './request.ts';
import { Series, type Stats } from './stats.ts';
import { TokenTally } from './token-sources.ts';

/** Sums of the requests to one server, for one adapter, or of one worker. */
export interface GroupRow {
  /** Base URL, adapter or remote worker; '' = requests without an adapter. */
  readonly name: string;
  readonly requests: number;
  readonly failed: number;
  /** Milliseconds, of the answers that needed no retry. */
  readonly ttft?: Stats;
  readonly e2el?: Stats;
  /** Generated tokens a second of the whole run, so that the groups add up to the run's; absent when nobody counted. */
  readonly outputTokenThroughput?: number;
}

/** Present where the run has several servers or adapters, or remote workers sent it. */
export interface Groups {
  readonly servers?: readonly GroupRow[];
  readonly adapters?: readonly GroupRow[];
  readonly workers?: readonly GroupRow[];
}

class RequestGroup {
  readonly #ttft = new Series();
  readonly #e2el = new Series();
  readonly #output = new TokenTally();
  readonly #streams = new StreamTally();
  #requests = 0;
  #failed = 0;

  add(record: RunRecord, metrics: RequestMetrics | undefined): void {
    this.#requests++;
    if (record.outcome === 'failed' || metrics === undefined) {
      this.#failed++;
      return;
    }
    this.#output.add(record.outputTokens);
    if (record.streamed) this.#streams.add(metrics.atOnce);
    if (record.attempt > 1) return;
    const { TTFT, E2EL } = metrics;
    if (typeof TTFT === 'number') this.#ttft.push(TTFT);
    if (typeof E2EL === 'number') this.#e2el.push(E2EL);
  }

  row(name: string, duration: number | undefined): GroupRow {
    const ttft = this.#streams.mostly === undefined ? this.#ttft.stats() : undefined;
    const e2el = this.#e2el.stats();
    const tokens = this.#output.sources().total;
    const rate = tokens === undefined || !duration ? undefined : (tokens * 1000) / duration;
    return {
      name,
      requests: this.#requests,
      failed: this.#failed,
      ...(ttft === undefined ? {} : { ttft }),
      ...(e2el === undefined ? {} : { e2el }),
      ...(rate === undefined ? {} : { outputTokenThroughput: rate }),
    };
  }
}

/** Sums up requests by their server, adapter and remote worker. */
export class RequestGroups {
  readonly #servers = new Map<string, RequestGroup>();
  readonly #adapters = new Map<string, RequestGroup>();
  readonly #workers = new Map<string, RequestGroup>();

  /** `metrics`: of an answered request. `worker`: the remote worker that sent it, where the record does not name it. */
  add(record: RunRecord, metrics?: RequestMetrics, worker = record.worker): void {
    groupOf(this.#servers, record.server).add(record, metrics);
    groupOf(this.#adapters, record.adapter).add(record, metrics);
    if (worker !== undefined) groupOf(this.#workers, worker).add(record, metrics);
  }

  /** `duration` of the run in milliseconds. */
  summary(duration: number | undefined): Groups {
    const servers = rowsOf(this.#servers, duration);
    const adapters = rowsOf(this.#adapters, duration);
    const workers = rowsOf(this.#workers, duration);
    return {
      ...(servers === undefined ? {} : { servers }),
      ...(adapters === undefined ? {} : { adapters }),
      ...(workers === undefined ? {} : { workers }),
    };
  }
}

function groupOf(groups: Map<string, RequestGroup>, name = ''): RequestGroup {
  const group = groups.get(name) ?? new RequestGroup();
  groups.set(name, group);
  return group;
}

/** By name; undefined where no record named anything. */
function rowsOf(
  groups: ReadonlyMap<string, RequestGroup>,
  duration: number | undefined,
): GroupRow[] | undefined {
  const names = [...groups.keys()].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  if (names.every((name) => name === '')) return undefined;
  return names.map((name) => groups.get(name)!.row(name, duration));
}
