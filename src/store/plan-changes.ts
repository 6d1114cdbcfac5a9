/**
 * What of a stored plan (plain data, as `configs/<time>.json` holds it) must be the same for a run to be continued: all that
 * decides an answer. Where a service is, how requests are sent, and how answers are scored may change.
 */
import { isDeepStrictEqual } from 'node:util';

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

/** Models whose classes of the user's have other code than they had; of plans that do not know it nothing is said. */
export function codeChanges(before: unknown, now: unknown): string[] {
  return inBoth(asData(before), asData(now), 'models', (one, other) =>
    one['code'] === undefined || other['code'] === undefined ? [] : changedKeys(one, other, ['code']),
  );
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
