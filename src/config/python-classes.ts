/** What the text of a user's Python file says about its model classes; no Python runs. */
import type { BaseAPIModel } from '../contract/base-api-model.ts';
import { detectAttr } from '../contract/base-model.ts';
import type { ModelClass, PythonService } from '../contract/class-ref.ts';
import type { Catalog } from './catalog.ts';
import { moduleFiles } from './class-code.ts';
import { type ModuleFile, moduleAt } from './find.ts';
import { presentName } from './old-names.ts';
import { serviceModelSchema } from './schema.ts';

/** A class of a Python text, at its top level. */
interface SourceClass {
  readonly name: string;
  /** As they are written: `BaseAPIModel`, `models.VLLMCustomAPIChat`. */
  readonly bases: readonly string[];
  /** Its text, up to the next line that is not indented. */
  readonly body: string;
}

/** What is known of a class before it is loaded. */
interface ClassKind {
  /** Undefined: it inherits from none of the classes that ship, so that its text does not show it. */
  readonly attr: 'service' | 'local' | undefined;
  readonly service: PythonService;
}

/** Returns the names of the classes that a Python text defines at its top level. */
export function pythonClassNames(text: string): string[] {
  return classesIn(text).map(({ name }) => name);
}

/**
 * Finds out what a class of a file is by what it inherits from: the contract's two bases and the classes that ship, directly or through
 * classes of the user's own in this file or in those that it imports. Parsers and constructor keys are inherited likewise.
 */
export async function pythonClassKind(
  file: ModuleFile,
  name: string,
  { folder, models }: { readonly folder: string; readonly models: Catalog['models'] },
): Promise<ClassKind> {
  const { own, ends } = lineage(file, name, folder);
  const shipped = await Promise.all(ends.map((end) => shippedClass(end, models)));
  const attrs = ends.map((end, n) => CONTRACT[end] ?? detectAttr(shipped[n]));
  const known = (['service', 'local'] as const).find((attr) => attrs.includes(attr));
  // Where nothing is known of the bases, they may bring any parser.
  const isOpen = known === undefined;
  const parses = (method: string, ours: 'parseTextResponse' | 'parseStreamResponse') =>
    own.some(({ body }) => defines(body, method)) ||
    shipped.some(
      (one) => typeof (one?.prototype as { [ours]?: unknown } | undefined)?.[ours] === 'function',
    ) ||
    isOpen;
  return {
    attr: known,
    service: {
      parsesText: parses('parse_text_response', 'parseTextResponse'),
      parsesStream: parses('parse_stream_response', 'parseStreamResponse'),
      ...(chunksAreTokens(own, shipped) ? {} : { chunksAreTokens: false }),
      extraOptions: constructorKeys(own, shipped),
      ...abilities(own, shipped),
    },
  };
}

/** What else the class can, by its text and by what it inherits from. */
function abilities(
  own: readonly SourceClass[],
  shipped: readonly (ModelClass | undefined)[],
): Pick<PythonService, 'scoresPrompts' | 'fixesLength' | 'chunksAreTokens'> {
  const inherited = shipped.map((one) => one as Partial<typeof BaseAPIModel> | undefined);
  const scores =
    own.some(({ body }) => defines(body, 'get_ppl_request_body')) ||
    inherited.some((one) => one?.prototype?.getPplRequestBody !== undefined);
  const flag = (name: string) =>
    own
      .flatMap(
        ({ body }) => new RegExp(`^\\s+${name}\\b[^=\\n]*=\\s*(True|False)\\b`, 'm').exec(body)?.[1] ?? [],
      )
      .at(0);
  const fixes = flag('fixes_length') ?? (inherited.some((one) => one?.fixesLength) ? 'True' : 'False');
  const chunks =
    flag('chunks_are_tokens') ?? (inherited.some((one) => one?.chunksAreTokens === false) ? 'False' : 'True');
  return {
    ...(scores ? { scoresPrompts: true } : {}),
    ...(fixes === 'True' ? { fixesLength: true } : {}),
    ...(chunks === 'False' ? { chunksAreTokens: false } : {}),
  };
}

/** The bases of the contract, by their names in Python. */
const CONTRACT: Readonly<Record<string, 'service' | 'local' | undefined>> = Object.assign(
  Object.create(null) as object,
  { BaseAPIModel: 'service', BaseModel: 'local' } as const,
);

interface ClassLineage {
  /** The class and those of the user's that it inherits from, nearest first. */
  readonly own: readonly SourceClass[];
  /** Names of the bases that no file of the user's defines. */
  readonly ends: readonly string[];
}

