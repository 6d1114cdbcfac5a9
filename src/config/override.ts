/** Flags laid over the entries of config files: those about every model, and `--set` about one value. */
import { plural } from '../basics/plural.ts';
import { AisBenchError } from '../contract/errors.ts';
import { type Finding, finding } from '../contract/finding.ts';
import { type CompleteConfig, flagName, MODEL_OVERRIDES } from './flags.ts';
import { localModelSchema, serviceModelSchema } from './schema.ts';
import type { RawEntry } from './validate.ts';

/** The entries of a run, before and after flags lie over them. */
interface Entries {
  readonly models: readonly RawEntry[];
  readonly datasets: readonly RawEntry[];
  readonly findings?: readonly Finding[];
}

/** Lays the flags of a run over the entries that its files hold. Throws TMAN-CMD-002 for a flag that reaches none of them. */
export function override<R extends Entries>(raw: R, flags: CompleteConfig): R {
  let { models } = raw;
  for (const [flag, key] of Object.entries(MODEL_OVERRIDES)) {
    const value = flags[flag as keyof typeof MODEL_OVERRIDES];
    if (value !== undefined) models = overrideAll(models, key.split('.'), value, flagName(flag));
  }
  for (const [key, value] of Object.entries(flags.ramp ?? {})) {
    models = overrideAll(models, ['traffic_cfg', key], value, '--ramp');
  }
  if (flags.trustRemoteCode === true) models = models.map(trusting);
  for (const [name, value] of (flags.header ?? []).map(headerLine)) {
    models = overrideAll(models.map(withoutHeader(name)), ['headers', name], value, '--header');
  }
  const lists = { models: [...models], datasets: [...raw.datasets] };
  for (const assignment of flags.set) applySet(lists, assignment);
  const followed = lists.models.map((model, n) => withItsTokenizer(model, raw.models[n]!));
  return {
    ...{ ...raw, models: followed.map(({ model }) => model), datasets: lists.datasets },
    findings: [...(raw.findings ?? []), ...followed.flatMap(({ findings }) => findings)],
  };
}

/** Lets a local model run the code of its repository, which some need; a service's tokenizer is never code. */
function trusting(entry: RawEntry): RawEntry {
  const { attr, type, ...values } = entry.values;
  if (attr !== 'local') return put(entry, ['trust_remote_code'], true, TRUST);
  const isHuggingFace = typeof type === 'string' && type.startsWith('HuggingFace');
  const holders = ['model_kwargs', 'tokenizer_kwargs'].filter(
    (key) => isHuggingFace || Object.hasOwn(values, key),
  );
  return holders.reduce((one, key) => put(one, [key, 'trust_remote_code'], true, TRUST), entry);
}

const TRUST = '--trust-remote-code';

/**
 * A tokenizer that the file has from the model's own folder follows the model to another one; of any other, a model whose `path` was
 * replaced may have got it by mistake.
 */
function withItsTokenizer(
  model: RawEntry,
  written: RawEntry,
): { readonly model: RawEntry; readonly findings: readonly Finding[] } {
  const { overridden, values } = model;
  const { path, tokenizer_path: tokenizer } = values;
  const isIn = (key: string) => Object.hasOwn(overridden, key);
  if (!isIn('path') || isIn('tokenizer_path') || typeof tokenizer !== 'string' || tokenizer === path)
    return { model, findings: [] };
  const scope = { model: String(values['abbr']) };
  if (tokenizer !== written.values['path']) {
    const params = { path: String(path), tokenizer };
    return { model, findings: [finding('TOKENIZER-DIFFERS', params, scope)] };
  }
  const params = { path: String(path), before: tokenizer };
  return {
    model: put(model, ['tokenizer_path'], path, overridden['path']!),
    findings: [finding('TOKENIZER-FOLLOWS', params, scope)],
  };
}

