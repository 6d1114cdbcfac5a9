import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hasStep } from '../config/modes.ts';
import { refusedPair } from '../config/pairs.ts';
import { type ModelPlan, type Plan, secretsOf } from '../config/plan.ts';
import { judgesOf } from '../config/resolve-dataset.ts';
import { AisBenchError, describeError } from '../contract/errors.ts';
import { type Finding, finding } from '../contract/finding.ts';
import { RunControl } from '../sending/control.ts';
import { execute, type RunListener, storedResult } from '../sending/execute.ts';
import { checkJudge } from '../sending/judge.ts';
import { preparePairs, type Task } from '../sending/prepare.ts';
import { sampleCount } from '../sending/shape.ts';
import { commandLine, keepCommand } from '../store/history.ts';
import { masked, type Redactor, redactor } from '../store/redact.ts';
import { type RunFolder, removeUnused } from '../store/run-folder.ts';
import { type OpenPoolOptions, openPool } from '../workers/open-pool.ts';
import { type EarlierRun, findEarlier, type OpenedFolder, openFolder } from './folder.ts';
import { type Journal, openJournal } from './journal.ts';
import { judgeAnswers } from './judge.ts';
import { checkMachine } from './machine.ts';
import { taskFindings, warmupFindings } from './messages.ts';
import { type RunOptions, stopReason } from './options.ts';
import type { RunResult } from './result.ts';
import { underEarlierLoad } from './scored-load.ts';
import { serverWatcher } from './server-metrics.ts';

/** A run that is checked and ready: its prompts are made, nothing is sent or written yet. */
export interface PreparedRun {
  readonly plan: Plan;
  readonly tasks: readonly Task[];
  /** The run that this one continues or reports again. */
  readonly earlier?: EarlierRun;
  /** What a person should know before anything is sent. */
  readonly warnings: readonly Finding[];
  /** Takes the plan's secrets out of a text. */
  readonly redact: Redactor;
}

/**
 * Reads the data of a plan, makes its prompts and checks what can be checked before anything is sent. Throws AisBenchError for bad data,
 * a run to continue that is not there, and a load that this machine cannot hold (RUN-LIMIT-001).
 */
export async function prepareRun(given: Plan, options: RunOptions = {}): Promise<PreparedRun> {
  const { reuse, folder, workers = {}, ceiling } = options;
  const wanted = folder === undefined ? given : { ...given, workDir: folder };
  const earlier = findEarlier(wanted, reuse);
  // Workers make the same prompts, and so does a run that is continued.
  const nonce = given.nonce ?? earlier?.nonce ?? randomUUID();
  const plan = Object.freeze({ ...underEarlierLoad(wanted, earlier?.plans), nonce });
  const { tasks, refused } = await preparePairs(plan);
  tasks.forEach(checkJudge);
  // Where other machines send, this one's limits do not bound the load.
  const isChecked = hasStep(plan.mode, 'ask') && workers.remote === undefined;
  const limits = isChecked ? checkMachine(plan, tasks, { ceiling, isContinued: earlier !== undefined }) : [];
  const warnings = [...refused.map(refusedPair), ...limits];
  const redact = redactor([...usedModels(plan).flatMap(secretsOf), ...(workers.secrets ?? [])]);
  return { plan, tasks, ...(earlier && { earlier }), warnings, redact };
}

/**
 * Runs a plan: sends its requests, keeps every record in the run's folder, computes, scores and writes the reports. It prints nothing and
 * exits nothing. Aborted by `signal` it resolves with what there is. Throws AisBenchError, secrets masked, where the plan cannot be run
 * or none of its models could be measured; what was recorded until then is kept.
 */
export async function run(plan: Plan, options: RunOptions = {}): Promise<RunResult> {
  const prepared = await prepareRun(plan, options);
  try {
    return await runPrepared(prepared, options);
  } catch (error) {
    throw masked(error, prepared.redact);
  }
}

async function runPrepared(prepared: PreparedRun, options: RunOptions): Promise<RunResult> {
  const { plan, tasks, earlier, redact } = prepared;
  const { name, command, workers = {} } = options;
  const complete = async (folder: RunFolder) => {
    // NATS is loaded only where it is needed.
    const { fetchLeftResults } = await import('../workers/left-results.ts');
    return fetchLeftResults(folder, workers.nats);
  };
  const opened = await openFolder({ plan, tasks, redact, name, complete }, earlier?.name);
  const { folder } = opened;
  if (command !== undefined) keepCommand(folder, commandLine(command.map(redact)), new Date());
  const journal = openJournal(folder.file('logs', 'run.jsonl'), redact, options.on);
  let isBroken = true;
  try {
    const active = { ...prepared, options, opened, journal };
    await announce(active);
    const sends = hasStep(plan.mode, 'ask') || hasStep(plan.mode, 'judge');
    const result = sends ? await sendAndReport(active) : await reportStored(active);
    isBroken = false;
    return result;
  } finally {
    journal.close();
    opened.unlock();
    // Results of remote workers may still be on their way: --reuse fetches them into this folder.
    if (isBroken && earlier === undefined && workers.remote === undefined) removeUnused(folder);
  }
}

interface ActiveRun extends PreparedRun {
  readonly options: RunOptions;
  readonly opened: OpenedFolder;
  readonly journal: Journal;
}

async function announce({ plan, tasks, warnings, options, opened, journal }: ActiveRun): Promise<void> {
  const { folder, resume, found, said } = opened;
  journal.found(...plan.findings);
  const sends = hasStep(plan.mode, 'ask');
  if (sends) journal.found(...taskFindings(tasks));
  const left = tasks.filter((task) => resume === undefined || sampleCount(resume.tasks.get(task)!.left) > 0);
  await options.on?.({
    type: 'opened',
    ...{ name: folder.name, folder: folder.path, plan },
    tasks: sends ? left : [],
  });
  journal.found(...warnings, ...found);
  for (const text of said) journal.info(text);
}

