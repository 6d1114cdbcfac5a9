/** Finds the parts of a user's own that a config names: inferencer, evaluator, arrival. */
import { dirname, resolve } from 'node:path';
import { nearest } from '../basics/nearest.ts';
import { type ClassRef, INLINE } from '../contract/class-ref.ts';
import { INFERENCERS } from '../contract/inferencer.ts';
import { ARRIVALS } from '../load/arrival.ts';
import { type Catalog, type PluginKind, unknownName } from './catalog.ts';
import { isEvaluator, isTable, valueAt } from './class-source.ts';
import { realFile } from './find.ts';
import { loadConfig } from './load.ts';
import { loadContext } from './places.ts';
import { partRef, requirePresent } from './resolve-class.ts';
import { type RawEntry, wrongValue } from './validate.ts';

/** Where a config names a part, and what may stand there. */
interface PartSlot {
  readonly kind: PluginKind;
  /** For people. */
  readonly what: string;
  readonly keys: readonly string[];
  readonly isIt: (value: unknown) => boolean;
  /** Names that ship. */
  readonly shipped: (catalog: Catalog) => readonly string[];
}

const isFunction = (value: unknown): boolean => typeof value === 'function';

const INFERENCER: PartSlot = {
  kind: 'inferencers',
  what: 'inferencer',
  keys: ['infer_cfg', 'inferencer', 'type'],
  isIt: isFunction,
  shipped: () => INFERENCERS,
};

/** Evaluators of AISBench's that score nothing: their datasets are for load. */
export const EMPTY_EVALUATORS: ReadonlySet<string> = new Set([
  'MTBenchEvaluator',
  'ShareGPTEvaluator',
  'MooncakeTraceEvaluator',
]);

const EVALUATOR: PartSlot = {
  kind: 'evaluators',
  what: 'evaluator',
  keys: ['eval_cfg', 'evaluator', 'type'],
  isIt: isEvaluator,
  shipped: ({ evaluators }) => [...Object.keys(evaluators), ...EMPTY_EVALUATORS],
};

const ARRIVAL: PartSlot = {
  kind: 'arrivals',
  what: 'arrival',
  keys: ['traffic_cfg', 'arrival'],
  isIt: isFunction,
  shipped: () => ARRIVALS,
};

/** An entry whose parts of the user's own stand there by name, and what these names mean. */
interface NamedParts<Name extends string> {
  readonly entry: RawEntry;
  readonly refs: Readonly<Partial<Record<Name, ClassRef>>>;
}

/** Takes a dataset entry's own inferencer and evaluator out of it. Throws UTILS-CFG-003 for a name that no one has. */
export async function datasetParts(
  entry: RawEntry,
  catalog: Catalog,
  base: string,
): Promise<NamedParts<'inferencer' | 'evaluator'>> {
  const inferencer = await takePart(INFERENCER, entry, catalog, base);
  const evaluator = await takePart(EVALUATOR, inferencer.entry, catalog, base);
  return {
    entry: evaluator.entry,
    refs: {
      ...(inferencer.ref && { inferencer: inferencer.ref }),
      ...(evaluator.ref && { evaluator: evaluator.ref }),
    },
  };
}

/** Takes a model entry's own arrival out of it. Throws UTILS-CFG-003 for a name that no one has. */
export async function arrivalPart(
  entry: RawEntry,
  catalog: Catalog,
  base: string,
): Promise<{ readonly entry: RawEntry; readonly ref?: ClassRef }> {
  return takePart(ARRIVAL, entry, catalog, base);
}

/** A part is there as it is, by the name of a plugin's, or as `./file.ts:export`. */
async function takePart(
  slot: PartSlot,
  entry: RawEntry,
  catalog: Catalog,
  base: string,
): Promise<{ readonly entry: RawEntry; readonly ref?: ClassRef }> {
  const { kind, what, keys, isIt } = slot;
  const given = keys.reduce<unknown>((inner, key) => (isTable(inner) ? inner[key] : undefined), entry.values);
  if (given === undefined || given === null || given === '') return { entry };
  const { plugins } = catalog;
  const shipped = slot.shipped(catalog);
  if (typeof given !== 'string') {
    if (!isIt(given))
      throw wrongValue(entry, keys, `this is no ${what}`, `name one, or give the function itself`);
    const called = nameOf(given, keys.at(-1)!) ?? what;
    return named(slot, entry, called, await partRef(given as object, called, base));
  }
  if (shipped.includes(given)) return { entry };
  const part = plugins?.find(kind, given)?.value;
  if (part !== undefined) return { entry, ref: await partRef(part, given, base) };
  const [, file, exported] = /^(.+\.[cm]?[jt]s):([\w$.-]+)$/.exec(given) ?? [];
  if (file !== undefined && exported !== undefined) {
    const found = await fromFile(slot, entry, { file, exported, base });
    return named(slot, entry, exported, await partRef(found, exported, base));
  }
  requirePresent(given, entry, keys);
  const known = [...shipped, ...(plugins?.names(kind) ?? [])];
  const [field = ''] = keys;
  const where: RawEntry['where'] = (path) => entry.overridden[field] ?? entry.where(path);
  throw unknownName(what, given, { known }, { ...entry, where }, [...keys]);
}

/** A function that is written where it is used has the name of its key. */
function nameOf(part: unknown, key: string): string | undefined {
  const { name } = part as { readonly name?: unknown };
  return typeof name === 'string' && name !== '' && name !== key ? name : undefined;
}

function named({ keys }: PartSlot, entry: RawEntry, name: string, ref: ClassRef) {
  // What a program hands over has no name of its own that is sure to be another than that of something else.
  const text = ref.module === INLINE ? `${name} (${ref.export})` : name;
  return { entry: { ...entry, values: put(entry.values, keys, text) }, ref };
}

function put(
  values: Readonly<Record<string, unknown>>,
  [key = '', ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  if (rest.length === 0) return { ...values, [key]: value };
  return { ...values, [key]: put(values[key] as Record<string, unknown>, rest, value) };
}

async function fromFile(
  { what, keys, isIt }: PartSlot,
  entry: RawEntry,
  { file, exported, base }: { readonly file: string; readonly exported: string; readonly base: string },
): Promise<object> {
  const folders = [...(entry.file === undefined ? [] : [dirname(entry.file)]), base];
  const places = [...new Set(folders.map((folder) => resolve(folder, file)))];
  const path = places.find((one) => realFile(one) !== undefined);
  if (path === undefined)
    throw wrongValue(
      entry,
      keys,
      `there is no file "${file}"`,
      `paths begin at the config's folder, or where the command runs: ${places.join(', ')}`,
    );
  const { values } = await loadConfig(path, loadContext(base));
  const found = valueAt(values, exported);
  if (isIt(found)) return found as object;
  const there = Object.keys(values).filter((key) => isIt(values[key]));
  const near = nearest(exported, there);
  const cure =
    near !== undefined
      ? `did you mean "${file}:${near}"?`
      : there.length === 0
        ? `export the ${what} from it`
        : `it has: ${there.join(', ')}`;
  throw wrongValue(entry, keys, `"${file}" exports no ${what} "${exported}"`, cure);
}
