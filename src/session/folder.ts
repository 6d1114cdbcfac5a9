import { join } from 'node:path';
import { plural } from '../basics/plural.ts';
import { hasStep, isLoadTest, type Mode } from '../config/modes.ts';
import type { Plan } from '../config/plan.ts';
import { AisBenchError } from '../contract/errors.ts';
import { type Task, taskFiles } from '../sending/prepare.ts';
import { type Resume, readResume } from '../sending/resume.ts';
import { sampleCount } from '../sending/shape.ts';
import { codeChanges, isImported, planChanges, plansOf, templateChanges } from '../store/find-run.ts';
import { lockFolder } from '../store/lock.ts';
import { mergeLeft } from '../store/merge.ts';
import { requirePlain } from '../store/plain-folder.ts';
import { type Redactor, redactJson } from '../store/redact.ts';
import { createRunFolder, type RunFolder, runFolder, timeStamp } from '../store/run-folder.ts';
import { readJsonIfThere, ServedModels } from '../store/served.ts';
import { planAsData } from './kept-plan.ts';
import { readingRuns } from './open-run.ts';
import { wasLoadTest } from './scored-load.ts';

/** What a person should know. */
export interface Told {
  readonly said: readonly string[];
  readonly warned: readonly string[];
}

/** The folder that a run works in; nobody else does until it is unlocked. */
export interface OpenedFolder extends Told {
  readonly folder: RunFolder;
  readonly served: ServedModels;
  readonly unlock: () => void;
  /** Set where the folder's run is continued. */
  readonly resume?: Resume;
}

interface Setting {
  readonly plan: Plan;
  readonly tasks: readonly Task[];
  readonly redact: Redactor;
  /** Of a new folder; its time unless given. */
  readonly name?: string | undefined;
  /** Before a run that is there is read: puts into its files what belongs there. */
  readonly complete?: (folder: RunFolder) => Promise<Told>;
}

/** A new folder, or the one of an earlier run. Throws as `lockFolder` and `readResume` do. */
export async function openFolder(setting: Setting, earlier: string | undefined): Promise<OpenedFolder> {
  if (earlier !== undefined)
    return readingRuns([join(setting.plan.workDir, earlier)], () => reopen(setting, earlier));
  const { plan, redact, name } = setting;
  const now = new Date();
  const data = planAsData(plan);
  const folder = createRunFolder(plan.workDir, now, redact, name);
  const unlock = lockFolder(folder.path, now);
  keepPlan(folder, data, folder.name);
  const warned = name === undefined ? clockNotes(folder.name, now) : [];
  return { folder, served: new ServedModels(folder), unlock, said: [], warned };
}

function clockNotes(name: string, now: Date): string[] {
  const own = timeStamp(now);
  if (name.startsWith(own)) return [];
  return [
    `the clock shows ${own}, earlier than the newest run here: this one is named ${name}, to come after it`,
  ];
}

