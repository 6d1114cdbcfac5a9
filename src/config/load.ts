import { readFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Document, Pair } from 'yaml';
import { defined } from '../basics/defined.ts';
import { editDistance } from '../basics/nearest.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { type Finding, finding } from '../contract/finding.ts';
import { noteClasses } from './class-source.ts';
import { RUN_THERE, realFile, realFolder, whatIsMissing, withoutHash } from './find.ts';
import type { Plan } from './plan.ts';

export type KeyPath = readonly (string | number)[];

/** The content of a config file, and the line of each key. */
export interface LoadedConfig {
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** `file:line`, or the file alone where lines are not known (JavaScript and TypeScript). */
  where(keys: KeyPath): string;
}

export interface ModuleContext {
  /** Folder of the shipped configs: plain modules of ours, imported natively. */
  readonly shipped: string;
  /** Config folders in the order in which they are searched: what configs in Python may import from. */
  readonly folders?: readonly string[];
  /** The folder, absolute, below which a config in Python finds the user's modules. */
  readonly base: string;
  /** Our own public entry, so that a config outside any package can `import … from 'ais-bench'`. */
  readonly entry: string;
}

/** Reads a config file by its extension. Throws TMAN-CFG-001 with file and line. */
export async function loadConfig(path: string, context: ModuleContext): Promise<LoadedConfig> {
  const extension = extname(path);
  if (extension === '.json' || extension === '.yaml' || extension === '.yml') return loadYaml(path);
  if (extension === '.py') return loadPython(path, context);
  return { path, values: await loadModule(path, context), where: () => path };
}

/** The interpreter is loaded only where there is a config in Python. */
async function loadPython(path: string, context: ModuleContext): Promise<LoadedConfig> {
  const { readPython } = await import('../python-config/read.ts');
  const { folders = [context.shipped] } = context;
  const files = {
    folders: folders.flatMap((folder) => realFolder(folder) ?? []),
    realPath: (other: string) => realFile(other) ?? withPlainName(other),
    readText: readNamedFile,
    readOther: async (other: string) => {
      requireTrusted(other, folders);
      return (await loadConfig(other, context)).values;
    },
  };
  return {
    path,
    ...(await readPython(realFile(path) ?? path, files, (names) =>
      importedName(names, [dirname(path), context.base]),
    )),
  };
}

/** The file of the plain name of a config whose name ends with a hash. */
function withPlainName(path: string): string | undefined {
  const extension = extname(path);
  const name = withoutHash(basename(path, extension));
  return name === undefined ? undefined : realFile(join(dirname(path), name + extension));
}

/** A config in Python is data and safe to read; a program beside it would run when it is read. Throws TMAN-CFG-001. */
function requireTrusted(path: string, folders: readonly string[]): void {
  const isData = ['.json', '.yaml', '.yml'].includes(extname(path));
  if (isData || folders.some((folder) => path.startsWith(join(realFolder(folder) ?? folder, sep)))) return;
  throw new AisBenchError('TMAN-CFG-001', 'a config imports a program that lies in no config folder', {
    where: path,
    cure: 'put both into the config folder (--config-dir) if you trust them, or write the values into a .py, .json or .yaml file',
  });
}

/**
 * What a name that a Python config imports becomes: the name alone, which is looked up as any other; or its file, where the module is
 * no part of AISBench and lies below the config's folder or the user's.
 */
function importedName(path: readonly string[], folders: readonly string[]): string {
  const name = path.at(-1) ?? '';
  if (path[0] === 'ais_bench') return name;
  const file = `${path.slice(0, -1).join('/')}.py`;
  const isThere = folders.some((folder) => realFile(resolve(folder, file)) !== undefined);
  return isThere ? `./${file}:${name}` : name;
}