function lineage(file: ModuleFile, name: string, folder: string): ClassLineage {
  const own: SourceClass[] = [];
  const ends = new Set<string>();
  const seen = new Set<string>();
  const walk = (module: ModuleFile, className: string): void => {
    const key = `${module.path}\0${className}`;
    if (seen.has(key)) return;
    seen.add(key);
    const found = classesIn(module.text).findLast((one) => one.name === className);
    if (found !== undefined) own.push(found);
    // A file may also pass on a class that it imports.
    for (const base of found?.bases ?? [className]) {
      const [place, original] = whereIs(base, module, folder);
      if (place === undefined) ends.add(original);
      else walk(place, original);
    }
  };
  walk(file, name);
  return { own, ends: [...ends] };
}

/** The file of the user's that defines a base, and the base's own name; no file for a class of the contract or one that ships. */
function whereIs(
  base: string,
  module: ModuleFile,
  folder: string,
): readonly [place: ModuleFile | undefined, original: string] {
  const isDotted = base.includes('.');
  const original = isDotted ? base.slice(base.lastIndexOf('.') + 1) : originalName(base, module.text);
  if (CONTRACT[original] !== undefined) return [undefined, original];
  const defines = (one: ModuleFile) => classesIn(one.text).some(({ name }) => name === original);
  if (!isDotted && original === base && defines(module)) return [module, original];
  const imported = moduleFiles(module.path, folder).slice(1);
  const place = imported
    .filter((path) => path.endsWith('.py'))
    .flatMap((path) => moduleAt(path) ?? [])
    .find(defines);
  return [place, original];
}

/** `from x import Base as Name`: the name that it has there. */
function originalName(name: string, text: string): string {
  const [, original] = new RegExp(`\\bimport\\b[^;]*?\\b(\\w+)\\s+as\\s+${name}\\b`).exec(code(text)) ?? [];
  return original ?? name;
}

async function shippedClass(name: string, models: Catalog['models']): Promise<ModelClass | undefined> {
  const present = presentName(name);
  return Object.hasOwn(models, present) ? models[present]!() : undefined;
}

function classesIn(text: string): SourceClass[] {
  const found = code(text).matchAll(
    /^class[ \t]+(\w+)\s*(?:\(([^)]*)\))?\s*:(.*(?:\n|$)(?:[ \t#].*(?:\n|$)|\s*\n)*)/gm,
  );
  return [...found].map(([, name = '', list = '', body = '']) => ({
    name,
    bases: [...list.replace(/#.*$/gm, '').matchAll(/(?:^|,)\s*([\w.]+)\s*(?=[,[]|$)/g)].map(
      ([, base = '']) => base,
    ),
    body,
  }));
}

/** A text without what its long strings say: a docstring may show a class. */
function code(text: string): string {
  return text.replace(/("""|''')[\s\S]*?\1/g, '""');
}

function defines(body: string, method: string): boolean {
  return new RegExp(`^\\s+(?:(?:async\\s+)?def\\s+${method}\\b|${method}\\s*=)`, 'm').test(body);
}

/** What the nearest class says that says something. */
function chunksAreTokens(own: readonly SourceClass[], shipped: readonly (ModelClass | undefined)[]): boolean {
  const said = own.flatMap(
    ({ body }) => /^[ \t]+chunks_are_tokens\b[^=\n]*=\s*(True|False)\b/m.exec(body)?.[1] ?? [],
  );
  if (said.length > 0) return said[0] === 'True';
  return shipped.every(
    (one) => (one as { chunksAreTokens?: boolean } | undefined)?.chunksAreTokens !== false,
  );
}

/** Config keys that the first constructor takes and no common field has; one that passes on `**kwargs` takes those behind it too. */
function constructorKeys(
  own: readonly SourceClass[],
  shipped: readonly (ModelClass | undefined)[],
): string[] {
  const keys: string[] = [];
  let passesOn = true;
  for (const { body } of own) {
    const list = constructorOf(body);
    if (!passesOn) break;
    if (list === undefined) continue;
    keys.push(...parametersIn(list));
    passesOn = /\*\*\s*\w+/.test(list);
  }
  if (passesOn)
    keys.push(
      ...shipped.flatMap(
        (one) => (one as { extraOptions?: readonly string[] } | undefined)?.extraOptions ?? [],
      ),
    );
  return [...new Set(keys)].filter((name) => !Object.hasOwn(serviceModelSchema.shape, name));
}

/** What the parentheses of `__init__` hold, without comments; undefined where a class has none of its own. */
function constructorOf(body: string): string | undefined {
  const found = /def\s+__init__\s*\(([\s\S]*?)\)\s*(?:->[^:]*)?:\s*(?:#.*)?$/m.exec(body);
  return found?.[1]?.replace(/#.*$/gm, '');
}

function parametersIn(list: string): string[] {
  return [...list.matchAll(/(?:^|,)\s*(\w+)\s*(?=[:=,]|$)/g)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'self');
}
