/** Earlier runs of a work folder: how one is found, and what of its stored plan must be the same for it to be continued. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { AisBenchError } from '../contract/errors.ts';
import { CLOCK, COMMANDS } from './history.ts';
import { stampOrder } from './run-folder.ts';
import { readJson } from './served.ts';

const LISTED = 10;

/**
 * The name of the run folder below `workDir` that is to be continued: the one that is named, or the newest by its time where
 * none or `latest` is. Throws TMAN-CMD-002, listing what is there.
 */
export function findRun(workDir: string, wanted: string | true): string {
  const runs = runsIn(workDir);
  const isNewest = wanted === true || wanted === 'latest';
  const found = isNewest
    ? runs.find((name) => stampOrder(name) !== undefined)
    : runs.find((name) => name === wanted);
  if (found !== undefined) return found;
  const which = isNewest ? 'there is no run' : `there is no run "${wanted}"`;
  throw new AisBenchError('TMAN-CMD-002', `${which} to continue; ${listOf(runs)}`, {
    where: `--reuse, below ${workDir}`,
    cure: 'give the stamp of a run that is there, the --work-dir where it lies, or run without --reuse',
  });
}

/** Newest first; renamed folders come after those named by their time. */
function runsIn(workDir: string): string[] {
  if (!existsSync(workDir)) return [];
  return readdirSync(workDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(workDir, entry.name, 'configs')))
    .map(({ name }) => ({ name, order: stampOrder(name) ?? ` ${name}` }))
    .sort((a, b) => (a.order < b.order ? 1 : -1))
    .map(({ name }) => name);
}

function listOf(runs: readonly string[]): string {
  if (runs.length === 0) return 'there is none at all';
  const more = runs.length > LISTED ? ` and ${runs.length - LISTED} more` : '';
  return `there are ${runs.slice(0, LISTED).join(', ')}${more}`;
}

/** Files that a run keeps beside its plans. */
const IMPORTED = 'imported.json';
const NO_PLANS = new Set(['served.json', 'continued.json', 'sessions.json', COMMANDS, CLOCK, IMPORTED]);

/** Whether another tool made the run that lies in this folder. */
export function isImported(folder: string): boolean {
  return existsSync(join(folder, 'configs', IMPORTED));
}

/** The plans of a run, one a session, as they were kept; none of one that was imported. Throws RUN-DATA-001 where one is broken or there is none. */
export function plansOf(folder: string): unknown[] {
  const configs = join(folder, 'configs');
  const files = readdirSync(configs).filter((file) => file.endsWith('.json') && !NO_PLANS.has(file));
  if (files.length > 0 || isImported(folder)) return files.map((file) => readJson(join(configs, file)));
  throw new AisBenchError('RUN-DATA-001', 'this run has kept no plan, so what it asked is not known', {
    where: configs,
    cure: 'run without --reuse',
  });
}

/** Options of a model that change no answer. */
const FREE_OPTIONS: ReadonlySet<string> = new Set([
  ...['url', 'hostIp', 'hostPort', 'enableSsl', 'apiKey', 'headers', 'retry', 'stream', 'python'],
  // Beside a service it is the tokenizer that counts.
  'path',
]);

const DATASET_KEYS = ['class', 'params'] as const;
const DATASET_CONFIG_KEYS = ['path', 'reader_cfg'] as const;

type Data = Readonly<Record<string, unknown>>;

/** What differs, in words, such as `models.my-model.options.dtype`; empty where the run can be continued. */
export function planChanges(before: unknown, now: unknown): string[] {
  const [old, current] = [asData(before), asData(now)];
  return [
    ...(goTogether(old, current) ? [] : ['mode']),
    ...inBoth(old, current, 'models', modelChanges),
    ...inBoth(old, current, 'datasets', datasetChanges),
  ];
}

/** Finds datasets whose prompts are rendered otherwise: new requests show it, so it is only worth a message. */
export function templateChanges(before: unknown, now: unknown): string[] {
  return inBoth(asData(before), asData(now), 'datasets', (one, other) =>
    changedKeys(asData(one['config']), asData(other['config']), ['infer_cfg']),
  );
}

/** Models and datasets whose classes, inferencers or evaluators of the user's have other code than they had; of plans that do not know it nothing is said. */
export function codeChanges(before: unknown, now: unknown): string[] {
  const changed = (one: Data, other: Data) =>
    one['code'] === undefined || other['code'] === undefined ? [] : changedKeys(one, other, ['code']);
  const changedPart = (part: string) => (one: Data, other: Data) =>
    changed(asData(one[part]), asData(other[part])).map((key) => `${part}.${key}`);
  const [old, current] = [asData(before), asData(now)];
  return [
    ...inBoth(old, current, 'models', changed),
    ...inBoth(old, current, 'datasets', changed),
    ...inBoth(old, current, 'datasets', changedPart('inferencer')),
    ...inBoth(old, current, 'datasets', changedPart('evaluator')),
  ];
}

/**
 * Modes that send the same way continue each other: answers of `infer` are scored by `all`. What was sent and scored under
 * load is also scored again.
 */
function goTogether(before: Data, now: Data): boolean {
  const isScoredAgain = before['mode'] === 'all+perf' && ['eval', 'viz'].includes(String(now['mode']));
  return isScoredAgain || isLoadTest(before) === isLoadTest(now);
}

function isLoadTest({ mode }: Data): boolean {
  return ['perf', 'perf_viz', 'all+perf'].includes(String(mode));
}

/** A model or dataset that only one of the plans has is no change. */
function inBoth(
  before: Data,
  now: Data,
  kind: 'models' | 'datasets',
  changes: (before: Data, now: Data) => string[],
): string[] {
  const old = new Map(listIn(before, kind).map((entry) => [entry['abbr'], entry]));
  return listIn(now, kind).flatMap((entry) => {
    const other = old.get(entry['abbr']);
    const found = other === undefined ? [] : changes(other, entry);
    return found.map((key) => `${kind}.${String(entry['abbr'])}.${key}`);
  });
}

function modelChanges(before: Data, now: Data): string[] {
  const [old, current] = [asData(before['options']), asData(now['options'])];
  const isLocal = now['attr'] === 'local';
  const names = new Set([...Object.keys(old), ...Object.keys(current)]);
  const decisive = [...names].filter((name) => !FREE_OPTIONS.has(name) || (isLocal && name === 'path'));
  const adapters = [asData(before['connection'])['adapters'], asData(now['connection'])['adapters']];
  return [
    ...changedKeys(before, now, ['attr', 'class']),
    ...changedKeys(old, current, decisive).map((name) => `options.${name}`),
    ...(isDeepStrictEqual(adapters[0], adapters[1]) ? [] : ['connection.adapters']),
  ];
}

function datasetChanges(before: Data, now: Data): string[] {
  return [
    ...changedKeys(before, now, DATASET_KEYS),
    ...changedKeys(asData(before['config']), asData(now['config']), DATASET_CONFIG_KEYS).map(
      (name) => `config.${name}`,
    ),
  ];
}

function changedKeys(before: Data, now: Data, keys: readonly string[]): string[] {
  return keys.filter((key) => !isDeepStrictEqual(before[key], now[key]));
}

function asData(value: unknown): Data {
  return typeof value === 'object' && value !== null ? (value as Data) : {};
}

function listIn(plan: Data, kind: string): Data[] {
  const entries = plan[kind];
  return Array.isArray(entries) ? entries.map(asData) : [];
}
