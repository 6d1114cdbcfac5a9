import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { RunFlags } from '../config/flags.ts';
import type { Plan } from '../config/plan.ts';
import { secretsOf } from '../config/plan-secrets.ts';
import { rootsFromEnv } from '../dataset/locate.ts';
import { describeError, exitCodeOf } from '../errors.ts';
import { RunControl } from '../run/control.ts';
import { fingerprint, workersFor } from '../run/crew.ts';
import { execute, type RunListener, type TaskResult } from '../run/execute.ts';
import { prepareTasks, type Task } from '../run/prepare.ts';
import { redactor } from '../store/redact.ts';
import { checkMachine } from './check-machine.ts';
import { conclude } from './conclude.ts';
import { INSECURE_BANNER, isInsecure } from './describe-connection.ts';
import { describeTask } from './describe-plan.ts';
import { listenForInterrupts } from './interrupt.ts';
import { openLog, type RunLog } from './log.ts';
import { masked } from './masked.ts';
import { openFolder } from './open-folder.ts';
import { showProgress } from './progress.ts';
import { readPlan } from './read-plan.ts';
import type { ReportFlags } from './report-flags.ts';
import { serverWatcher } from './server-metrics.ts';
import type { ServerMetricsFlags } from './server-metrics-flags.ts';
import { type Briefing, LoadCrew } from './workers/crew.ts';

/** One run of the tool, from flags to exit code. */
export async function runEvaluation(given: RunFlags & ReportFlags & ServerMetricsFlags): Promise<number> {
  // Load workers read the same flags and must make the same prompts.
  const flags = { nonce: randomUUID(), ...given };
  const plan = await readPlan(flags);
  const tasks = await prepareTasks(plan, rootsFromEnv(process.env, process.cwd()));
  const warnings = checkMachine(plan, tasks);
  const redact = redactor(plan.models.flatMap(secretsOf));
  const { folder, served, unlock, resume, said, warned } = await openFolder(
    { plan, tasks, redact },
    flags.reuse,
  );
  const log = openLog(folder.file('logs', 'run.jsonl'), redact);
  const control = new RunControl();
  const stopListening = listenForInterrupts(control, log.warn);
  const crew = crewFor(plan, tasks, { flags, folder: folder.path });
  try {
    announce(plan, tasks, log, [...warnings, ...warned]);
    for (const text of said) log.info(text);
    const listener = listenerOf(log);
    const watch = serverWatcher(flags, plan, { folder, redact, listener });
    const setting = { folder, redact, control, listener, served, resume, watch, ...(crew && { crew }) };
    const { results, broken } = await execute(plan, tasks, setting);
    await crew?.end();
    if (broken.length > 0 && results.length === 0) throw broken[0]!.error;
    for (const { model, error } of broken) log.warn(`${model} was not evaluated: ${describeError(error)}`);
    const code = await conclude(plan, results, {
      folder,
      interrupted: control.interrupted,
      log,
      report: flags,
    });
    return broken.length > 0 ? exitCodeOf(broken[0]!.error) : code;
  } catch (error) {
    throw masked(error, redact);
  } finally {
    stopListening();
    await crew?.end();
    log.close();
    unlock();
  }
}

/** Load workers, where a task needs more than this process. */
function crewFor(
  plan: Plan,
  tasks: readonly Task[],
  briefing: Omit<Briefing, 'fingerprint'>,
): LoadCrew | undefined {
  const cores = availableParallelism();
  const size = Math.max(...tasks.map((task) => workersFor(task, plan.load, cores)));
  return size < 2 ? undefined : new LoadCrew(size, cores, { ...briefing, fingerprint: fingerprint(tasks) });
}

function announce(plan: Plan, tasks: readonly Task[], log: RunLog, warnings: readonly string[]): void {
  for (const note of plan.notes) log.warn(note);
  for (const note of tasks.flatMap(({ notes }) => notes)) log.warn(note);
  for (const line of tasks.flatMap((task) => describeTask(task, plan.load))) log.info(line);
  for (const warning of warnings) log.warn(warning);
  for (const model of plan.models.filter(isInsecure)) log.warn(`${model.abbr}: ${INSECURE_BANNER}`);
}

/** Tells a person how the run goes. */
function listenerOf(log: RunLog): RunListener {
  let endProgress = () => {};
  let startedAt = 0;
  return {
    warned: (text) => log.warn(text),
    warmedUp: ({ warmupIsMeasured }, { sent, failures }) => {
      if (failures.length > 0)
        log.warn(`${failures.length} of ${sent} warm-up requests failed: ${failures[0]}`);
      else if (sent > 0 && warmupIsMeasured) {
        log.info('warm-up asked rows that are measured too: a prefix cache may know them');
      }
    },
    taskStarted: (_task, progress) => {
      startedAt = performance.now();
      endProgress = showProgress(progress, process.stderr);
    },
    taskEnded: (result) => {
      endProgress();
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      for (const loss of result.outcome.lost ?? []) log.warn(loss);
      log.info(
        `${result.task.model.abbr} × ${result.task.dataset.abbr}: ${describeEnd(result)} in ${seconds} s`,
      );
    },
  };
}

function describeEnd({ outcome: { planned, sent, stopped } }: TaskResult): string {
  const of = planned === undefined ? '' : ` of ${planned}`;
  if (stopped === 'gave-up') return `gave up after ${sent}${of} requests: not one succeeded,`;
  if (stopped === 'interrupted') return `interrupted after ${sent}${of} requests`;
  return `${sent} requests done`;
}
