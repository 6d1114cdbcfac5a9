import { performance } from 'node:perf_hooks';
import type { RunFlags } from '../config/flags.ts';
import type { Plan } from '../config/plan.ts';
import { secretsOf } from '../config/plan-secrets.ts';
import { rootsFromEnv } from '../dataset/locate.ts';
import { describeError, exitCodeOf } from '../errors.ts';
import { RunControl } from '../run/control.ts';
import { execute, type RunListener, type TaskResult } from '../run/execute.ts';
import { prepareTasks, type Task } from '../run/prepare.ts';
import { redactor } from '../store/redact.ts';
import { conclude } from './conclude.ts';
import { INSECURE_BANNER, isInsecure } from './describe-connection.ts';
import { describeTask } from './describe-plan.ts';
import { listenForInterrupts } from './interrupt.ts';
import { openLog, type RunLog } from './log.ts';
import { masked } from './masked.ts';
import { openFolder } from './open-folder.ts';
import { showProgress } from './progress.ts';
import { readPlan } from './read-plan.ts';

/** One run of the tool, from flags to exit code. */
export async function runEvaluation(flags: RunFlags): Promise<number> {
  const plan = await readPlan(flags);
  const tasks = await prepareTasks(plan, rootsFromEnv(process.env, process.cwd()));
  const redact = redactor(plan.models.flatMap(secretsOf));
  const { folder, served, unlock, resume, said, warned } = await openFolder(
    { plan, tasks, redact },
    flags.reuse,
  );
  const log = openLog(folder.file('logs', 'run.jsonl'), redact);
  const control = new RunControl();
  const stopListening = listenForInterrupts(control, log.warn);
  try {
    announce(plan, tasks, log);
    for (const text of warned) log.warn(text);
    for (const text of said) log.info(text);
    const setting = { folder, redact, control, listener: listenerOf(log), served, resume };
    const { results, broken } = await execute(plan, tasks, setting);
    if (broken.length > 0 && results.length === 0) throw broken[0]!.error;
    for (const { model, error } of broken) log.warn(`${model} was not evaluated: ${describeError(error)}`);
    const code = await conclude(plan, results, { folder, interrupted: control.interrupted, log });
    return broken.length > 0 ? exitCodeOf(broken[0]!.error) : code;
  } catch (error) {
    throw masked(error, redact);
  } finally {
    stopListening();
    log.close();
    unlock();
  }
}

function announce(plan: Plan, tasks: readonly Task[], log: RunLog): void {
  for (const note of plan.notes) log.warn(note);
  for (const line of tasks.flatMap(describeTask)) log.info(line);
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
      log.info(
        `${result.task.model.abbr} × ${result.task.dataset.abbr}: ${describeEnd(result)} in ${seconds} s`,
      );
    },
  };
}

function describeEnd({ outcome: { planned, sent, stopped } }: TaskResult): string {
  if (stopped === 'gave-up') return `gave up after ${sent} of ${planned} requests: not one succeeded,`;
  if (stopped === 'interrupted') return `interrupted after ${sent} of ${planned} requests`;
  return `${sent} requests done`;
}
