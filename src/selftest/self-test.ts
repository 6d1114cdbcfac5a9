import type { Ceiling } from '../sending/ceiling.ts';
import type { RunControl } from '../sending/control.ts';
import type { MachineLimits } from '../sending/machine-limits.ts';
import { clockSince, presentInstant } from '../sending/run-clock.ts';
import {
  type MeasureSetting,
  measureEvents,
  measureOneByOne,
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

/** Measures what one process of this machine can do; undefined: it was interrupted. Throws RUN-SELFTEST-001, RUN-FILE-001. */
export async function selfTest(given: SelfTestSetting): Promise<Ceiling | undefined> {
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
  const begin = (phase: string) => {
    if (!control.interrupted) begins(phase);
  };
  begin('memory of an open stream');
  const streams = await measureStreams(setting);
  begin('requests a second');
  await measureRequests({ ...setting, phaseMs: WARM_UP_MS });
  const requests = await measureRequests(setting);
  begin('events a second');
  await measureEvents({ ...setting, phaseMs: WARM_UP_MS });
  const events = await measureEvents(setting);
  const eventsOneByOne = await measureOneByOne(setting);
  begin('error of the time stamps');
  const stamps = await measureStamps(setting);
  if (control.interrupted) return undefined;
  const { cores } = limits;
  const measuredAt = new Date().toISOString();
  return {
    measuredAt,
    node: process.version,
    tool,
    cores,
    requests,
    events,
    eventsOneByOne,
    streams,
    stamps,
  };
}
