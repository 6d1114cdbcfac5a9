/** What judge models do in a run: from the answers on disk to their replies on disk. */

import { hasStep } from '../config/modes.ts';
import type { ModelPlan, Plan } from '../config/plan.ts';
import { finding } from '../contract/finding.ts';
import { stripReasoning } from '../evaluate/reasoning.ts';
import type { RunControl } from '../sending/control.ts';
import {
  execute,
  type RunListener,
  type RunOutcome,
  storedResult,
  type TaskResult,
} from '../sending/execute.ts';
import { type JudgedAnswer, judgeTask } from '../sending/judge.ts';
import { isSameModel, LoadedModel } from '../sending/local-model.ts';
import type { Task } from '../sending/prepare.ts';
import { readResume } from '../sending/resume.ts';
import { sampleCount } from '../sending/shape.ts';
import { type TaskFiles, taskFiles } from '../sending/task-files.ts';
import { attemptsOf } from '../store/last-attempts.ts';
import { readTranscripts } from '../store/read-back.ts';
import type { Redactor } from '../store/redact.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { Served, ServedModels } from '../store/served.ts';
import type { Journal } from './journal.ts';

/** Files of the answers that a judge judges. */
type AnswerFiles = Pick<TaskFiles, 'predictions' | 'ids'>;

/** What came of a task; of a judge's task also what it judged. */
export interface StageResult extends TaskResult {
  readonly answers?: AnswerFiles;
}

export interface JudgeStage {
  readonly plan: Plan;
  readonly folder: RunFolder;
  readonly redact: Redactor;
  readonly served: ServedModels;
  readonly journal: Journal;
  /** Absent where the mode sends nothing. */
  readonly asking?: { readonly control: RunControl; readonly listener: RunListener };
}

interface Outcome {
  readonly results: readonly StageResult[];
  readonly broken: RunOutcome['broken'];
}

/** Sends the answers of tasks to their judges; where the mode sends nothing, returns what the judges replied before. */
export async function judgeAnswers(sent: readonly TaskResult[], stage: JudgeStage): Promise<Outcome> {
  const results: { readonly result: StageResult; readonly place: number }[] = [];
  const broken: RunOutcome['broken'][number][] = [];
  const { asking } = stage;
  const loaded = asking && new LoadedModel({ ...asking, base: stage.plan.places.base });
  try {
    for (const { task, files, place } of byJudge(sent)) {
      if (asking?.control.interrupted) break;
      const answers = await answersIn(files);
      if (answers.length === 0) continue;
      const outcome = await judgeOne(judgeTask(task, answers), stage, loaded);
      results.push(...outcome.results.map((result) => ({ result: { ...result, answers: files }, place })));
      broken.push(...outcome.broken);
      // What it lost it may not find again.
      if (outcome.broken.length > 0) await loaded?.close();
    }
  } finally {
    await loaded?.close();
  }
  results.sort((a, b) => a.place - b.place);
  return { results: results.map(({ result }) => result), broken };
}

interface JudgedTask extends Pick<TaskResult, 'task' | 'files'> {
  readonly judge: ModelPlan;
  /** Its place among all tasks. */
  readonly place: number;
}

/** What has a judge; those of one local judge stand together, so that it is loaded once. */
function byJudge(results: readonly TaskResult[]): readonly JudgedTask[] {
  const groups: JudgedTask[][] = [];
  for (const [place, { task, files }] of results.entries()) {
    const judge = task.dataset.judge?.model;
    if (judge === undefined) continue;
    const group = groups.find(([first]) => isSameJudge(first!.judge, judge));
    const one = { task, files, judge, place };
    if (group === undefined) groups.push([one]);
    else group.push(one);
  }
  return groups.flat();
}

function isSameJudge(one: ModelPlan, other: ModelPlan): boolean {
  return one === other || (one.attr === 'local' && other.attr === 'local' && isSameModel(one, other));
}

/** The answers that count; a request that failed has none. */
async function answersIn({ predictions, ids }: AnswerFiles): Promise<JudgedAnswer[]> {
  const answers: JudgedAnswer[] = [];
  for await (const transcript of attemptsOf(() => readTranscripts(predictions), ids)) {
    const { success, call, prompt, gold, content } = transcript;
    if (success) answers.push({ call, prompt, gold, answer: stripReasoning(content).text });
  }
  return answers;
}

async function judgeOne(task: Task, stage: JudgeStage, loaded: LoadedModel | undefined): Promise<Outcome> {
  const { plan, folder, redact, journal, asking } = stage;
  const served = servedBy(`judge ${task.dataset.abbr}`, task, stage);
  const resume = await readResume([task], {
    mode: plan.mode,
    load: plan.load,
    filesOf: (one) => taskFiles(folder, one),
    redact,
    onHalfLine: (where) => journal.found(finding('HALF-LINE', { where })),
  });
  const left = sampleCount(resume.tasks.get(task)!.left);
  if (asking !== undefined) {
    const { results, broken } = await execute({ ...plan, models: [task.model], numWarmups: 0 }, [task], {
      ...{ folder, redact, served, resume, ...(loaded && { loaded }) },
      ...asking,
    });
    return { results, broken: broken.map((one) => ({ ...one, model: `the judge of ${nameOf(task)}` })) };
  }
  const scope = { model: task.model.abbr, dataset: task.dataset.abbr };
  if (left > 0 && hasStep(plan.mode, 'score'))
    journal.found(finding('ANSWERS-UNJUDGED', { left, answers: sampleCount(task.source) }, scope));
  return { results: [storedResult(task, plan, { folder, resume, served })], broken: [] };
}

function nameOf({ model, dataset }: Task): string {
  return `${model.abbr} × ${dataset.abbr}`;
}

/** A judge has the abbr of the model that it judges: what its service tells of itself is kept under another. */
function servedBy(
  name: string,
  { model }: Task,
  { served }: JudgeStage,
): Pick<ServedModels, 'keep' | 'isSimulated'> {
  return {
    keep: (_abbr: string, own: Served) => served.keep(name, own),
    isSimulated: () => served.isSimulated(name) || served.isSimulated(model.abbr),
  };
}