async function reopen({ plan, tasks, redact, complete }: Setting, name: string): Promise<OpenedFolder> {
  const path = join(plan.workDir, name);
  requirePlain(path);
  const unlock = lockFolder(path, new Date());
  try {
    const before = plansOf(path);
    const data = planAsData(plan);
    const now: unknown = JSON.parse(redactJson(JSON.stringify(data), redact));
    requireSame(before, now, path);
    const warned: string[] = changeNotes(before, now);
    const folder = runFolder(plan.workDir, name, redact);
    const completed = await complete?.(folder);
    warned.push(...(completed?.warned ?? []));
    for (const { model, dataset } of tasks) mergeLeft(folder.predictions(model.abbr, dataset.abbr));
    const found = await readResume(tasks, {
      mode: plan.mode,
      load: plan.load,
      filesOf: (task) => taskFiles(folder, task),
      redact,
      imported: isImported(path),
      onHalfLine: (where) => warned.push(`${where}: half a line, left by a crash, is no data`),
    });
    const served = new ServedModels(folder);
    const asks = hasStep(plan.mode, 'ask') && tasks.some((task) => isLeft(task, found));
    const resume = withEarlier(found, folder, asks);
    if (asks) keepPlan(folder, data, `${name}_${before.length + 1}`);
    for (const task of tasks) warned.push(...strangersOf(task, resume), ...missingOf(task, resume, plan));
    const said = hasStep(plan.mode, 'ask')
      ? tasks.map((task) => leftOf(task, resume, { run: name, mode: plan.mode }))
      : [];
    return { folder, served, unlock, resume, said: [...(completed?.said ?? []), ...said], warned };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Every session keeps its plan: what a later one leaves out must still be the same in the one after it. */
function keepPlan(folder: RunFolder, plan: unknown, name: string): void {
  folder.write(folder.file('configs', `${name}.json`), `${JSON.stringify(plan, null, 2)}\n`);
}

function requireSame(before: readonly unknown[], now: unknown, where: string): void {
  const changes = [...new Set(before.flatMap((plan) => planChanges(plan, now)))];
  if (changes.length === 0) return;
  throw new AisBenchError('RUN-CFG-001', `this run was begun with other settings: ${changes.join(', ')}`, {
    where: join(where, 'configs'),
    cure: 'give the settings that it was begun with, or run without --reuse',
  });
}

function isLeft(task: Task, { tasks }: Resume): boolean {
  return sampleCount(tasks.get(task)!.left) > 0;
}

/** A task that was once continued stays one, also when nothing is left of it: which ones is kept with the run. */
function withEarlier(resume: Resume, folder: RunFolder, asks: boolean): Resume {
  const path = folder.file('configs', 'continued.json');
  const known = new Set((readJsonIfThere(path) ?? []) as string[]);
  const tasks = new Map(
    [...resume.tasks].map(([task, own]) => {
      const name = JSON.stringify([task.model.abbr, task.dataset.abbr]);
      const continued = (own.continued && asks) || known.has(name);
      if (continued) known.add(name);
      return [task, { ...own, continued }] as const;
    }),
  );
  if (known.size > 0 && asks) folder.write(path, `${JSON.stringify([...known])}\n`);
  return { ...resume, tasks, sessions: sessionsOf(resume, folder, asks) };
}

/** When each session after the first began, on the run's clock: kept with the run, this one's too where it asks something. */
function sessionsOf({ lastEnd }: Resume, folder: RunFolder, asks: boolean): readonly number[] {
  const path = folder.file('configs', 'sessions.json');
  const before = (readJsonIfThere(path) ?? []) as number[];
  if (!asks || before.includes(lastEnd)) return before;
  const sessions = [...before, lastEnd];
  folder.write(path, `${JSON.stringify(sessions)}\n`);
  return sessions;
}

/** What may have changed, and is worth saying. */
function changeNotes(before: readonly unknown[], now: unknown): string[] {
  const found = (changesOf: typeof codeChanges) => [
    ...new Set(before.flatMap((plan) => changesOf(plan, now))),
  ];
  return [
    ...found(templateChanges).map(
      (name) => `${name} has changed: questions that are asked otherwise now are asked anew`,
    ),
    ...found(codeChanges).map((name) => `${name} has changed: answers that are there came of other code`),
  ];
}

function leftOf(task: Task, { tasks }: Resume, { run, mode }: { run: string; mode: Mode }): string {
  const [left, total] = [sampleCount(tasks.get(task)!.left), sampleCount(task.source)];
  const { model, dataset } = task;
  const done = `${total - left} of ${plural(total, 'case')} ${total - left === 1 ? 'is' : 'are'} done${isLoadTest(mode) ? ', answered or failed' : ''}`;
  return `${model.abbr} × ${dataset.abbr}: continues ${run}, ${done}, ${left} left`;
}

/** Of a load that time ends nobody knows how many cases there should be. */
function missingOf(task: Task, { tasks }: Resume, plan: Plan): string[] {
  const { mode, load } = plan;
  const missing = sampleCount(tasks.get(task)!.left);
  const isTimed =
    wasLoadTest(plan) && (load.cycle || load.cases !== undefined || load.durationMs !== undefined);
  if (hasStep(mode, 'ask') || missing === 0 || isTimed) return [];
  const { model, dataset } = task;
  return [
    `${model.abbr} × ${dataset.abbr}: ${missing} of ${plural(sampleCount(task.source), 'case')} ${missing === 1 ? 'was' : 'were'} not answered; what there is counts`,
  ];
}

function strangersOf(task: Task, { tasks }: Resume): string[] {
  const { strange } = tasks.get(task)!;
  if (strange === 0) return [];
  const { model, dataset } = task;
  return [
    `${model.abbr} × ${dataset.abbr}: ${plural(strange, 'case in the folder is', 'cases in the folder are')} not in this plan; the files keep what they hold, the results leave it out`,
  ];
}
