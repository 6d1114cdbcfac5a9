import { InvalidArgumentError } from 'commander';
import type { RunFlags } from '../config/flags.ts';
import { type ObjectiveText, parseObjective } from '../metrics/goodput.ts';
import { type LoadKind, parseLoads } from '../search/load-points.ts';
import type { AisBenchFlags } from './aisbench-flags.ts';
import type { CourseFlags } from './course-flags.ts';
import type { FlagSpec } from './flag-spec.ts';
import { RUN_FLAGS, share } from './flags.ts';
import { numberIn, whole } from './parse-number.ts';
import type { ReportFlags } from './report-flags.ts';
import type { ServerMetricsFlags } from './server-metrics-flags.ts';

/** Everything that a run may be given. */
export type AnyRunFlags = RunFlags & ReportFlags & ServerMetricsFlags & CourseFlags & AisBenchFlags;

/** Flags of a run that a command which plans several has no use for: it decides, or it has its own. */
function runFlagsWithout(...names: readonly string[]): FlagSpec[] {
  return RUN_FLAGS.filter(({ flags }) => !names.some((name) => flags.split(/[ ,]+/).includes(name)));
}

const REUSE: FlagSpec = {
  flags: '-r, --reuse [name]',
  meaning:
    'go on with one that is there: the newest, or the folder of that name; points that are measured are kept',
};

export type SweepFlags = AnyRunFlags & {
  readonly concurrency?: readonly number[];
  readonly rate?: readonly number[];
};

export const SWEEP_FLAGS: readonly FlagSpec[] = [
  {
    flags: '--concurrency <loads>',
    meaning: 'requests in flight, e.g. 1,2,4,8 or 1..64 (doubling) or 1..64:10 (ten points)',
    parse: loads('concurrency'),
  },
  {
    flags: '--rate <loads>',
    meaning: 'requests a second, written in the same ways; Poisson arrivals unless --arrival says otherwise',
    parse: loads('rate'),
  },
  {
    flags: '-m, --mode <mode>',
    meaning: 'what each point is: a load test, or one whose answers are scored',
    fallback: 'perf',
    choices: ['perf', 'all+perf'],
  },
  REUSE,
  ...runFlagsWithout(
    '--mode',
    '--search',
    '--reuse',
    '--dry-run',
    '--summarizer',
    '--ramp',
    '--steps',
    '--pressure',
    '--pressure-time',
  ),
];

export type SearchFlags = Omit<AnyRunFlags, 'mode' | 'goodput'> & {
  readonly slo?: readonly ObjectiveText[];
  /** A share, 0 to 1. */
  readonly goodput?: number;
  readonly over: LoadKind;
  readonly from?: number;
  readonly to?: number;
  readonly requests?: number;
  readonly budget?: number;
  readonly precision: number;
};

export const SEARCH_FLAGS: readonly FlagSpec[] = [
  {
    flags: '--slo <objective>',
    meaning:
      'what must hold, e.g. ttft.p99=2000ms; without a percentile it counts for --goodput alone (repeatable)',
    parse: objective,
    repeatable: true,
  },
  {
    flags: '--goodput <share>',
    meaning: 'share of requests that must keep every --slo at once, e.g. 0.99',
    parse: share,
  },
  {
    flags: '--over <what>',
    meaning: 'what is raised: requests a second (Poisson) or requests in flight',
    fallback: 'rate',
    choices: ['rate', 'concurrency'],
  },
  {
    flags: '--from <load>',
    meaning: 'load to begin at; without it a short burst finds one',
    parse: numberIn(0.001, 1e6, 'load'),
  },
  { flags: '--to <load>', meaning: 'load that is not gone beyond', parse: numberIn(0.001, 1e6, 'load') },
  {
    flags: '--requests <n>',
    meaning: 'requests of a full point (default: 40 that may be bad, 4000 for p99)',
    parse: whole(80),
  },
  {
    flags: '--budget <n>',
    meaning: 'requests that the whole search may cost (default: five full points)',
    parse: whole(100),
  },
  {
    flags: '--precision <share>',
    meaning: 'stop when the 95 % interval is within this share of the capacity',
    fallback: 0.03,
    parse: share,
  },
  REUSE,
  ...runFlagsWithout(
    ...['--mode', '--search', '--reuse', '--dry-run', '--summarizer', '--goodput', '--request-rate'],
    ...['--ramp', '--steps', '--pressure', '--pressure-time', '--duration', '--cycle', '--max-cases'],
  ),
];

function loads(kind: LoadKind): (text: string) => readonly number[] {
  return (text) => refusing(() => parseLoads(text, kind));
}

function objective(text: string): ObjectiveText {
  return refusing(() => parseObjective(text));
}

function refusing<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
