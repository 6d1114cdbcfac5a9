/** What is known of a load while it goes on: counted per process as requests end, and added up over load workers. */
import type { FailureKind, OkRecord, RunRecord } from '../contract/record.ts';
import type { HealthSample } from './client-health.ts';
import { atOnce, payloadOf } from './payload.ts';
import { eachGap } from './request.ts';
import { Sketch, type SketchChanges } from './sketch.ts';

/** What one process tells another since it told before. */
export interface LiveChanges {
  readonly ttft: SketchChanges;
  readonly itl: SketchChanges;
  readonly lag: SketchChanges;
  readonly failures: readonly (readonly [FailureKind, number])[];
  readonly health: readonly HealthSample[];
}

export class LiveFigures {
  /** TTFT and gaps between payload events of streamed answers that needed no retry, as in the report; milliseconds. */
  readonly ttft = new Sketch();
  readonly itl = new Sketch();
  /** Sent − scheduled, without the requests that were due when the load began; milliseconds. */
  readonly lag = new Sketch();
  /** Failed requests by kind. */
  readonly failures = new Map<FailureKind, number>();
  /** By process, one sample a second. */
  readonly health = new Map<string, HealthSample[]>();
  #begin = Number.POSITIVE_INFINITY;
  #told = new Map<FailureKind, number>();
  #toldHealth = 0;

  /** Takes a request that ended. */
  add(record: RunRecord): void {
    const { sent, scheduled } = record.times;
    if (sent !== undefined && scheduled !== undefined) this.#addLag(sent, scheduled);
    if (record.outcome === 'failed') this.#addFailures(record.failure.kind, 1);
    else if (record.streamed && record.attempt === 1) this.#addStream(record);
  }

  addHealth(process: string, ...samples: readonly HealthSample[]): void {
    const own = this.health.get(process) ?? [];
    own.push(...samples);
    this.health.set(process, own);
  }

  /** `process`: whose health is told, where several are known. */
  takeChanges(process: string): LiveChanges {
    const own = this.health.get(process) ?? [];
    const changes = {
      ttft: this.ttft.takeChanges(),
      itl: this.itl.takeChanges(),
      lag: this.lag.takeChanges(),
      failures: [...this.failures].map(([kind, n]) => [kind, n - (this.#told.get(kind) ?? 0)] as const),
      health: own.slice(this.#toldHealth),
    };
    this.#told = new Map(this.failures);
    this.#toldHealth = own.length;
    return changes;
  }

  /** Adds what another process told of itself. */
  addChanges(process: string, { ttft, itl, lag, failures, health }: LiveChanges): void {
    this.ttft.addChanges(ttft);
    this.itl.addChanges(itl);
    this.lag.addChanges(lag);
    for (const [kind, count] of failures) this.#addFailures(kind, count);
    this.addHealth(process, ...health);
  }

  /** Adds what is known of another load of the same processes. */
  merge({ ttft, itl, lag, failures }: LiveFigures): void {
    this.ttft.merge(ttft);
    this.itl.merge(itl);
    this.lag.merge(lag);
    for (const [kind, count] of failures) this.#addFailures(kind, count);
  }

  #addFailures(kind: FailureKind, count: number): void {
    if (count > 0) this.failures.set(kind, (this.failures.get(kind) ?? 0) + count);
  }

  /** All slots of a closed loop are free when it begins: that burst says nothing of how they are refilled. */
  #addLag(sent: number, scheduled: number): void {
    this.#begin = Math.min(this.#begin, scheduled);
    if (scheduled > this.#begin) this.lag.add(sent - scheduled);
  }

  #addStream(record: OkRecord): void {
    const { sent, events } = record.times;
    const payload = payloadOf(events);
    if (payload === undefined || atOnce(record, payload) !== undefined) return;
    this.ttft.add(payload.first - sent);
    eachGap(events, (gap) => this.itl.add(gap));
  }
}
