import { AisBenchError } from '../errors.ts';
import type { Ceiling } from '../run/ceiling.ts';
import type { RunControl } from '../run/control.ts';
import { descriptorsFor, type MachineLimits, streamsOf } from '../run/machine-limits.ts';
import { clockSince, presentInstant } from '../run/run-clock.ts';
import {
  type MeasureSetting,
  measureEvents,
  measureRequests,
  measureStamps,
  measureStreams,
} from './measure.ts';
import { ServerChild } from './server-child.ts';

export interface SelfTestSetting {
  /** Arguments of Node that start the truth server. */
  readonly serverCommand: readonly string[];
  /** A folder for the records, which nobody keeps. */
  readonly folder: string;
  readonly limits: MachineLimits;
  readonly control: RunControl;
  readonly quick: boolean;
  /** Version of the tool. */
  readonly tool: string;
  /** Hears what is measured next. */
  readonly begins: (phase: string) => void;
}

/** How long a phase sends, ms, and how many streams are held open. */
const QUICK = { phaseMs: 1000, streams: 500 };
const FULL = { phaseMs: 3000, streams: 2000 };

/** Sent before the fast phases, so that they measure code that V8 has compiled. */
const WARM_UP_MS = 500;

/** Fewer make no load. */
const FEWEST_STREAMS = 4;

/** Measures what one process of this machine can do; undefined: it was interrupted. Throws RUN-LIMIT-001, RUN-WORKER-001, RUN-FILE-001. */
export async function selfTest(given: SelfTestSetting): Promise<Ceiling | undefined> {
  checkDescriptors(given.limits);
  const origin = presentInstant();
  const server = new ServerChild(given.serverCommand);
  try {
    const port = await server.port();
    const truth = { port, obey: (...args: Parameters<ServerChild['obey']>) => server.obey(...args) };
    return await phases(given, {
      ...given,
      ...(given.quick ? QUICK : FULL),
      clock: clockSince(origin),
      origin,
      truth: { ...truth, report: () => server.report() },
    });
  } finally {
    await server.end();
  }
}

async function phases(
  { begins, control, tool, limits }: SelfTestSetting,
  setting: MeasureSetting,
): Promise<Ceiling | undefined> {
  begins('memory of an open stream');
  const streams = await measureStreams(setting);
  begins('requests a second');
  await measureRequests({ ...setting, phaseMs: WARM_UP_MS });
  const requests = await measureRequests(setting);
  begins('events a second');
  await measureEvents({ ...setting, phaseMs: WARM_UP_MS });
  const events = await measureEvents(setting);
  begins('error of the time stamps');
  const stamps = await measureStamps(setting);
  if (control.interrupted) return undefined;
  const { cores } = limits;
  const measuredAt = new Date().toISOString();
  return { measuredAt, node: process.version, tool, cores, requests, events, streams, stamps };
}

function checkDescriptors(limits: MachineLimits): void {
  if (streamsOf(limits) >= FEWEST_STREAMS) return;
  throw new AisBenchError(
    'RUN-LIMIT-001',
    `this process may have ${limits.descriptors?.soft} descriptors: too few for a self-test`,
    { where: 'ulimit -n', cure: `allow more: ulimit -n ${descriptorsFor(FULL.streams)}` },
  );
}
