/**
 * Model classes that users wrote in Python, as AISBench's guide has it. They are found by the text of their files: Python
 * runs when the model is loaded, never to read a config.
 */
import { join, resolve } from 'node:path';
import { nearest } from '../basics/nearest.ts';
import type { PythonService } from '../contract/class-ref.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { FoundClass, PythonClasses } from './catalog.ts';
import { moduleName, noteClasses } from './class-source.ts';
import { listPythonFiles, type ModuleFile, moduleAt } from './find.ts';
import { serviceModelSchema } from './schema.ts';
import type { RawEntry } from './validate.ts';

/** Below the user's folder: ours, then where the guide puts a model's file. */
const PLACES = [
  'models',
  'ais_bench/benchmark/models/local_models',
  'ais_bench/benchmark/models/api_models',
] as const;

interface PythonSearch {
  /** The user's folder, which paths are relative to. */
  readonly folder: string;
  readonly entry: RawEntry;
  readonly python: PythonClasses;
}

/** The class of that name from the user's Python files; undefined where none defines it. */
export async function findPythonClass(name: string, search: PythonSearch): Promise<FoundClass | undefined> {
  const file = pythonFiles(search.folder).find(({ text }) =>
    classesIn(text).some((one) => one.name === name),
  );
  return file === undefined ? undefined : classOf(file, name, search);
}

/** The class of a file that a config names. Throws UTILS-CFG-003 where there is no such file or class. */
export async function pythonClassAt(path: string, name: string, search: PythonSearch): Promise<FoundClass> {
  const { folder, entry } = search;
  const file = moduleAt(resolve(folder, path));
  if (file === undefined) {
    const cure = `paths are relative to the folder that the command runs in: ${folder}`;
    throw refusal(entry, `there is no file "${path}"`, cure);
  }
  // A file may also pass on a class that it imports, or make one by a call.
  if (new RegExp(`(?<!\\w)${name.replace(/\W/g, '\\$&')}(?!\\w)`).test(file.text))
    return classOf(file, name, search);
  const names = classesIn(file.text).map((one) => one.name);
  const near = nearest(name, names);
  const there = names.length === 0 ? 'it defines none' : `it has: ${names.join(', ')}`;
  const cure = near === undefined ? there : `did you mean "${path}:${near}"?`;
  throw refusal(entry, `"${path}" has no class "${name}"`, cure);
}

/** Names of the classes in the user's Python files. */
export function pythonNames(folder: string): string[] {
  return pythonFiles(folder).flatMap(({ text }) => classesIn(text).map(({ name }) => name));
}

function pythonFiles(folder: string): ModuleFile[] {
  return PLACES.flatMap((place) => listPythonFiles(join(folder, place)));
}

async function classOf(
  { path, text }: ModuleFile,
  name: string,
  { folder, python }: PythonSearch,
): Promise<FoundClass> {
  const found = classesIn(text).find((one) => one.name === name);
  const service = found?.isService ? { service: serviceIn(found.body, text) } : {};
  const modelClass = await python({ file: path, name, folder, ...service });
  noteClasses({ [name]: modelClass }, path);
  return { modelClass, place: { module: moduleName(path, folder), export: name, ...service } };
}

interface DefinedClass {
  readonly name: string;
  readonly isService: boolean;
  /** Its text, up to the next that is not indented. */
  readonly body: string;
}

/** Classes that a Python text defines at its top level. A service's inherits from BaseAPIModel, or from one that does. */
function classesIn(text: string): DefinedClass[] {
  const services = new Set(['BaseAPIModel']);
  const found = text.matchAll(/^class\s+(\w+)\s*(?:\(([^)]*)\))?\s*:(.*\n(?:[ \t#].*\n|\s*\n|$)*)/gm);
  return [...found].map(([, name = '', bases = '', body = '']) => {
    const isService = (bases.match(/\w+/g) ?? []).some((base) => services.has(base));
    if (isService) services.add(name);
    return { name, isService, body };
  });
}

/** A parser may also be inherited from another class of the file. */
function serviceIn(body: string, text: string): PythonService {
  const has = (method: string) => new RegExp(`^\\s+(async\\s+)?def\\s+${method}\\b`, 'm').test(text);
  return {
    parsesText: has('parse_text_response'),
    parsesStream: has('parse_stream_response'),
    extraOptions: parametersIn(body).filter((name) => !Object.hasOwn(serviceModelSchema.shape, name)),
  };
}

/** Names of what `__init__` takes. */
function parametersIn(body: string): string[] {
  const [, list = ''] = /def\s+__init__\s*\(([\s\S]*?)\)\s*(?:->[^:]*)?:\s*(?:#.*)?$/m.exec(body) ?? [];
  return [...list.replace(/#.*$/gm, '').matchAll(/(?:^|,)\s*(\w+)\s*(?=[:=,]|$)/g)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'self');
}

function refusal(entry: RawEntry, message: string, cure: string): AisBenchError {
  return new AisBenchError('UTILS-CFG-003', `${entry.label}.type: ${message}`, {
    where: entry.where(['type']),
    cure,
  });
}
