/** What a run will write, before it has written anything: records and predictions, which are all that grows with its requests. */
import type { LoadConfig } from '../config/plan.ts';
import { askedRateOf, plannedSamples } from './load-plan.ts';
import type { MachineProblem } from './preflight.ts';
import { requestCount, sampleAt, sampleCount, type TaskSamples } from './shape.ts';

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

/** Cases whose prompts are looked at: a glance, not a pass over the data. */
const LOOKED_AT = 32;

/** Undefined where the number of requests is unknown: a closed loop that only time ends. */
export function plannedDisk(source: TaskSamples, settings: LoadConfig): PlannedDisk | undefined {
  const cases = Math.min(plannedSamples(source, settings), timedCases(source, settings));
  if (!Number.isFinite(cases)) return undefined;
  const total = sampleCount(source);
  const requests = (cases * requestCount(source)) / total;
  const looked = Math.min(LOOKED_AT, total);
  const firsts = Array.from(
    { length: looked },
    (_, n) => sampleAt(source, Math.floor((n * total) / looked)).first,
  );
  const mean = (of: (call: (typeof firsts)[number]) => number) =>
    firsts.reduce((sum, call) => sum + of(call), 0) / looked;
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
const WARN_ABOVE = 0.9;

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
  if (!tooMuch && most <= WARN_ABOVE * free) return;
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
