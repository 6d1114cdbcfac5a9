/**
 * Plugins: packages and folders that export models, datasets, evaluators, inferencers, arrivals and exporters, found by name. A part that a
 * plan names is kept in it as a ClassRef, so that every process loads it from the plugin's own file.
 */
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { nearest } from '../basics/nearest.ts';
import { detectAttr } from '../contract/base-model.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import type { FoundPart, PluginKind, PluginParts } from './catalog.ts';
import { isClass, isEvaluator, isTable, moduleName, notePart } from './class-source.ts';
import { type ConfigKind, listConfigs, moduleAt, realFile, realFolder, shortPath } from './find.ts';
import { loadConfig, type ModuleContext } from './load.ts';

/** A plugin that a flag or a config names. */
export interface PluginName {
  /** The name of a package, or a path that begins with `.` or `/`. */
  readonly name: string;
  /** `--plugin`, or `file:line`. */
  readonly by: string;
  /** Folders, absolute, that a path is relative to and packages are looked for above, in order. */
  readonly folders: readonly string[];
}

/** A plugin whose module was loaded. */
export interface LoadedPlugin {
  readonly name: string;
  /** `package@version`, or the path of a folder or file. */
  readonly origin: string;
  /** The flag or config that names it. */
  readonly by: string;
  /** The module that describes it, absolute. */
  readonly file: string;
  /** Folder of its configs, absolute. */
  readonly configs?: string;
  readonly parts: Readonly<Record<PluginKind, ReadonlyMap<string, FoundPart>>>;
}

/** How to know a part of each kind, and what it must be. */
const KINDS: Readonly<Record<PluginKind, readonly [isIt: (value: unknown) => boolean, what: string]>> = {
  models: [(value) => detectAttr(value) !== undefined, 'a model class'],
  datasets: [(value) => typeof value === 'object' && isClass(value), 'an object with load()'],
  evaluators: [isEvaluator, 'an object with grade(), or a function that makes one of its options'],
  inferencers: [isFunction, 'a function (sample, ask) => transcript'],
  arrivals: [isFunction, 'a function of a load that returns times'],
  exporters: [isFunction, 'a function of a finished run that returns text or files'],
};

/** Formats of `ais_bench export` that ship. */
export const EXPORT_FORMATS: readonly string[] = ['csv', 'parquet', 'openmetrics', 'markdown'];

/** The kinds of parts, in the order in which they are listed. */
export const PLUGIN_KINDS = Object.keys(KINDS) as PluginKind[];

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

/**
 * Loads plugins, each once, after those that are `loaded`. Throws PLUGIN-FILE-001 with every place that was looked at, or why its module cannot be loaded, and
 * PLUGIN-IMPL-001 for a module that is no plugin.
 */
export async function loadPlugins(
  names: readonly PluginName[],
  context: ModuleContext,
  loaded: readonly LoadedPlugin[] = [],
): Promise<LoadedPlugin[]> {
  const found = new Map(loaded.map((plugin) => [plugin.file, plugin]));
  for (const name of names) {
    const place = findPlugin(name, context.base);
    if (!found.has(place.file)) found.set(place.file, await load(name, place, context));
  }
  return [...found.values()];
}

interface PluginPlace {
  readonly file: string;
  readonly origin: string;
}

const ENTRIES = ['.ts', '.mts', '.js', '.mjs', '.cjs'].map((extension) => `index${extension}`);

function findPlugin({ name, by, folders }: PluginName, base: string): PluginPlace {
  if (isPath(name)) {
    const candidates = folders.map((folder) => resolve(folder, name));
    const at = candidates.find((one) => realFile(one) !== undefined || realFolder(one) !== undefined);
    if (at === undefined)
      throw notThere(`there is no plugin "${name}"`, by, { looked: candidates, cure: 'correct the path' });
    if (realFile(at) !== undefined) return { file: realFile(at)!, origin: shortPath(at, base) };
    return { file: entryOf(at, name, by), origin: shortPath(at, base) };
  }
  const candidates = folders.flatMap(foldersAbove).map((folder) => join(folder, 'node_modules', name));
  const at = [...new Set(candidates)].find((one) => realFolder(one) !== undefined);
  if (at !== undefined) return { file: entryOf(at, name, by), origin: packageOf(at, name) };
  const beside = folders.map((folder) => join(folder, name)).find((one) => realFolder(one) !== undefined);
  throw notThere(`there is no package "${name}" here`, by, {
    looked: [...new Set(candidates)].slice(0, 3),
    cure:
      beside === undefined
        ? `install it: npm install ${name}; a folder is named by its path: ./${name}`
        : `did you mean the folder "./${name}"?`,
  });
}