/** A flag for the other kind of model does not change a model; where no model takes it, it is a mistake. */
function overrideAll(
  models: readonly RawEntry[],
  path: readonly string[],
  value: unknown,
  origin: string,
): RawEntry[] {
  const schemaOf = ({ values }: RawEntry) =>
    values['attr'] === 'local' ? localModelSchema : serviceModelSchema;
  const takes = (entry: RawEntry) => Object.hasOwn(schemaOf(entry).shape, path[0]!);
  if (models.length > 0 && !models.some(takes)) {
    throw new AisBenchError(
      'TMAN-CMD-002',
      Object.hasOwn(serviceModelSchema.shape, path[0]!)
        ? `${origin} is for services, and every model here is a local one`
        : `${origin} is for local models, and every model here is a service`,
      {
        where: origin,
        cure: 'leave the flag out',
      },
    );
  }
  return models.map((entry) => (takes(entry) ? put(entry, path, value, origin) : entry));
}

/** `Name: value`. The error does not repeat the text: it may hold a key. */
function headerLine(text: string): [name: string, value: string] {
  const [, name, value] = /^([^\s:]+)\s*:(.*)$/s.exec(text.trim()) ?? [];
  if (name !== undefined && value !== undefined) return [name, value.trim()];
  throw new AisBenchError('TMAN-CMD-002', 'this is no header', {
    where: '--header',
    cure: "write --header 'Name: value'",
  });
}

/** Header names are compared without regard to case: the flag's takes the place of the file's. */
function withoutHeader(name: string): (entry: RawEntry) => RawEntry {
  return (entry) => {
    const { headers } = entry.values;
    if (typeof headers !== 'object' || headers === null) return entry;
    const others = Object.entries(headers).filter(([own]) => own.toLowerCase() !== name.toLowerCase());
    return { ...entry, values: { ...entry.values, headers: Object.fromEntries(others) } };
  };
}

function applySet(lists: { models: RawEntry[]; datasets: RawEntry[] }, assignment: string): void {
  const [, kind, index, path, value] = /^(models|datasets)\.(\d+)\.([^=]+)=(.*)$/s.exec(assignment) ?? [];
  const list = kind === undefined ? undefined : lists[kind as 'models' | 'datasets'];
  const target = list?.[Number(index)];
  if (list === undefined || target === undefined) {
    const there = `there are ${lists.models.length} model(s) and ${lists.datasets.length} dataset(s)`;
    throw new AisBenchError('TMAN-CMD-002', `--set ${assignment.split('=')[0]} names nothing; ${there}`, {
      where: '--set',
      cure: 'write it as models.0.key=value or datasets.0.key=value, counted from 0',
    });
  }
  list[Number(index)] = put(target, path!.split('.'), scalar(value!), `--set ${kind}.${index}.${path}`);
}

/** `5`, `true`, `null` and JSON are values; anything else is text. */
function scalar(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function put(target: RawEntry, path: readonly string[], value: unknown, origin: string): RawEntry {
  const values = assign(target.values, path, value, origin) as Record<string, unknown>;
  const [key = ''] = path;
  const before =
    path.length > 1 && Object.hasOwn(target.overridden, key) ? target.overridden[key] : undefined;
  const origins =
    before === undefined || before.split(', ').includes(origin) ? origin : `${before}, ${origin}`;
  return { ...target, values, overridden: { ...target.overridden, [key]: origins } };
}

function assign(
  container: unknown,
  [key, ...rest]: readonly string[],
  value: unknown,
  origin: string,
): unknown {
  if (key === undefined) return value;
  if (Array.isArray(container)) {
    if (!/^\d+$/.test(key) || Number(key) >= container.length) throw noSuchItem(origin, container.length);
    return container.map((item, index) => (String(index) === key ? assign(item, rest, value, origin) : item));
  }
  const table = typeof container === 'object' && container !== null ? container : {};
  const inner = Object.hasOwn(table, key) ? (table as Record<string, unknown>)[key] : undefined;
  return { ...table, [key]: assign(inner, rest, value, origin) };
}

function noSuchItem(origin: string, length: number): AisBenchError {
  return new AisBenchError(
    'TMAN-CMD-002',
    `${origin} names nothing; the list has ${plural(length, 'item')}`,
    {
      where: '--set',
      cure: 'count the items from 0, or set the whole list as JSON',
    },
  );
}
