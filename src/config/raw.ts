import { basename, dirname, isAbsolute } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { BaseAPIModel } from '../contract/base-api-model.ts';
import { detectAttr } from '../contract/base-model.ts';
import type { ModelClass } from '../contract/class-ref.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { Finding } from '../contract/finding.ts';
import type { Catalog } from './catalog.ts';
import { snakeCase } from './class-source.ts';
import {
  type ConfigFile,
  type ConfigKind,
  type ConfigRoots,
  configAtPath,
  configFolders,
  findConfigs,
  moduleAt,
  shortPath,
} from './find.ts';
import type { CompleteConfig } from './flags.ts';
import { type KeyPath, type LoadedConfig, loadConfig, type ModuleContext, sectionsOf } from './load.ts';
import { isLoadTest, type Mode } from './modes.ts';
import { override } from './override.ts';
import type { Plan } from './plan.ts';
import type { PluginName } from './plugins.ts';
import { pythonClassKind, pythonClassNames } from './python-classes.ts';
import type { RawEntry } from './validate.ts';

export interface RawConfig {
  readonly models: readonly RawEntry[];
  readonly datasets: readonly RawEntry[];
  readonly summarizer: RawEntry | undefined;
  /** `work_dir` of a config file that holds everything. */
  readonly workDir?: string;
  /** Which models are run on which datasets, by abbr; absent: every one on every one. */
  readonly pairs?: NonNullable<Plan['pairs']>;
  /** Parts of such a file that have no effect. */
  readonly findings?: readonly Finding[];
  /** The plugins that the files name. */
  readonly plugins?: readonly PluginName[];
}

/** What configs are read with; `models` are the classes that ship: what Python classes inherit from. */
interface ReadContext extends ModuleContext {
  readonly models?: Catalog['models'];
}

/**
 * Finds and reads the configs that a run names, takes those that it holds itself, and lays its flags over them; `more` are datasets that
 * are in no file.
 */
export async function readRaw(
  flags: CompleteConfig,
  roots: ConfigRoots,
  given: ReadContext,
  more: readonly RawEntry[] = [],
): Promise<RawConfig> {
  const context = { ...given, folders: configFolders(roots) };
  if (flags.config !== undefined) return override(await readWhole(flags.config, roots, context), flags);
  const plugins: PluginName[] = [];
  const load = async (file: ConfigFile) => {
    const loaded = await loadConfig(file.path, context);
    plugins.push(...pluginsIn(loaded, context.base));
    return { file, loaded };
  };
  const read = (kind: ConfigKind, name: string) => Promise.all(findConfigs(kind, name, roots).map(load));
  const modelsIn = async (file: ConfigFile): Promise<readonly RawEntry[]> => {
    const python = await modelOfPythonClass(file.path, flags.mode, given);
    if (python !== undefined) return [python];
    const { loaded } = await load(file);
    const bare = modelOfClass(loaded, flags.mode);
    return bare === undefined ? listOf(loaded, file, ['models']) : [bare];
  };
  const models: RawEntry[] = [];
  for (const one of flags.models) {
    if (typeof one !== 'string') {
      const held = heldIn(typeof one === 'function' ? { default: one } : { models: [one] }, models.length);
      models.push(modelOfClass(held, flags.mode) ?? entry(one, held, ['models', 0]));
      continue;
    }
    models.push(...(await Promise.all(findConfigs('models', one, roots).map(modelsIn))).flat());
  }
  const datasets: RawEntry[] = [...more];
  for (const one of flags.datasets) {
    if (typeof one !== 'string') {
      datasets.push(entry(one, heldIn({ datasets: [one] }, datasets.length), ['datasets', 0]));
      continue;
    }
    const [base, suffix] = splitName(one);
    for (const { file, loaded } of await read('datasets', base)) {
      datasets.push(...listOf(loaded, file, datasetKeys(loaded, suffix)));
    }
  }
  const summarizer = await summarizerOf(flags, read);
  return override(
    { models: relabel('models', models), datasets: relabel('datasets', datasets), summarizer, plugins },
    flags,
  );
}

/** A list of one entry that a program holds, as if a file held it. */
function heldIn(values: Readonly<Record<string, unknown>>, index: number): LoadedConfig {
  const where = ([kind, , ...keys]: KeyPath) => [kind, index, ...keys].join('.');
  return { path: `models.${index}`, values, where };
}

async function summarizerOf(
  { summarizer }: CompleteConfig,
  read: (kind: ConfigKind, name: string) => Promise<{ file: ConfigFile; loaded: LoadedConfig }[]>,
): Promise<RawEntry | undefined> {
  if (summarizer === undefined) return undefined;
  if (typeof summarizer !== 'string') {
    const where = (keys: KeyPath) => keys.join('.');
    return entry(summarizer, { path: 'summarizer', values: { summarizer }, where }, ['summarizer']);
  }
  const [base, suffix] = splitName(summarizer);
  const [found] = await read('summarizers', base);
  return single(found!.loaded, found!.file, suffix ?? 'summarizer');
}