async function loadYaml(path: string): Promise<LoadedConfig> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  // JSON is YAML, and YAML's reader knows lines.
  const options = { lineCounter: lines, prettyErrors: false, merge: !path.endsWith('.json') };
  const document = yaml.parseDocument(readText(path), options);
  const problem = document.errors[0];
  if (problem !== undefined) {
    throw unreadable(`${path}:${lines.linePos(problem.pos[0]).line}`, problem.message);
  }
  const values = attempt(path, () => document.toJS({ maxAliasCount: 100 }) as unknown);
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw unreadable(
      `${path}:1`,
      'it is not a table of keys (expected `models:`, `…_datasets:` or `summarizer:`)',
    );
  }
  const where = (keys: KeyPath): string => {
    for (let depth = keys.length; depth > 0; depth--) {
      const offset = offsetOf(document, keys.slice(0, depth), yaml);
      if (offset !== undefined) return `${path}:${lines.linePos(offset).line}`;
    }
    return path;
  };
  return { path, values: values as Record<string, unknown>, where };
}

/** Returns the offset of a key, or of an item of a list. */
function offsetOf(document: Document, keys: KeyPath, yaml: typeof import('yaml')): number | undefined {
  const holder = document.getIn(keys.slice(0, -1), true);
  const isIt = ({ key }: Pair) => yaml.isScalar(key) && String(key.value) === String(keys.at(-1));
  const node = yaml.isMap(holder) ? holder.items.find(isIt)?.key : document.getIn(keys, true);
  return yaml.isNode(node) ? node.range?.[0] : undefined;
}

/** The text of a file that a config names. Throws what the file system says. */
export function readNamedFile(path: string): string {
  return readFileSync(path, 'utf8');
}

function readText(path: string): string {
  return attempt(path, () => readFileSync(path, 'utf8'));
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw unreadable(path, messageOf(cause), cause);
  }
}

/** What a JavaScript or TypeScript file exports, the members of an object that is its default export included. */
async function loadModule(path: string, context: ModuleContext): Promise<Record<string, unknown>> {
  try {
    if (path.startsWith(context.shipped + sep)) return { ...(await import(pathToFileURL(path).href)) };
    const loaded = await importFrom(path, path, context.entry);
    const { default: fallback } = loaded;
    const values = { ...(typeof fallback === 'object' ? (fallback as object) : {}), ...loaded };
    noteClasses(values, path);
    return values;
  } catch (cause) {
    throw unreadable(positionIn(cause, path), messageOf(cause), cause);
  }
}

/**
 * Imports a module (a path, or the name of a package) as the file `from` would. TypeScript is understood, and
 * `ais-bench` is this very copy, whether or not it is installed there.
 */
export async function importFrom(
  from: string,
  what: string,
  entry: string,
): Promise<Readonly<Record<string, unknown>>> {
  const { createJiti } = await import('jiti');
  const jiti = createJiti(pathToFileURL(from).href, {
    alias: {
      'ais-bench/testing': join(dirname(entry), `testing/index${extname(entry)}`),
      'ais-bench': entry,
    },
    fsCache: false,
  });
  return { ...(await jiti.import<Record<string, unknown>>(what)) };
}

/** The line in the file that a syntax error or a throw points to, when its text or stack tells. */
function positionIn(error: unknown, path: string): string {
  const text = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : '';
  const afterPath = text.split(path)[1]?.match(/^:(\d+)/)?.[1];
  const inMessage = /\((\d+):\d+\)/.exec(text)?.[1];
  const line = afterPath ?? inMessage;
  return line === undefined ? path : `${path}:${line}`;
}

function unreadable(where: string, why: string, cause?: unknown): AisBenchError {
  return new AisBenchError('TMAN-CFG-001', `this config cannot be read: ${why}`, {
    where,
    cure: 'correct the file at that place',
    cause,
  });
}

type Pairs = NonNullable<Plan['pairs']>;

export interface Sections {
  readonly workDir?: string;
  /** Absent: every model on every dataset. */
  readonly pairs?: Pairs;
  readonly findings: readonly Finding[];
}

/** Tasks that this tool does itself. */
const OWN_TASKS = new Set(['OpenICLInferTask', 'OpenICLApiInferTask', 'OpenICLEvalTask']);

/** Sections of AISBench's that change nothing here. */
const IDLE = ['attack', 'response_anomaly'];

/** What such a file may say. */
const KNOWN = [
  ...['models', 'datasets', 'summarizer', 'plugins', 'work_dir', 'infer', 'eval'],
  'model_dataset_combinations',
  ...IDLE,
];