async function sendAndReport(active: ActiveRun): Promise<RunResult> {
  const { plan, tasks, redact, options, opened, journal } = active;
  const { folder, served, resume } = opened;
  const control = new RunControl();
  const release = bindSignals(control, options);
  const listener = listenerFor(options, journal);
  let pool: Awaited<ReturnType<typeof openPool>>;
  try {
    if (hasStep(plan.mode, 'ask')) pool = await openPool(plan, tasks, poolOptions(active, control));
    const watch = serverWatcher(options, plan, { folder, redact, found: journal.found });
    const sent = hasStep(plan.mode, 'ask')
      ? await execute(plan, tasks, { folder, redact, control, listener, served, resume, watch, pool })
      : { results: tasks.map((task) => storedResult(task, plan, opened)), broken: [] };
    await pool?.stop();
    const stage = { plan, folder, redact, served, journal, asking: { control, listener } };
    const judged = hasStep(plan.mode, 'judge') ? await judgeAnswers(sent.results, stage) : NO_RESULTS;
    void options.on?.({ type: 'sent' });
    const results = [...sent.results, ...judged.results];
    const broken = [...sent.broken, ...judged.broken].map(({ model, error }) => ({
      model,
      error: masked(error, redact),
    }));
    if (broken.length > 0 && results.length === 0) throw broken[0]!.error;
    for (const { model, error } of broken)
      journal.found(finding('MODEL-BROKEN', { what: model, why: describeError(error) }));
    const stopped = control.interrupted ? control.reason : undefined;
    const { reportRun } = await reporting();
    return await reportRun(plan, results, { folder, journal, options, stopped, broken });
  } finally {
    release();
    await pool?.stop();
  }
}

/** Remote workers make the prompts with the run's nonce, from their own configs. */
function poolOptions(
  { plan, redact, options, opened, journal }: ActiveRun,
  control: RunControl,
): OpenPoolOptions {
  const { info, warn } = journal;
  const { silenceMs, remote } = options.workers ?? {};
  return {
    ...{ folder: opened.folder, redact, control, info, warn, silenceMs },
    ...(remote && { remote: { ...remote, flags: { ...remote.flags, nonce: plan.nonce! } } }),
  };
}

/** A mode that sends nothing: what the run left on disk is scored or reported again. */
async function reportStored({
  plan,
  tasks,
  redact,
  options,
  opened,
  journal,
}: ActiveRun): Promise<RunResult> {
  const { folder, served } = opened;
  if (!tasks.some((task) => hasAnswers(task, folder))) throw nothingSent(folder);
  const stored = tasks.map((task) => storedResult(task, plan, opened));
  const judged = await judgeAnswers(stored, { plan, folder, redact, served, journal });
  const { reportRun } = await reporting();
  return reportRun(plan, [...stored, ...judged.results], { folder, journal, options });
}

/** Loaded when everything is sent: until then a run needs none of it. */
const reporting = () => import('./report-run.ts');

const NO_RESULTS = { results: [], broken: [] };

/** Lets the caller's signals end the run; returns how to stop that. */
function bindSignals(control: RunControl, { signal, drain }: RunOptions): () => void {
  const onAbort = () => control.abort(stopReason(signal!));
  const onDrain = () => control.drain();
  if (drain?.aborted) onDrain();
  if (signal?.aborted) onAbort();
  drain?.addEventListener('abort', onDrain);
  signal?.addEventListener('abort', onAbort);
  return () => {
    drain?.removeEventListener('abort', onDrain);
    signal?.removeEventListener('abort', onAbort);
  };
}

function listenerFor({ on }: RunOptions, journal: Journal): RunListener {
  return {
    warned: journal.warn,
    warmedUp: (task, warmup) => {
      journal.found(...warmupFindings(task, warmup));
    },
    taskStarted: (task, progress) => {
      journal.keep({ event: 'task-started', ...taskName(task) });
      void on?.({ type: 'task-started', task, progress });
    },
    taskEnded: (result) => {
      for (const what of result.outcome.lost ?? []) journal.found(finding('WORKER-LOST', { what }));
      const { planned, sent, stopped } = result.outcome;
      journal.keep({ event: 'task-ended', ...taskName(result.task), planned, sent, stopped });
      void on?.({ type: 'task-ended', result });
    },
    ...(on && { requestEnded: (record) => void on({ type: 'request-ended', record }) }),
  };
}

function taskName({ model, dataset }: Task): { readonly model: string; readonly dataset: string } {
  return { model: model.abbr, dataset: dataset.abbr };
}

/** A run that was imported may have kept its predictions alone. */
function hasAnswers({ model, dataset }: Task, folder: RunFolder): boolean {
  const records = folder.recordFiles(model.abbr, dataset.abbr);
  return records.length > 0 || existsSync(folder.predictions(model.abbr, dataset.abbr));
}

/** A run that ended before its first request, for want of its service perhaps. */
function nothingSent({ name, path }: RunFolder): AisBenchError {
  return new AisBenchError(
    'TMAN-CMD-002',
    'this run sent nothing, so there is nothing to score or to report',
    {
      where: path,
      cure: `continue it with --reuse ${name} and a --mode that sends, or name another run`,
    },
  );
}

/** The models of a plan and their judges. */
function usedModels(plan: Plan): ModelPlan[] {
  return [...plan.models, ...judgesOf(plan).map(({ model }) => model)];
}
