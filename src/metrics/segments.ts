/** A load test that was stopped and continued: each of its sessions is a load, the whole is none. */
import { finding } from '../contract/finding.ts';
import type { RunRecord } from '../contract/record.ts';
import type { ClientHealth } from './client-health.ts';
import { RunSummary } from './summary.ts';
import type { Summary, SummaryOptions } from './types.ts';

/** Sums up each session by itself; sessions stand one after the other on one clock. */
export class Segments {
  readonly #starts: readonly number[];
  readonly #options: SummaryOptions;
  readonly #segments = new Map<number, RunSummary>();

  /** `starts`: when each session after the first began, ms on the run's clock, ascending. */
  constructor(starts: readonly number[], options: SummaryOptions) {
    this.#starts = starts;
    this.#options = options;
  }

  add(record: RunRecord): void {
    const { scheduled = 0, sent = 0, done = 0 } = record.times;
    const end = Math.max(scheduled, sent, done);
    const index = this.#starts.filter((start) => start < end).length;
    let segment = this.#segments.get(index);
    if (segment === undefined) {
      segment = new RunSummary(this.#optionsOf(index));
      this.#segments.set(index, segment);
    }
    segment.add(record);
  }

  /** In the order of the sessions; those that left no record are left out. */
  finish(): Summary[] {
    return [...this.#segments].sort(([a], [b]) => a - b).map(([, segment]) => segment.finish());
  }

  /** What one session was to send is not known; its health is that of its time. */
  #optionsOf(index: number): SummaryOptions {
    const { planned: _ofTheWhole, clientHealth = [], ...options } = this.#options;
    const from = this.#starts[index - 1] ?? 0;
    const to = this.#starts[index] ?? Number.POSITIVE_INFINITY;
    const within = (health: ClientHealth) => health.samples.filter(({ at }) => at > from && at <= to);
    const healths = clientHealth.map((health) => ({ ...health, samples: within(health) }));
    return { ...options, clientHealth: healths.filter(({ samples }) => samples.length > 0) };
  }
}

/** The whole of a load test in segments is no load: whatever its numbers are, they are no measure of one. */
export function segmented(whole: Summary, segments: readonly Summary[] | undefined): Summary {
  if (segments === undefined) return whole;
  const { client } = whole.validity;
  const findings = [finding('SEGMENTS', { segments: segments.length })];
  return { ...whole, validity: { verdict: 'NOT ONE LOAD', findings, client } };
}