function isPath(name: string): boolean {
  return /^\.{0,2}[/\\]|^\.{1,2}$/.test(name) || isAbsolute(name) || /\.[cm]?[jt]s$/.test(name);
}

function foldersAbove(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersAbove(above)];
}

/** The module that a folder's `package.json` names, else its `index`. */
function entryOf(folder: string, name: string, by: string): string {
  const { exports, module, main } = manifestOf(folder);
  const named = entryIn(exports) ?? textOr(module) ?? textOr(main);
  const candidates = [...(named === undefined ? [] : [named]), ...ENTRIES].map((one) => join(folder, one));
  const found = candidates.map(realFile).find((file) => file !== undefined);
  if (found !== undefined) return found;
  throw notThere(`the plugin "${name}" has no module`, by, {
    looked: candidates,
    cure: 'write index.ts or index.js, or name the module in "exports" of its package.json',
  });
}

function manifestOf(folder: string): Readonly<Record<string, unknown>> {
  const text = moduleAt(join(folder, 'package.json'))?.text;
  if (text === undefined) return {};
  try {
    const manifest: unknown = JSON.parse(text);
    return isTable(manifest) && !Array.isArray(manifest) ? manifest : {};
  } catch (cause) {
    throw new AisBenchError('PLUGIN-FILE-001', `package.json cannot be read: ${messageOf(cause)}`, {
      where: join(folder, 'package.json'),
      cure: 'correct the file',
      cause,
    });
  }
}

/** Of conditional exports what Node would import. */
function entryIn(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (!isTable(exports)) return undefined;
  if (Array.isArray(exports)) return exports.map(entryIn).find((one) => one !== undefined);
  if (Object.hasOwn(exports, '.')) return entryIn(exports['.']);
  const keys = Object.keys(exports).filter((key) =>
    ['node', 'import', 'module', 'require', 'default'].includes(key),
  );
  return keys.map((key) => entryIn(exports[key])).find((one) => one !== undefined);
}

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function packageOf(folder: string, name: string): string {
  const version = textOr(manifestOf(folder)['version']);
  return version === undefined ? name : `${name}@${version}`;
}

async function load(
  { name, by }: PluginName,
  { file, origin }: PluginPlace,
  context: ModuleContext,
): Promise<LoadedPlugin> {
  let values: Readonly<Record<string, unknown>>;
  try {
    ({ values } = await loadConfig(file, context));
  } catch (error) {
    const { where = file, cause = error } = error as Partial<AisBenchError>;
    throw new AisBenchError('PLUGIN-FILE-001', `the plugin "${name}" cannot be loaded: ${messageOf(cause)}`, {
      where: `${where} (named by ${by})`,
      cure:
        /node_modules/.test(origin) || !isPath(name)
          ? 'update or correct the package'
          : 'correct the file at that place',
      cause,
    });
  }
  const data = isTable(values['default']) ? values['default'] : values;
  const refuse = (what: string, cure: string) =>
    new AisBenchError('PLUGIN-IMPL-001', `the plugin "${name}" ${what}`, { where: file, cure });
  refuseMisspelling(data, refuse);
  const partsOf = (kind: PluginKind) => partsIn(kind, data[kind], { file, base: context.base, refuse });
  const parts = Object.fromEntries(
    PLUGIN_KINDS.map((kind) => [kind, partsOf(kind)]),
  ) as unknown as LoadedPlugin['parts'];
  const configs = configsOf(data['configs'], file, refuse);
  if (configs === undefined && PLUGIN_KINDS.every((kind) => parts[kind].size === 0))
    throw refuse(
      'holds nothing',
      `export default definePlugin({ name, ${PLUGIN_KINDS.join(', ')} }) from it`,
    );
  return {
    name: textOr(data['name']) ?? (isPath(name) ? basename(name, extname(name)) : name),
    ...{ origin, by, file, parts },
    ...(configs === undefined ? {} : { configs }),
  };
}

type Refuse = (what: string, cure: string) => AisBenchError;

const FURTHER_KEYS = ['name', 'configs', 'default', '__esModule', 'module.exports'];

function refuseMisspelling(data: Readonly<Record<string, unknown>>, refuse: Refuse): void {
  for (const key of Object.keys(data)) {
    if (FURTHER_KEYS.includes(key) || PLUGIN_KINDS.includes(key as PluginKind)) continue;
    const near = nearest(key, [...PLUGIN_KINDS, 'configs', 'name']);
    if (near !== undefined) throw refuse(`has "${key}", which is no kind of part`, `did you mean "${near}"?`);
  }
}

