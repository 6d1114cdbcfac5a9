import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { filesBelow } from '../basics/files-below.ts';
import { nearest } from '../basics/nearest.ts';
import { AisBenchError } from '../contract/errors.ts';
import notRunHere from './not-run-here.json' with { type: 'json' };

/**
 * What AISBench ships and this tool does not run (aisbench.md App. F, G and §2.4), by kind: patterns of names, and what is missing for
 * them. Such a name gets that for an answer, and not the nearest name of something else.
 */
const NOT_RUN: Readonly<Record<string, readonly string[][]>> = notRunHere;

/** One line that says what is missing for a name of AISBench's, of a kind of configs or of `tasks`; undefined for any other. */
export function whatIsMissing(kind: string, name: string): string | undefined {
  return NOT_RUN[kind]?.find(([names]) => new RegExp(names!, 'i').test(name))?.[1];
}

/** What can be done about it, whatever is missing. */
export const RUN_THERE = 'run it with AISBench and read its results with ais_bench import';

const MODULE_EXTENSIONS = ['.ts', '.mts', '.js', '.mjs', '.cjs'];
const CONFIG_EXTENSIONS = [...MODULE_EXTENSIONS, '.json', '.yaml', '.yml', '.py'];

/** Names that are offered for one that is nowhere. */
const NAMES_SHOWN = 3;

export type ConfigKind = 'models' | 'datasets' | 'summarizers';

/** Where the configs of a kind lie in a config folder, in the order in which they are searched. */
const FOLDERS: Readonly<Record<ConfigKind, readonly string[]>> = {
  models: ['models'],
  datasets: ['datasets', 'dataset_collections'],
  summarizers: ['summarizers'],
};

export interface ConfigFile {
  readonly kind: ConfigKind;
  readonly name: string;
  readonly path: string;
}

/** Where configs of a kind are looked for, in this order. */
export interface ConfigRoots {
  /** The folder, absolute, that paths of configs begin at. */
  readonly base: string;
  /** `--config-dir`, `./configs` by default. */
  readonly own: string;
  /** Folders of plugins. */
  readonly plugins?: readonly string[];
  /** The user's folder of model classes, whose files may hold configs too. */
  readonly models?: string;
  /** Where AISBench's guide has users put configs. */
  readonly guide?: string;
  readonly shipped: string;
}

/** The folders of configs, in the order in which they are searched: what ships comes last, so that no file of the user's is passed over. */
export function configFolders({
  own,
  shipped,
  plugins = [],
  guide,
}: Pick<ConfigRoots, 'own' | 'shipped' | 'plugins' | 'guide'>): string[] {
  return [own, ...(guide === undefined ? [] : [guide]), ...plugins, shipped];
}

/** Every config of a kind, the user's first; a user's config hides a shipped one of the same name. */
export function listConfigs(kind: ConfigKind, roots: ConfigRoots): ConfigFile[] {
  const seen = new Set<string>();
  const [own, ...others] = configFolders(roots).map((root) =>
    FOLDERS[kind].flatMap((folder) => filesUnder(join(root, folder), CONFIG_EXTENSIONS)),
  );
  const amongClasses =
    kind === 'models' && roots.models !== undefined ? filesUnder(roots.models, CONFIG_EXTENSIONS) : [];
  return [...own!, ...amongClasses.filter(holdsModels), ...others.flat()]
    .map((path) => ({ kind, name: basename(path, extname(path)), path }))
    .filter((file) => !isPart(file))
    .filter(({ name }) => !seen.has(name.toLowerCase()) && seen.add(name.toLowerCase()));
}

/** A module that configs share: `_name`, such as Python's `__init__`, and AISBench's home of summary groups. */
function isPart({ kind, name }: ConfigFile): boolean {
  return name.startsWith('_') || (kind === 'summarizers' && name === 'groups');
}

/** A larger file is no config: weights have tokenizers and indexes in JSON beside them. */
const MOST_BYTES = 1_048_576;

/** Whether a file of the folder of classes is a config of models, or a module with a class, which needs none. */
function holdsModels(path: string): boolean {
  const { size = MOST_BYTES + 1 } = statSync(path, { throwIfNoEntry: false }) ?? {};
  const [{ text } = { text: '' }] = size > MOST_BYTES ? [] : readIfAllowed(path);
  if (/\.(py|ya?ml)$/.test(path)) return /^models\b/m.test(text);
  return path.endsWith('.json') ? /"models"\s*:\s*\[/.test(text) : /\bmodels\b|\bclass\b/.test(text);
}

/** The config file of that name or path; a name is matched without regard to case. One with `*` finds all that match. */
export function findConfigs(kind: ConfigKind, name: string, roots: ConfigRoots): ConfigFile[] {
  if (name.includes(sep) || name.includes('/') || CONFIG_EXTENSIONS.includes(extname(name))) {
    return [configAtPath(kind, name, roots.base)];
  }
  const all = listConfigs(kind, roots);
  const pattern = new RegExp(`^${name.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'i');
  const found = all.filter((file) => pattern.test(file.name));
  if (found.length > 0) return found;
  const unhashed = kind === 'datasets' ? withoutHash(name) : undefined;
  if (unhashed !== undefined) return findConfigs(kind, unhashed, roots);
  const missing = whatIsMissing(kind, name);
  if (missing !== undefined) {
    throw new AisBenchError('UTILS-MATCH-001', `AISBench's config "${name}" does not run here: ${missing}`, {
      where: `--${kind}`,
      cure: RUN_THERE,
    });
  }
  throw new AisBenchError('UTILS-MATCH-001', `there is no ${kind.slice(0, -1)} config named "${name}"`, {
    where: `${ownFolders(kind, roots).join(', ')} and the shipped configs`,
    cure: cureOf(
      kind,
      name,
      all.map((file) => file.name),
    ),
  });
}