/** A config file that holds models, datasets and, if it likes, a summarizer. */
async function readWhole(path: string, { base }: ConfigRoots, context: ModuleContext): Promise<RawConfig> {
  const file = configAtPath('models', path, base);
  const loaded = await loadConfig(file.path, context);
  const models = listOf(loaded, file, ['models']);
  const datasets = listOf(loaded, { ...file, kind: 'datasets' }, ['datasets']);
  const hasSummarizer = (loaded.values['summarizer'] ?? undefined) !== undefined;
  const summarizer = hasSummarizer
    ? single(loaded, { ...file, kind: 'summarizers' }, 'summarizer')
    : undefined;
  const sections = sectionsOf(loaded);
  return {
    ...{ models: inPairs(models, sections, 0), datasets: inPairs(datasets, sections, 1), summarizer },
    ...sections,
    plugins: pluginsIn(loaded, base),
  };
}

/** Returns the plugins of a config file: a path begins at the file's own folder, or else at the one that the command runs in. */
export function pluginsIn({ path, values, where }: LoadedConfig, base: string): PluginName[] {
  const { plugins } = values;
  if (plugins === undefined || plugins === null) return [];
  const folders = [dirname(path), base];
  const names: readonly unknown[] = Array.isArray(plugins) ? plugins : [plugins];
  return names.map((name, index) => {
    const place = Array.isArray(plugins) ? ['plugins', index] : ['plugins'];
    if (typeof name === 'string' && name !== '') return { name, by: shortPath(where(place), base), folders };
    throw new AisBenchError('UTILS-CFG-002', `${place.join('.')} is no plugin: ${JSON.stringify(name)}`, {
      where: where(place),
      cure: 'write the name of a package, or the path of a folder: plugins: ["./my-plugin"]',
    });
  });
}

/** Without those that the file's pairs, if it has any, do not name: they are not part of the run. */
function inPairs(entries: RawEntry[], { pairs }: Pick<RawConfig, 'pairs'>, place: 0 | 1): RawEntry[] {
  if (pairs === undefined) return entries;
  return entries.filter(({ values }) => pairs.some((pair) => pair[place] === values['abbr']));
}

/** `file/key` picks a variable of a file found by name; a path is a path. */
function splitName(name: string): [base: string, suffix?: string] {
  const isPath = name.startsWith('.') || isAbsolute(name) || /\.[a-z]{2,4}$/i.test(name);
  const slash = name.indexOf('/');
  return isPath || slash < 0 ? [name] : [name.slice(0, slash), name.slice(slash + 1)];
}

/**
 * Every top-level variable named `datasets` or `…_datasets`; `name/suffix` takes those that end with the suffix. In Python,
 * `datasets` is the sum of the others, as in AISBench's configs, and counts where there are none.
 */
function datasetKeys(loaded: LoadedConfig, suffix: string | undefined): string[] {
  const ending = suffix ?? 'datasets';
  const parts = Object.keys(loaded.values).filter((key) => key.endsWith('_datasets'));
  if (suffix === undefined && loaded.path.endsWith('.py') && parts.length > 0) return parts;
  return Object.keys(loaded.values).filter((key) => key === ending || key.endsWith(`_${ending}`));
}

function listOf(loaded: LoadedConfig, file: ConfigFile, keys: readonly string[]): RawEntry[] {
  const entries = keys.flatMap((key) => {
    const list = loaded.values[key];
    if (!Array.isArray(list)) return [];
    return list.map((values: unknown, index) => entry(values, loaded, [key, index]));
  });
  // Here too, so that `--set datasets.N` counts what is run.
  if (entries.length > 0) return file.kind === 'datasets' ? withoutRepeats(entries) : entries;
  const expected = file.kind === 'models' ? '`models`' : '`datasets` or `…_datasets`';
  const orClass = file.kind === 'models' ? ', or export a model class' : '';
  throw new AisBenchError('TMAN-CFG-002', `this ${file.kind} config defines no list ${expected}`, {
    where: loaded.path,
    cure: `define ${expected} as a list with one table an entry${orClass}`,
  });
}

/**
 * Returns the datasets, each once: a config of AISBench's that imports lists and adds them up has every dataset in two lists.
 * Different ones of one abbr stay, and are refused by it.
 */
export function withoutRepeats(entries: readonly RawEntry[]): RawEntry[] {
  const seen = new Map<unknown, RawEntry[]>();
  return entries.filter((entry) => {
    const { abbr } = entry.values;
    const same = seen.get(abbr) ?? [];
    if (same.some(({ values }) => isDeepStrictEqual(values, entry.values))) return false;
    seen.set(abbr, [...same, entry]);
    return true;
  });
}