/** Throws UTILS-CFG-002 for what would be run otherwise than the file says. */
export function sectionsOf(loaded: LoadedConfig): Sections {
  const { values } = loaded;
  refuseMisspelling(loaded);
  const pairs = pairsOf(loaded);
  const tasks = (['infer', 'eval'] as const).flatMap((name) => tasksInTurn(loaded, name));
  const idle = IDLE.filter((key) => Boolean(values[key])).map((section) =>
    finding('SECTION-UNUSED', { section }),
  );
  const sections = { findings: [...tasks, ...idle], ...defined({ pairs }) };
  const workDir = values['work_dir'];
  if (workDir === undefined || workDir === null) return sections;
  if (typeof workDir === 'string' && workDir !== '') return { ...sections, workDir };
  throw wrong(loaded, ['work_dir'], 'work_dir is no path', 'write the folder of the results as a text');
}

/** Data may hold keys of its own, for anchors say, but one that is a slip away from a section that the file lacks was meant to be it. */
function refuseMisspelling(loaded: LoadedConfig): void {
  if (!/\.(ya?ml|json)$/i.test(loaded.path)) return;
  const keys = Object.keys(loaded.values);
  const absent = KNOWN.filter((known) => !keys.includes(known));
  for (const key of keys) {
    if (KNOWN.includes(key)) continue;
    const meant = absent.find((known) => editDistance(key, known) <= (known.length > 6 ? 2 : 1));
    if (meant !== undefined)
      throw wrong(loaded, [key], `the file has no use for "${key}"`, `did you mean "${meant}"?`);
  }
}

/** `{ partitioner, runner: { type, task: { type } } }`: how work is spread is this tool's own. */
function tasksInTurn(loaded: LoadedConfig, name: 'infer' | 'eval'): Finding[] {
  const section = loaded.values[name];
  if (section === undefined || section === null) return [];
  const type = memberOf(memberOf(memberOf(section, 'runner'), 'task'), 'type');
  if (typeof type === 'string' && !OWN_TASKS.has(type)) {
    const keys = [name, 'runner', 'task'];
    const missing = whatIsMissing('tasks', type) ?? 'this version runs no tasks of other kinds';
    throw wrong(loaded, keys, `${keys.join('.')} is ${type}: ${missing}`, RUN_THERE);
  }
  return [finding('TASKS-IN-TURN', { section: name })];
}

/** `model_dataset_combinations`: groups of models and datasets that are run on each other, and nothing else. */
function pairsOf(loaded: LoadedConfig): Pairs | undefined {
  const key = 'model_dataset_combinations';
  const groups = loaded.values[key];
  if (groups === undefined || groups === null) return undefined;
  const pairs = new Map<string, Pairs[number]>();
  for (const group of asList(groups)) {
    for (const model of known(group, 'models', loaded))
      for (const dataset of known(group, 'datasets', loaded))
        pairs.set(JSON.stringify([model, dataset]), [model, dataset]);
  }
  if (pairs.size > 0) return [...pairs.values()];
  throw wrong(
    loaded,
    [key],
    `${key} leaves nothing to run`,
    'write groups { models, datasets }, or leave it out',
  );
}

/** The abbrs of a group's models or datasets, each of which the file's own list must hold. */
function known(group: unknown, kind: 'models' | 'datasets', loaded: LoadedConfig): string[] {
  const all = new Set(abbrsIn(loaded.values, kind));
  const abbrs = abbrsIn(group, kind);
  const stranger = abbrs.find((abbr) => !all.has(abbr));
  if (stranger === undefined) return abbrs;
  const what = `model_dataset_combinations names "${stranger}", which the list ${kind} does not hold`;
  throw wrong(loaded, ['model_dataset_combinations'], what, `add it to ${kind}, or correct its abbr`);
}

function abbrsIn(holder: unknown, kind: string): string[] {
  return asList(memberOf(holder, kind)).map((one) => String(memberOf(one, 'abbr')));
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function wrong(loaded: LoadedConfig, keys: readonly string[], message: string, cure: string): AisBenchError {
  return new AisBenchError('UTILS-CFG-002', message, { where: loaded.where(keys), cure });
}
