import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type AisBenchFlags, saidOf } from '../cli/aisbench-flags.ts';
import { codeOf } from '../cli/class-code.ts';
import { commandLine } from '../cli/command-line.ts';
import type { CourseFlags } from '../cli/course-flags.ts';
import { listenForInterrupts } from '../cli/interrupt.ts';
import { listenerOf } from '../cli/listener.ts';
import { openLivePage } from '../cli/live-page.ts';
import { openLog, type RunLog } from '../cli/log.ts';
import { masked, redactorOf } from '../cli/masked.ts';
import { natsOptions, natsSecrets } from '../cli/nats-options.ts';
import { INSECURE_BANNER, isInsecure } from '../cli/print/describe-connection.ts';
import { describeTasks, notesOn } from '../cli/print/describe-plan.ts';
import { planText } from '../cli/print/plan-text.ts';
import { readPlan } from '../cli/read-plan.ts';
import type { ReportFlags } from '../cli/report-flags.ts';
import type { RunPart } from '../cli/run-part.ts';
import type { ServerMetricsFlags } from '../cli/server-metrics-flags.ts';
import type { RemoteFlags } from '../cli/worker-flags.ts';
import type { RunFlags } from '../config/flags.ts';
import { hasStep, isScoredLoad } from '../config/modes.ts';
import type { ModelPlan, Plan } from '../config/plan.ts';
import { secretsOf } from '../config/plan-secrets.ts';
import { judgesOf } from '../config/resolve-judge.ts';
import { AisBenchError, describeError, EXIT, exitCodeOf } from '../contract/errors.ts';
import { rootsFromEnv } from '../dataset/locate.ts';
import { TaskBoard } from '../live/task-board.ts';
import { RunControl } from '../sending/control.ts';
import { execute, storedResult } from '../sending/execute.ts';
import { checkJudge } from '../sending/judge.ts';
import { prepareTasks, type Task } from '../sending/prepare.ts';
import { checkReferences } from '../sending/references.ts';
import { caseCount } from '../sending/shape.ts';
import { keepCommand } from '../store/history.ts';
import type { Redactor } from '../store/redact.ts';
import { type RunFolder, removeUnused } from '../store/run-folder.ts';
import { openPool } from '../workers/open-pool.ts';
import type { Pool } from '../workers/pool.ts';
import { checkMachine } from './check-machine.ts';
import { conclude } from './conclude.ts';
import { findEarlier } from './earlier.ts';
import { type OpenedFolder, openFolder } from './folder.ts';
import { type JudgeStage, judgeAnswers } from './judge.ts';
import { underLoadOf } from './scored-load.ts';
import { serverWatcher } from './server-metrics.ts';

type Flags = RunFlags & ReportFlags & ServerMetricsFlags & CourseFlags & AisBenchFlags & RemoteFlags;

/** One run of the tool, from flags to exit code; `part` where a command makes several. */
export async function runEvaluation(given: Flags, part?: RunPart): Promise<number> {
  const wanted = await readPlan(oneProcess(given));
  const earlier = findEarlier(wanted, given.reuse);
  // Load workers read the same flags and must make the same prompts, and so must a run that is continued.
  const nonce = given.nonce ?? earlier?.nonce ?? randomUUID();
  const flags = { ...oneProcess(given), nonce };
  const plan = Object.freeze({ ...underLoadOf(wanted, earlier?.plans), nonce });
  const tasks = await prepareTasks(plan, rootsFromEnv(process.env, process.cwd()));
  tasks.forEach(checkJudge);
  if (isScoredLoad(plan.mode)) tasks.forEach(checkReferences);
  const warnings = [...saidOf(given), ...machineWarnings(given, plan, tasks, earlier !== undefined)];
  const redact = redactorOf([...modelsOf(plan).flatMap(secretsOf), ...natsSecrets(given)]);
  if (given.dryRun) {
    process.stdout.write(redact(planText(plan, tasks, { earlier: earlier?.name, warnings })));
    return EXIT.ok;
  }
  const complete = async (folder: RunFolder) => {
    const { fetchLeftResults } = await import('../workers/left-results.ts');
    return fetchLeftResults(folder, given.nats === undefined ? undefined : natsOptions(given));
  };
  const opened = await openFolder({ plan, tasks, redact, name: part?.name, complete }, earlier?.name);
  keepCommand(opened.folder, commandLine(process.argv.slice(2).map(redact)), new Date());
  const log = openLog(opened.folder.file('logs', 'run.jsonl'), redact);
  let isBroken = true;
  try {
    const run = { plan, tasks, flags, redact, log, opened, part };
    announce(run, warnings);
    const asks = hasStep(plan.mode, 'ask') || hasStep(plan.mode, 'judge');
    const code = asks ? await askAndConclude(run) : await concludeStored(run);
    isBroken = false;
    return code;
  } catch (error) {
    if (given.debug) log.info(stackOf(error));
    throw masked(error, redact);
  } finally {
    log.close();
    opened.unlock();
    // Results of remote workers may still be on their way: --reuse fetches them into this folder.
    if (isBroken && earlier === undefined && !isRemote(given)) removeUnused(opened.folder);
  }
}

/** Where remote workers send, the limits of this machine do not matter. */
function machineWarnings(flags: Flags, plan: Plan, tasks: readonly Task[], isContinued: boolean): string[] {
  return hasStep(plan.mode, 'ask') && !isRemote(flags) ? checkMachine(plan, tasks, isContinued) : [];
}

function isRemote({ workers }: Flags): boolean {
  return typeof workers === 'object';
}

