import { createHash } from 'node:crypto';
import { isLoadTest, MODES } from '../config/modes.ts';
import { AisBenchError } from '../contract/errors.ts';
import { type Finding, finding } from '../contract/finding.ts';
import type { CallRef, RunRecord } from '../contract/record.ts';
import { everyEventCounts } from '../metrics/dialects/aisbench.ts';
import { goodRows, type Slos } from '../metrics/goodput.ts';
import { GapCounts, RequestSample } from '../metrics/request-sample.ts';
import { percentileOf } from '../metrics/stats.ts';
import { type ComparedRun, compareRuns as compareRead } from '../report/compare/compare-runs.ts';
import { USUAL_PERCENTILES } from '../report/compare/numbers-of.ts';
import { type GateRule, isFindingRule, numberOf } from '../report/compare/rules.ts';
import type { Measured, RunComparison, SentPrompt, TaskSide } from '../report/compare/types.ts';
import { openRun, readingRuns, type StoredRun, type StoredTask } from './open-run.ts';

/** Options of `compareRuns`. */
export interface CompareOptions {
  /** Gates, judged together as one family of tests. */
  readonly rules?: readonly GateRule[];
  /** Objectives of goodput, ms. */
  readonly slos?: Slos | undefined;
}

/**
 * Compares finished runs with the first of them, from their folders alone: what changed, and whether it is significant. Throws
 * RUN-DATA-001 where a folder holds no run, TMAN-CMD-002 for a rule about a number that no shared task has.
 */
export function compareRuns(
  folders: readonly string[],
  { rules = [], slos }: CompareOptions = {},
): Promise<RunComparison[]> {
  return readingRuns(folders, async () => {
    const runs: StoredRun[] = [];
    for (const folder of folders) runs.push(await openRun(folder));
    const percentiles = comparedPercentiles(rules);
    // In an imported run every event counts, as in AISBench: then in all of them.
    const options = { percentiles, slos, everyEvent: runs.some(({ isImported }) => isImported) };
    const read: ComparedRun[] = [];
    for (const [n, run] of runs.entries())
      read.push(await readSide(run, { letter: letterFor(n), path: folders[n]! }, options));
    const [before, ...others] = read;
    const comparisons = compareRead(before!, others, { rules, percentiles });
    for (const comparison of comparisons) requireEveryRule(rules, comparison);
    return comparisons;
  });
}

interface ReadOptions {
  /** Ascending. */
  readonly percentiles: readonly number[];
  readonly slos: Slos | undefined;
  readonly everyEvent: boolean;
}

async function readSide(
  run: StoredRun,
  { letter, path }: { readonly letter: string; readonly path: string },
  options: ReadOptions,
): Promise<ComparedRun> {
  const { name, served, isImported, plan } = run;
  const tasks: TaskSide[] = [];
  for (const task of run.tasks) tasks.push(await readTaskSide(task, options));
  const hasServed = Object.keys(served).length > 0;
  const findings = sideFindings(run, letter);
  return {
    name: { letter, name, path },
    // The model that a service named is part of what was sent.
    plan: isImported
      ? { tasks: (plan as { tasks?: unknown }).tasks }
      : { ...(plan as object), ...(hasServed && { served }) },
    isImported,
    tasks: tasks.map((task) => ({ ...task, findings: [...findings, ...task.findings] })),
    findings,
  };
}

async function readTaskSide(task: StoredTask, options: ReadOptions): Promise<TaskSide> {
  const { model, dataset, accuracy, judged, recordFiles } = task;
  return {
    model,
    dataset,
    asked: await readPrompts(task),
    findings: storedFindings(task),
    ...(accuracy && { scored: { ...accuracy.card, judged } }),
    ...(recordFiles.length > 0 && { measured: await measureSide(task, options) }),
  };
}

/** The beginnings of so many prompts are kept, to show where two differ; of the others their hash. */
const EXCERPTS = 200;
const EXCERPT_CHARACTERS = 2000;

