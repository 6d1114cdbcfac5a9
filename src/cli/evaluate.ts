import { type Plan, secretsOf } from '../config/plan.ts';
import { judgesOf } from '../config/resolve-dataset.ts';
import { EXIT } from '../contract/errors.ts';
import { finding } from '../contract/finding.ts';
import type { PlannedPoint, PointLoad } from '../search/run-point.ts';
import { storedResult } from '../selftest/stored-result.ts';
import type { RunOptions, WorkerOptions } from '../session/options.ts';
import { prepareRun, run } from '../session/run.ts';
import { type AnyRunFlags, slosOf } from './args/flag-values.ts';
import { noticesOn } from './args/run-flags.ts';
import type { RemoteFlags } from './args/worker-flags.ts';
import { natsOptions, natsSecrets } from './nats-options.ts';
import { readPlan, userCacheFolder } from './places.ts';
import { maskToo } from './print/exit.ts';
import { fitted } from './print/output.ts';
import { planText } from './print/plan.ts';
import { viewRun } from './print/run-view.ts';

/** Flags of everything that runs a plan. */
export type EvaluateFlags = AnyRunFlags & RemoteFlags;

/** Runs what the flags say, shows it and returns the exit code. */
export async function evaluate(given: EvaluateFlags): Promise<number> {
  const flags = oneProcess(given);
  const plan = await planFor(flags);
  const options = runOptions(flags);
  if (flags.dryRun) {
    const { redact, earlier, warnings, tasks, ...prepared } = await prepareRun(plan, options);
    const asNote = (note: string) => fitted(redact(note), process.stdout);
    process.stdout.write(
      redact(planText(prepared.plan, tasks, { earlier: earlier?.name, warnings, asNote })),
    );
    const isRefused = [...plan.findings, ...warnings].some(({ code }) => code === 'PAIR-REFUSED');
    return isRefused ? EXIT.badInput : EXIT.ok;
  }
  const view = viewRun(flags);
  try {
    const result = await run(plan, { ...options, ...view.options });
    // Loaded when there is something to print: the first request does not wait for it.
    const { exitCode, printRun } = await import('./print/run-result.ts');
    printRun(result, flags);
    return exitCode(result, { strict: flags.strict, failIf: flags.failIf, warn: view.warn });
  } catch (error) {
    if (flags.debug) view.info(errorStack(error));
    throw error;
  } finally {
    view.close();
  }
}

/** Returns the plan that the flags and their configs make; its secrets are masked from here on. */
async function planFor(flags: EvaluateFlags): Promise<Plan> {
  const plan = await readPlan(flags);
  maskToo([...plan.models, ...judgesOf(plan).map(({ model }) => model)].flatMap(secretsOf));
  const notices = noticesOn(flags).map((text) => finding('NOTE', { text }));
  return Object.freeze({ ...plan, findings: [...plan.findings, ...notices] });
}

/** Returns a function that plans the points of a series: everything but the load is as the flags say. */
export function pointPlanner(flags: EvaluateFlags): (load: PointLoad) => Promise<PlannedPoint> {
  return async (load) => {
    const own = { ...flags, ...load };
    return { plan: await planFor(own), workers: workerOptions(own) };
  };
}

/** What the flags say of a run beside its plan. */
export function runOptions(flags: EvaluateFlags): RunOptions {
  const { metricDialect, specDecode, scrapeMetrics, reuse } = flags;
  return {
    slos: slosOf(flags),
    dialect: metricDialect,
    ...{ specDecode, scrapeMetrics, reuse },
    ceiling: storedResult(userCacheFolder()),
    workers: workerOptions(flags),
    command: process.argv.slice(2),
  };
}

/** What `--debug` shows of requests is known to the process that sends them. */
function oneProcess(flags: EvaluateFlags): EvaluateFlags {
  return flags.debug && flags.workers === undefined ? { ...flags, workers: 1 } : flags;
}

/** Where an error was thrown, and what caused it. */
function errorStack(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by: ${errorStack(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}

/** Returns where the processes come from that send, as the flags say. */
function workerOptions(flags: EvaluateFlags): WorkerOptions {
  const { workers, workerSilence, workerWait } = flags;
  const nats = flags.nats === undefined && typeof workers !== 'object' ? undefined : natsOptions(flags);
  return {
    silenceMs: workerSilence && 1000 * workerSilence,
    nats,
    secrets: natsSecrets(flags),
    ...(typeof workers === 'object' && {
      remote: { ...workers, nats: nats!, waitMs: workerWait && 1000 * workerWait, flags: withoutNats(flags) },
    }),
  };
}

/** Leaves out how NATS is reached, which no worker needs. */
function withoutNats<Flags extends object>(flags: Flags): Flags {
  return Object.fromEntries(Object.entries(flags).filter(([name]) => !name.startsWith('nats'))) as Flags;
}
