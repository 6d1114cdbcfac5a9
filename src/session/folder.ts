import { join } from 'node:path';
import { defined } from '../basics/defined.ts';
import { plural } from '../basics/plural.ts';
import type { ConnectionPlan } from '../config/connection-plan.ts';
import { hasStep, isLoadTest, type Mode } from '../config/modes.ts';
import type { DatasetPlan, ModelPlan, Plan } from '../config/plan.ts';
import { withoutCredentials } from '../contract/base-api-model.ts';
import type { ClassRef } from '../contract/class-ref.ts';
import { AisBenchError } from '../contract/errors.ts';
import { type Finding, finding } from '../contract/finding.ts';
import type { Task } from '../sending/prepare.ts';
import { type Resume, readResume } from '../sending/resume.ts';
import { sampleCount } from '../sending/shape.ts';
import { taskFiles } from '../sending/task-files.ts';
import { findRun, isImported, plansOf } from '../store/find-run.ts';
import { lockFolder } from '../store/lock.ts';
import { mergeLeft } from '../store/merge.ts';
import { requirePlain } from '../store/plain-folder.ts';
import { codeChanges, planChanges, templateChanges } from '../store/plan-changes.ts';
import { maskSecrets, type Redactor, redactJson } from '../store/redact.ts';
import { createRunFolder, type RunFolder, runFolder } from '../store/run-folder.ts';
import { readJsonIfThere, ServedModels } from '../store/served.ts';
import { timeStamp } from '../store/stamp.ts';
import { readingRuns } from './open-run.ts';
import { wasLoadTest } from './scored-load.ts';

/** What a person should know of a run that is continued. */
interface EarlierMessages {
  readonly said: readonly string[];
  readonly found: readonly Finding[];
}

/** The folder that a run works in, locked against other runs until it is unlocked. */
export interface OpenedFolder extends EarlierMessages {
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
  readonly complete?: (folder: RunFolder) => Promise<EarlierMessages>;
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
  const found = name === undefined ? clockFindings(folder.name, now) : [];
  return { folder, served: new ServedModels(folder), unlock, said: [], found };
}