async function readPrompts(task: StoredTask): Promise<Map<string, SentPrompt>> {
  const prompts = new Map<string, SentPrompt>();
  for await (const { call, prompt } of task.transcripts()) {
    const text = typeof prompt === 'string' ? prompt : (JSON.stringify(prompt) ?? '');
    const hash = createHash('sha256').update(text).digest('base64');
    const excerpt = prompts.size < EXCERPTS ? { excerpt: text.slice(0, EXCERPT_CHARACTERS) } : {};
    prompts.set(placeInData(call), { id: call.id, hash, ...excerpt });
  }
  return prompts;
}

function placeInData({ index, repetition, turn = 0, label = '' }: CallRef): string {
  return `${index} ${repetition} ${turn} ${label}`.trimEnd();
}

async function measureSide(
  task: StoredTask,
  { percentiles, slos, everyEvent }: ReadOptions,
): Promise<Measured> {
  const seen = everyEvent ? everyEventCounts : (record: RunRecord) => record;
  const sample = new RequestSample();
  const counts = { requests: 0, failed: 0, retried: 0 };
  for await (const record of task.records()) {
    sample.add(seen(record));
    counts.requests++;
    if (record.outcome === 'failed') counts.failed++;
    else if (record.attempt > 1) counts.retried++;
  }
  const { gaps } = sample;
  const limits =
    gaps.length === 0
      ? []
      : percentiles.map((p) => percentileOf(gaps.length, (rank) => gaps.valueAt(rank), p));
  const shares = new GapCounts(limits);
  if (limits.length > 0) for await (const record of task.records()) shares.add(seen(record));
  const good = slos && goodRows(sample.table, slos);
  return {
    sample,
    gaps: { percentiles, counts: shares.finish() },
    ...counts,
    ...storedValidity(task),
    ...(good && { good }),
  };
}

/** Only a load test's report has a verdict. */
function storedValidity({ summary, isLoadTest }: StoredTask): Pick<Measured, 'validity'> {
  return summary !== undefined && isLoadTest ? { validity: summary.validity } : {};
}

/** Everything that a task's report says, the verdict's reasons first. */
function storedFindings({ summary, isLoadTest }: StoredTask): Finding[] {
  if (summary === undefined) return [];
  return [...(isLoadTest ? summary.validity.findings : []), ...summary.findings];
}

function sideFindings({ isImported, isContinued, served, plan }: StoredRun, run: string): Finding[] {
  const mode = isImported ? undefined : (plan as { mode?: unknown } | undefined)?.mode;
  const isAccuracyRun = MODES.some((one) => one === mode && !isLoadTest(one));
  const isSimulated = Object.values(served).some(({ simulated }) => simulated === true);
  return [
    ...(isImported ? [finding('RUN-IMPORTED', { run })] : []),
    ...(isAccuracyRun ? [finding('RUN-NOT-A-LOAD-TEST', { run })] : []),
    ...(isContinued ? [finding('RUN-CONTINUED', { run })] : []),
    ...(isSimulated ? [finding('RUN-SIMULATED', { run })] : []),
  ];
}

/** `A`, `B`, … `Z`, `A1`, …: more runs than letters are compared seldom. */
function letterFor(n: number): string {
  const letter = String.fromCharCode(65 + (n % 26));
  return n < 26 ? letter : `${letter}${Math.floor(n / 26)}`;
}

function comparedPercentiles(rules: readonly GateRule[]): number[] {
  const ruled = rules.flatMap((rule) =>
    !isFindingRule(rule) && rule.stat?.startsWith('p') ? [Number(rule.stat.slice(1))] : [],
  );
  return [...new Set([...USUAL_PERCENTILES, ...ruled])].sort((a, b) => a - b);
}

/** A gate that no number is held against must not pass in silence. */
function requireEveryRule(rules: readonly GateRule[], { rules: judged, after }: RunComparison): void {
  const lost = rules.find((rule) => !judged.some((one) => one.rule === rule));
  if (lost === undefined || isFindingRule(lost)) return;
  throw new AisBenchError('TMAN-CMD-002', `no task that both runs have has a number ${numberOf(lost)}`, {
    where: `--fail-if '${lost.text}', ${after.path}`,
    cure: 'compare runs that measured it, or leave the rule out (goodput needs --goodput)',
  });
}