interface PartPlace {
  readonly file: string;
  readonly base: string;
  readonly refuse: Refuse;
}

function partsIn(
  kind: PluginKind,
  table: unknown,
  { file, base, refuse }: PartPlace,
): Map<string, FoundPart> {
  if (table === undefined) return new Map();
  if (!isTable(table) || Array.isArray(table))
    throw refuse(`has ${kind} that are no table`, `write ${kind}: { Name: … }`);
  const [isIt, what] = KINDS[kind];
  return new Map(
    Object.entries(table).map(([name, value]) => {
      if (!/^[\w$-]+$/.test(name))
        throw refuse(
          `has a name in ${kind} that cannot be looked up: "${name}"`,
          'use letters, digits, _ and -',
        );
      if (!isIt(value)) throw refuse(`has ${kind}.${name}, which is not ${what}`, `make it ${what}`);
      const source = notePart(value as object, file, `${kind}.${name}`);
      const place = { module: moduleName(source.path, base), export: source.export };
      return [name, { value: value as object, place }] as const;
    }),
  );
}

/** A folder's place is relative to the module. */
function configsOf(value: unknown, file: string, refuse: Refuse): string | undefined {
  if (value === undefined) return undefined;
  const folder = typeof value === 'string' ? resolve(dirname(file), value) : undefined;
  if (folder !== undefined && realFolder(folder) !== undefined) return folder;
  throw refuse(
    `names configs that are no folder: ${folder ?? JSON.stringify(value)}`,
    'write its path, relative to the module that describes the plugin; its configs lie in models/, datasets/ and summarizers/',
  );
}

function notThere(
  what: string,
  by: string,
  { looked, cure }: { readonly looked: readonly string[]; readonly cure: string },
): AisBenchError {
  return new AisBenchError('PLUGIN-FILE-001', `${what}; looked at ${looked.join(', ')}`, { where: by, cure });
}

const SHIPS = 'ais_bench itself';

/** Names of a kind, and who has them. */
type NamesByKind = Readonly<Partial<Record<PluginKind, readonly string[]>>>;

/**
 * Puts the parts of plugins together. `shipped` are names that are taken. Throws PLUGIN-NAME-001, naming both origins, where two parts of one
 * kind have the same name.
 */
export function pluginParts(plugins: readonly LoadedPlugin[], shipped: NamesByKind): PluginParts {
  const tables = new Map<PluginKind, Map<string, FoundPart>>();
  for (const kind of PLUGIN_KINDS) {
    const owners = new Map((shipped[kind] ?? []).map((name) => [name, SHIPS]));
    const table = new Map<string, FoundPart>();
    for (const plugin of plugins) {
      for (const [name, part] of plugin.parts[kind]) {
        const owner = owners.get(name);
        if (owner !== undefined) throw clash(kind, name, [owner, labelOf(plugin)]);
        owners.set(name, labelOf(plugin));
        table.set(name, part);
      }
    }
    tables.set(kind, table);
  }
  return {
    find: (kind, name) => tables.get(kind)?.get(name),
    names: (kind) => [...(tables.get(kind)?.keys() ?? [])],
  };
}

/** Throws PLUGIN-NAME-001 where a config of a plugin has the name of one that ships or of another plugin's. */
export function refuseConfigClashes(plugins: readonly LoadedPlugin[], shipped: string): void {
  const owners = new Map<string, string>();
  const kinds: readonly ConfigKind[] = ['models', 'datasets', 'summarizers'];
  const note = (folder: string, owner: string) => {
    for (const kind of kinds)
      for (const { name } of listConfigs(kind, { base: folder, own: folder, shipped: folder })) {
        const key = `${kind} ${name.toLowerCase()}`;
        const other = owners.get(key);
        if (other !== undefined) throw clash(`configs of ${kind}`, name, [other, owner]);
        owners.set(key, owner);
      }
  };
  const own = plugins.filter(({ configs }) => configs !== undefined);
  if (own.length > 0) note(shipped, SHIPS);
  for (const plugin of own) note(plugin.configs!, labelOf(plugin));
}

function labelOf({ name, origin, by }: LoadedPlugin): string {
  return `the plugin ${name} (${origin}, named by ${by})`;
}

function clash(kind: string, name: string, [one, other]: readonly [string, string]): AisBenchError {
  return new AisBenchError('PLUGIN-NAME-001', `two of the ${kind} have the name "${name}"`, {
    where: `${one}, and ${other}`,
    cure: 'give the part another name in the plugin, or leave one of the two plugins out',
  });
}