/**
 * AISBench keeps LongBench's definitions under names that end with six digits of a hash of their prompt, and its plain names import them:
 * both are one config here. Undefined for any other name.
 */
export function withoutHash(name: string): string | undefined {
  return /^(longbench_\w+_gen)_[0-9a-f]{6}$/i.exec(name)?.[1];
}

/** Where the user's configs would lie, in order, relative to the user's folder. */
function ownFolders(kind: ConfigKind, { base, own, models, guide }: ConfigRoots): string[] {
  const classes = kind === 'models' && models !== undefined ? [models] : [];
  const guides = guide === undefined ? [] : [join(guide, kind)];
  return [join(own, kind), ...classes, ...guides].map((path) => shortPath(path, base));
}

/** Returns a path relative to a folder where it lies inside it: `./models`, `.` for the folder itself. */
export function shortPath(path: string, base: string): string {
  const inside = relative(base, path);
  if (inside === '') return '.';
  return inside.startsWith('..') || isAbsolute(inside) ? path : `./${inside.split(sep).join('/')}`;
}

/** What to do about a name that is nowhere: the names that hold it, or the nearest one. */
function cureOf(kind: ConfigKind, name: string, names: readonly string[]): string {
  if (name.includes(',')) return `put spaces between names: --${kind} ${name.split(',').join(' ')}`;
  const near = nearest(name, names);
  const place = (one: string) => one.toLowerCase().indexOf(name.toLowerCase());
  const longer = names.filter((one) => place(one) >= 0).sort((a, b) => place(a) - place(b));
  const likely = longer.length > 0 ? longer : near === undefined ? [] : [near];
  if (likely.length === 0) return 'list what there is with: ais_bench --search';
  const more = likely.length > NAMES_SHOWN ? ` or one of ${likely.length - NAMES_SHOWN} more` : '';
  const shown = likely.slice(0, NAMES_SHOWN).map((one) => `"${one}"`);
  return `did you mean ${shown.join(' or ')}${more}? All names: ais_bench --search`;
}

/** The config file of that path. Throws UTILS-MATCH-001 where there is none. */
export function configAtPath(kind: ConfigKind, path: string, base: string): ConfigFile {
  const absolute = resolve(base, path);
  if (!existsSync(absolute) || !statSync(absolute).isFile()) {
    throw new AisBenchError('UTILS-MATCH-001', `there is no config file "${path}"`, {
      where: absolute,
      cure: 'check the path, or give a name that ais_bench --search lists',
    });
  }
  return { kind, name: basename(absolute, extname(absolute)), path: absolute };
}

/** A module of the user's, read and not loaded. */
export interface ModuleFile {
  readonly path: string;
  readonly text: string;
}

/** The modules in a folder, and below it where it is `deep`, tests and declarations left out; none where there is no such folder. */
export function listModules(folder: string, deep: boolean): ModuleFile[] {
  return filesUnder(folder, MODULE_EXTENSIONS, deep).flatMap(readIfAllowed);
}

/** The Python files in a folder, and below it where it is `deep`, tests left out; none where there is no such folder. */
export function listPythonFiles(folder: string, deep: boolean): ModuleFile[] {
  return filesUnder(folder, ['.py'], deep)
    .filter((path) => !/^test_|_test\.py$/.test(basename(path)))
    .flatMap(readIfAllowed);
}

/** The file of that path; undefined where there is none. */
export function moduleAt(path: string): ModuleFile | undefined {
  return existsSync(path) && statSync(path).isFile() ? readModule(path) : undefined;
}

/** The file without links; undefined where there is no such file. */
export function realFile(path: string): string | undefined {
  return existsSync(path) && statSync(path).isFile() ? realpathSync(path) : undefined;
}

/** The folder without links; undefined where there is no such folder. */
export function realFolder(path: string): string | undefined {
  return existsSync(path) && statSync(path).isDirectory() ? realpathSync(path) : undefined;
}

/** Files beside a config may have nothing to do with it. */
function readIfAllowed(path: string): ModuleFile[] {
  try {
    return [readModule(path)];
  } catch {
    return [];
  }
}

function readModule(path: string): ModuleFile {
  return { path, text: readFileSync(path, 'utf8') };
}

function filesUnder(folder: string, extensions: readonly string[], deep = true): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
  return (deep ? filesBelow(folder) : readdirSync(folder))
    .filter(
      (file) => extensions.includes(extname(file)) && !/\.d\.[mc]?ts$|\.(test|spec)\.[a-z]+$/.test(file),
    )
    .map((file) => join(folder, file))
    .filter((path) => deep || statSync(path, { throwIfNoEntry: false })?.isFile())
    .filter((path) => !path.slice(folder.length).includes(`${sep}node_modules${sep}`))
    .sort((a, b) => basename(a).localeCompare(basename(b)));
}