function single(loaded: LoadedConfig, file: ConfigFile, key: string): RawEntry {
  const values = loaded.values[key];
  if (typeof values === 'object' && values !== null) return entry(values, loaded, [key]);
  throw new AisBenchError('TMAN-CFG-002', `this ${file.kind} config defines no \`${key}\``, {
    where: loaded.path,
    cure: `define \`${key}\` as a table`,
  });
}

function entry(values: unknown, loaded: LoadedConfig, at: readonly (string | number)[]): RawEntry {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new AisBenchError('TMAN-CFG-002', `${at.join('.')} is not a table of keys`, {
      where: loaded.where(at),
      cure:
        typeof values === 'string'
          ? `write it as key: value pairs; a config of that name is given with --${at[0]}, without this file`
          : 'write it as key: value pairs',
    });
  }
  return {
    values: { ...values },
    label: at.join('.'),
    ...(isAbsolute(loaded.path) ? { file: loaded.path } : {}),
    overridden: {},
    where: (keys) => loaded.where([...at, ...keys]),
  };
}

function relabel(kind: string, entries: readonly RawEntry[]): RawEntry[] {
  return entries.map((one, index) => ({ ...one, label: `${kind}.${index}` }));
}

/** What the guide's config of a local model says where a class comes without a config; there is no default for `path`. */
const LOCAL_DEFAULTS = { max_out_len: 100, batch_size: 1, max_seq_len: 2048 };

/**
 * The model entry of a module that has a class and no config: default values, the abbr from the class's name. Undefined
 * where the module defines `models` or exports no model class. Throws TMAN-CFG-002 where it exports several.
 */
export function modelOfClass({ path, values }: LoadedConfig, mode: Mode): RawEntry | undefined {
  if (values['models'] !== undefined) return undefined;
  const modelClass = classIn(values, path);
  if (modelClass === undefined) return undefined;
  const named = { type: modelClass, abbr: snakeCase(modelClass.name) };
  if (detectAttr(modelClass) === 'local') return defaultEntry(path, { attr: 'local', ...named });
  const { parseTextResponse, parseStreamResponse }: Partial<BaseAPIModel> = modelClass.prototype;
  const stream = streamsBest(parseTextResponse !== undefined, parseStreamResponse !== undefined, mode);
  return defaultEntry(path, { attr: 'service', ...named, stream });
}

/**
 * The same of a Python file that has a model class and no config; it is read, not run. Undefined for any other file. Throws TMAN-CFG-002
 * where it has several.
 */
async function modelOfPythonClass(
  path: string,
  mode: Mode,
  { base, models = {} }: ReadContext,
): Promise<RawEntry | undefined> {
  const file = path.endsWith('.py') ? moduleAt(path) : undefined;
  if (file === undefined || /^models\b/m.test(file.text)) return undefined;
  const kinds = await Promise.all(
    pythonClassNames(file.text)
      .filter((name) => !name.startsWith('_'))
      .map(async (name) => ({ name, ...(await pythonClassKind(file, name, { folder: base, models })) })),
  );
  const [found, ...others] = kinds.filter(({ attr }) => attr !== undefined);
  if (found === undefined) return undefined;
  if (others.length > 0) {
    const names = [found, ...others].map(({ name }) => name).join(', ');
    throw new AisBenchError('TMAN-CFG-002', `this file has several model classes: ${names}`, {
      where: path,
      cure: `write a config that names one: type: "./${basename(path)}:${found.name}"`,
    });
  }
  const { attr, name, service } = found;
  const named = { type: `./${basename(path)}:${name}`, abbr: snakeCase(name) };
  const stream = streamsBest(service.parsesText, service.parsesStream, mode);
  return { ...defaultEntry(path, { attr, ...named, ...(attr === 'service' ? { stream } : {}) }), file: path };
}

function defaultEntry(path: string, values: Readonly<Record<string, unknown>>): RawEntry {
  const defaults = values['attr'] === 'local' ? LOCAL_DEFAULTS : {};
  return { values: { ...values, ...defaults }, label: 'models.0', overridden: {}, where: () => path };
}

/** Whole replies, as the guide's class has it, unless only a stream can be read or times are what is wanted. */
function streamsBest(parsesText: boolean, parsesStream: boolean, mode: Mode): boolean {
  return parsesStream && (isLoadTest(mode) || !parsesText);
}

function classIn(values: Readonly<Record<string, unknown>>, path: string): ModelClass | undefined {
  if (detectAttr(values['default']) !== undefined) return values['default'] as ModelClass;
  const classes = [...new Set(Object.values(values))].filter(
    (value) => detectAttr(value) !== undefined,
  ) as ModelClass[];
  if (classes.length <= 1) return classes[0];
  const names = classes.map(({ name }) => name).join(', ');
  throw new AisBenchError('TMAN-CFG-002', `this module exports several model classes: ${names}`, {
    where: path,
    cure: 'make one of them the default export, or write a config that names one as type',
  });
}