function clockFindings(name: string, now: Date): Finding[] {
  const clock = timeStamp(now);
  return name.startsWith(clock) ? [] : [finding('CLOCK-BEHIND', { clock, name })];
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
    const noted: Finding[] = changeFindings(before, now);
    const folder = runFolder(plan.workDir, name, redact);
    const completed = await complete?.(folder);
    noted.push(...(completed?.found ?? []));
    for (const { model, dataset } of tasks) mergeLeft(folder.predictions(model.abbr, dataset.abbr));
    const found = await readResume(tasks, {
      mode: plan.mode,
      load: plan.load,
      filesOf: (task) => taskFiles(folder, task),
      redact,
      imported: isImported(path),
      onHalfLine: (where) => noted.push(finding('HALF-LINE', { where })),
    });
    const served = new ServedModels(folder);
    const sends = hasStep(plan.mode, 'ask') && tasks.some((task) => isLeft(task, found));
    const resume = withEarlier(found, folder, sends);
    if (sends) keepPlan(folder, data, `${name}_${before.length + 1}`);
    for (const task of tasks)
      noted.push(...unknownSamples(task, resume), ...missingSamples(task, resume, plan));
    const said = hasStep(plan.mode, 'ask')
      ? tasks.map((task) => leftOf(task, resume, { run: name, mode: plan.mode }))
      : [];
    return { folder, served, unlock, resume, said: [...(completed?.said ?? []), ...said], found: noted };
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
function withEarlier(resume: Resume, folder: RunFolder, sends: boolean): Resume {
  const path = folder.file('configs', 'continued.json');
  const known = new Set((readJsonIfThere(path) ?? []) as string[]);
  const tasks = new Map(
    [...resume.tasks].map(([task, own]) => {
      const name = JSON.stringify([task.model.abbr, task.dataset.abbr]);
      const continued = (own.continued && sends) || known.has(name);
      if (continued) known.add(name);
      return [task, { ...own, continued }] as const;
    }),
  );
  if (known.size > 0 && sends) folder.write(path, `${JSON.stringify([...known])}\n`);
  return { ...resume, tasks, sessions: sessionsOf(resume, folder, sends) };
}

/** When each session after the first began, on the run's clock: kept with the run, this session's too where it sends. */
function sessionsOf({ lastEnd }: Resume, folder: RunFolder, sends: boolean): readonly number[] {
  const path = folder.file('configs', 'sessions.json');
  const before = (readJsonIfThere(path) ?? []) as number[];
  if (!sends || before.includes(lastEnd)) return before;
  const sessions = [...before, lastEnd];
  folder.write(path, `${JSON.stringify(sessions)}\n`);
  return sessions;
}

/** What has changed since the sessions before, and is worth saying. */
function changeFindings(before: readonly unknown[], now: unknown): Finding[] {
  const names = (changesOf: typeof codeChanges) => [
    ...new Set(before.flatMap((plan) => changesOf(plan, now))),
  ];
  return [
    ...names(templateChanges).map((what) => finding('TEMPLATE-CHANGED', { what })),
    ...names(codeChanges).map((what) => finding('CODE-CHANGED', { what })),
  ];
}

function leftOf(task: Task, { tasks }: Resume, { run, mode }: { run: string; mode: Mode }): string {
  const [left, total] = [sampleCount(tasks.get(task)!.left), sampleCount(task.source)];
  const { model, dataset } = task;
  const done = `${total - left} of ${plural(total, 'sample')} ${total - left === 1 ? 'is' : 'are'} done${isLoadTest(mode) ? ', answered or failed' : ''}`;
  return `${model.abbr} × ${dataset.abbr}: continues ${run}, ${done}, ${left} left`;
}

/** How many samples a load has that time ends is not known. */
function missingSamples(task: Task, { tasks }: Resume, plan: Plan): Finding[] {
  const { mode, load } = plan;
  const { model, dataset, source } = task;
  const missing = sampleCount(tasks.get(task)!.left);
  const isTimed =
    wasLoadTest(plan) && (load.cycle || load.cases !== undefined || load.durationMs !== undefined);
  if (hasStep(mode, 'ask') || missing === 0 || isTimed) return [];
  const scope = { model: model.abbr, dataset: dataset.abbr };
  return [finding('SAMPLES-MISSING', { missing, samples: sampleCount(source) }, scope)];
}

function unknownSamples(task: Task, { tasks }: Resume): Finding[] {
  const { strange } = tasks.get(task)!;
  const scope = { model: task.model.abbr, dataset: task.dataset.abbr };
  return strange === 0 ? [] : [finding('SAMPLES-UNKNOWN', { n: strange }, scope)];
}

/** A run that is there, which this one continues or reports again. */
export interface EarlierRun {
  readonly name: string;
  /** What its made-up prompts began with: other ones would be other cases. */
  readonly nonce?: string;
  /** The plans of its sessions, as they were kept. */
  readonly plans: readonly unknown[];
}

/** Undefined where a new run begins. Throws TMAN-CMD-001 for a mode that needs a run and has none, and as `findRun` does. */
export function findEarlier(
  { mode, workDir }: Plan,
  reuse: string | true | undefined,
): EarlierRun | undefined {
  if (reuse === undefined) {
    if (hasStep(mode, 'ask')) return undefined;
    throw new AisBenchError(
      'TMAN-CMD-001',
      `--mode ${mode} works on a run that is there, and none is named`,
      {
        where: '--reuse',
        cure: 'give --reuse for the newest run, or --reuse with the stamp of its folder',
      },
    );
  }
  const name = findRun(workDir, reuse);
  const plans = plansOf(join(workDir, name));
  const nonces = plans.map((plan) => (plan as { nonce?: unknown } | null)?.nonce);
  const nonce = nonces.find((one) => typeof one === 'string');
  return { name, plans, ...(nonce === undefined ? {} : { nonce }) };
}

/** The plan as it is kept with the results: plain data, secrets masked, every value with its origin. */
function planAsData({ models, datasets, places: _ofThisHost, ...plan }: Plan): unknown {
  return {
    ...(maskSecrets(plan) as object),
    models: models.map(modelAsData),
    datasets: datasets.map(datasetAsData),
  };
}

function datasetAsData({ datasetClass, origins, judge, ...rest }: DatasetPlan): object {
  const shown = maskSecrets(rest) as object;
  const judged = judge === undefined ? {} : { judge: modelAsData(judge.model) };
  return { ...shown, ...judged, ...classAsData(datasetClass), origins };
}

function modelAsData(model: ModelPlan): object {
  const { modelClass, methods: _ofClass, origins, fields: _ofConfig, ...values } = model;
  // Origins say where a key came from, never the key.
  const known = { ...classAsData(modelClass), origins };
  if (model.attr === 'local') return { ...(maskSecrets(values) as object), ...known };
  const { headers: _filledIn, ...options } = model.options;
  const shown = maskSecrets({ ...values, options }) as object;
  return { ...shown, connection: connectionAsData(model.connection), ...known };
}

function classAsData({ name, code }: ClassRef): object {
  return { class: name, ...defined({ code }) };
}

/** As it is kept with the results: files by their path, secrets masked. */
function connectionAsData(connection: ConnectionPlan): object {
  const { servers, balance, http2, tls, proxy, adapters, headers } = connection;
  const shownProxy = (url: string) => (url === '' ? '' : withoutCredentials(url));
  return {
    servers: servers.map(withoutCredentials),
    balance,
    http2,
    tls: tls && {
      ...(maskSecrets(tls) as object),
      ca: tls.ca?.path,
      cert: tls.cert?.path,
      key: tls.key?.path,
    },
    proxy: { ...proxy, http: shownProxy(proxy.http), https: shownProxy(proxy.https) },
    adapters:
      adapters?.kind === 'rows' ? { ...adapters, names: Object.keys(adapters.names).length } : adapters,
    headers: maskSecrets(headers),
  };
}