/** What `--debug` tells of requests is known to the process that sent them. */
function oneProcess(flags: Flags): Flags {
  return flags.debug && flags.workers === undefined ? { ...flags, workers: 1 } : flags;
}

interface Run {
  readonly plan: Plan;
  readonly tasks: readonly Task[];
  readonly flags: Flags;
  readonly redact: Redactor;
  readonly log: RunLog;
  readonly opened: OpenedFolder;
  readonly part: RunPart | undefined;
}

async function askAndConclude(run: Run): Promise<number> {
  const { plan, tasks, flags, redact, log, opened, part } = run;
  const { folder, served, resume } = opened;
  const board = new TaskBoard(tasks.filter(hasRest(resume)), plan);
  const livePage = await openLivePage(flags, { board, folder, log });
  const control = part?.control ?? new RunControl();
  const stopListening = listenForInterrupts(control, log.info);
  const listener = listenerOf(log, flags, board, part);
  let pool: Pool | undefined;
  try {
    pool = await poolFor(run, control);
    const watch = serverWatcher(flags, plan, { folder, redact, listener });
    const setting = { folder, redact, control, listener, served, resume, watch, pool };
    const asked = hasStep(plan.mode, 'ask')
      ? await execute(plan, tasks, setting)
      : { results: tasks.map((task) => storedResult(task, plan, opened)), broken: [] };
    await pool?.stop();
    const stage = { plan, folder, redact, served, log, asking: { control, listener } };
    const judged = hasStep(plan.mode, 'judge') ? await judgeAnswers(asked.results, stage) : NOTHING;
    listener.stop();
    const results = [...asked.results, ...judged.results];
    const broken = [...asked.broken, ...judged.broken];
    if (broken.length > 0 && results.length === 0) throw broken[0]!.error;
    for (const { model, error } of broken) log.warn(`${model} was not evaluated: ${describeError(error)}`);
    const { interrupted } = control;
    const code = await conclude(plan, results, { folder, interrupted, log, report: flags, part });
    return broken.length > 0 ? exitCodeOf(broken[0]!.error) : code;
  } finally {
    livePage.close();
    listener.stop();
    stopListening();
    await pool?.stop();
  }
}

/** A mode that asks nothing: what the run left on disk is scored or reported again. */
async function concludeStored({ plan, tasks, flags, log, redact, opened }: Run): Promise<number> {
  const { folder, served } = opened;
  if (!tasks.some((task) => hasAnswers(task, folder))) throw nothingAsked(folder);
  const asked = tasks.map((task) => storedResult(task, plan, opened));
  const stage: JudgeStage = { plan, folder, redact, served, log };
  const results = [...asked, ...(await judgeAnswers(asked, stage)).results];
  return conclude(plan, results, { folder, interrupted: false, log, report: flags });
}

/** A run that was imported may have kept its predictions alone. */
function hasAnswers({ model, dataset }: Task, folder: RunFolder): boolean {
  const records = folder.recordFiles(model.abbr, dataset.abbr);
  return records.length > 0 || existsSync(folder.predictions(model.abbr, dataset.abbr));
}

/** A run that ended before its first request, for want of its service perhaps. */
function nothingAsked({ name, path }: RunFolder): AisBenchError {
  return new AisBenchError(
    'TMAN-CMD-002',
    'nothing was asked in this run, so there is nothing to score or to report',
    {
      where: path,
      cure: `continue it with --reuse ${name} and a --mode that asks, or name another run`,
    },
  );
}

/** A task that earlier sessions left nothing of is not begun again. */
function hasRest(resume: OpenedFolder['resume']): (task: Task) => boolean {
  return (task) => resume === undefined || caseCount(resume.tasks.get(task)!.left) > 0;
}

const NOTHING = { results: [], broken: [] };

/** Everyone who may be asked: the models, and their judges. */
function modelsOf(plan: Plan): ModelPlan[] {
  return [...plan.models, ...judgesOf(plan).map(({ model }) => model)];
}

/** Starts the processes that send instead of this one. */
function poolFor(
  { plan, tasks, flags, redact, log, opened }: Run,
  control: RunControl,
): Promise<Pool | undefined> {
  const { workers, workerSilence, workerWait } = flags;
  const remote =
    typeof workers === 'object'
      ? { ...workers, nats: natsOptions(flags), waitMs: workerWait && 1000 * workerWait }
      : undefined;
  return openPool(plan, tasks, {
    ...{ flags: withoutNats(flags), folder: opened.folder, redact, control, codeOf, remote },
    ...{ info: log.info, warn: log.warn },
    silenceMs: workerSilence && 1000 * workerSilence,
  });
}

/** Leaves out how NATS is reached, which no worker needs. */
function withoutNats(flags: Flags): Flags {
  return Object.fromEntries(
    Object.entries(flags).filter(([name]) => !name.startsWith('nats')),
  ) as unknown as Flags;
}

function announce({ plan, tasks, log, opened }: Run, warnings: readonly string[]): void {
  for (const note of plan.notes) log.warn(note);
  if (hasStep(plan.mode, 'ask')) {
    for (const note of notesOn(tasks)) log.warn(note);
    for (const line of describeTasks(tasks, plan.load)) log.info(line);
    for (const model of modelsOf(plan).filter(isInsecure)) log.warn(`${model.abbr}: ${INSECURE_BANNER}`);
  }
  for (const warning of [...warnings, ...opened.warned]) log.warn(warning);
  for (const text of opened.said) log.info(text);
}

/** Where an error arose, and what it arose from. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by: ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
