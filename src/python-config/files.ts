/**
 * Every file that a config needs, read before anything is evaluated: the evaluation itself touches no file. Only files in
 * the config folders are read, links followed.
 */
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import { messageOf } from '../contract/errors.ts';
import { type ConfigSource, LIMITS, type SourcePlace, unreadable } from './machine.ts';
import { parsePython } from './parse.ts';
import type { ImportFrom, Stmt } from './syntax.ts';

/** Access to files and to the other forms of configs, given by the caller. */
export interface ConfigFiles {
  /** Config folders, absolute, in the order in which they are searched. */
  readonly folders: readonly string[];
  /** The file without links; undefined where there is no such file. */
  realPath(path: string): string | undefined;
  readText(path: string): string;
  /** Variables of a config in another form: JavaScript, TypeScript, JSON, YAML. */
  readOther(path: string): Promise<Readonly<Record<string, unknown>>>;
}

interface PythonFile {
  readonly source: ConfigSource;
  readonly statements: readonly Stmt[];
}

/** All files of a config, parsed. */
export interface Gathered {
  readonly python: ReadonlyMap<string, PythonFile>;
  readonly others: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** The file that an import names, or why there is none. Absent: it does not import a config. */
  readonly imports: ReadonlyMap<ImportFrom, { readonly path: string } | { readonly problem: string }>;
}

/** Where AISBench keeps its configs: imports from there are looked for in the config folders. */
const CONFIG_PACKAGE = ['ais_bench', 'benchmark', 'configs'];

/** In the order in which they are preferred. */
const EXTENSIONS = ['.py', '.ts', '.mts', '.js', '.mjs', '.cjs', '.json', '.yaml', '.yml'];

/** Reads a config and everything that it imports. Throws TMAN-CFG-001. */
export async function gather(main: string, files: ConfigFiles): Promise<Gathered> {
  const python = new Map<string, PythonFile>();
  const others = new Map<string, Readonly<Record<string, unknown>>>();
  const imports = new Map<ImportFrom, { path: string } | { problem: string }>();
  const finder = new Finder(dirname(main), files);
  const waiting: { path: string; from: SourcePlace | undefined }[] = [{ path: main, from: undefined }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path, from } = next;
    if (python.has(path) || others.has(path)) continue;
    if (python.size + others.size >= LIMITS.files && from !== undefined)
      throw unreadable(from, `it imports more than ${LIMITS.files} files`, 'join some of them');
    if (extname(path) !== '.py' && path !== main) others.set(path, await files.readOther(path));
    else {
      const file = parseFile(path, files);
      python.set(path, file);
      for (const statement of listImports(file.statements)) {
        const found = finder.find(statement, path);
        if (found === undefined) continue;
        imports.set(statement, found);
        if ('path' in found)
          waiting.push({ path: found.path, from: { source: file.source, at: statement.at } });
      }
    }
  }
  return { python, others, imports };
}

function parseFile(path: string, files: ConfigFiles): PythonFile {
  let text: string;
  try {
    text = files.readText(path).replace(/^\ufeff/, '');
  } catch (error) {
    throw unreadable({ source: { path, text: '' }, at: 0 }, messageOf(error), 'check the path');
  }
  const source = { path, text };
  return { source, statements: parsePython(source) };
}

function* listImports(statements: readonly Stmt[]): Generator<ImportFrom, void> {
  for (const one of statements) {
    if (one.kind === 'from') yield one;
    else if (one.kind === 'if') {
      for (const { body } of one.branches) yield* listImports(body);
      yield* listImports(one.otherwise);
    } else if ('body' in one) {
      yield* listImports(one.body);
      if ('otherwise' in one) yield* listImports(one.otherwise);
    }
  }
}

class Finder {
  readonly #files: ConfigFiles;
  readonly #folders: readonly string[];
  readonly #real: readonly string[];

  /** The folder of the config that was named is one of the config folders too. */
  constructor(ownFolder: string, files: ConfigFiles) {
    this.#files = files;
    this.#folders = files.folders;
    this.#real = [ownFolder, ...files.folders];
  }

  find(statement: ImportFrom, from: string): { path: string } | { problem: string } | undefined {
    const { level, module } = statement;
    if (level === 0) {
      if (!CONFIG_PACKAGE.every((name, index) => module[index] === name)) return undefined;
      const below = module.slice(CONFIG_PACKAGE.length);
      return this.#first(
        this.#folders.map((folder) => join(folder, ...below)),
        module.join('.'),
      );
    }
    const target = resolve(dirname(from), ...Array<string>(level - 1).fill('..'), ...module);
    const dotted = `${'.'.repeat(level)}${module.join('.')}`;
    if (module.length === 0) return { problem: `"from ${dotted} import …" names no file` };
    const home = this.#folders.find((folder) => isBelow(from, folder));
    const elsewhere =
      home === undefined ? [] : this.#folders.map((folder) => join(folder, relative(home, target)));
    return this.#first([target, ...elsewhere], dotted);
  }

  /** The first of these places, without their extension, where a file lies. */
  #first(places: readonly string[], dotted: string): { path: string } | { problem: string } {
    for (const place of places) {
      for (const candidate of [
        ...EXTENSIONS.map((extension) => place + extension),
        join(place, '__init__.py'),
      ]) {
        const path = this.#files.realPath(candidate);
        if (path === undefined) continue;
        if (this.#real.some((folder) => isBelow(path, folder))) return { path };
        return { problem: `"${dotted}" lies outside of the config folders` };
      }
    }
    return { problem: `there is no config "${dotted}"` };
  }
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
