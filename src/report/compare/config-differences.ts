import { defined } from '../../basics/defined.ts';
import type { ConfigDifference } from './types.ts';

/** Parts of a plan that say where a value came from, where results go, or that no two runs have alike. */
const NO_SETTINGS = new Set(['origins', 'fields', 'nonce', 'workDir', 'notes']);

/** Options of a model that are part of what it is sent. */
const IN_REQUEST =
  /^models\.[^ ]*?\.(class|code|options\.(model|stream|maxOutLen|generationKwargs)\b)|\.(sendsTools|metaTemplate|repetitions)\b|^datasets\..*\.(infer_cfg|reader_cfg)\b/;

/**
 * The settings of two plans (plain data, as `configs/<time>.json` holds them) that are not the same, those that are part of the
 * requests first. Where each plan has one model or dataset they are held against each other whatever they are called.
 */
export function configDifferences(before: unknown, after: unknown): ConfigDifference[] {
  const [one, other] = [settings(before), settings(after)];
  const keys = [...new Set([...one.keys(), ...other.keys()])];
  const differences = keys
    .filter((key) => one.get(key) !== other.get(key) && !isUrl(key, one, other))
    .map((key) =>
      defined({ key, before: one.get(key), after: other.get(key), inRequest: IN_REQUEST.test(key) }),
    );
  return differences.sort((a, b) => Number(b.inRequest) - Number(a.inRequest));
}

/** Where a config names one server, the plan has its address twice. */
function isUrl(key: string, ...plans: readonly ReadonlyMap<string, string>[]): boolean {
  const url = key.replace(/\.connection\.servers\.0$/, '.options.url');
  return url !== key && plans.every((plan) => plan.get(key) === plan.get(url));
}

/** Every value of a plan by its path: `models.0.options.generationKwargs.temperature`. */
function settings(plan: unknown): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) {
      found.set(path, typeof value === 'string' ? value : String(JSON.stringify(value)));
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      if (NO_SETTINGS.has(key)) continue;
      const name = path === 'models' || path === 'datasets' ? nameIn(value as unknown[], inner, key) : key;
      walk(inner, path === '' ? name : `${path}.${name}`);
    }
  };
  walk(plan ?? {}, '');
  return found;
}

/** Of one in a list of several its abbr; a single one needs no name. */
function nameIn(list: readonly unknown[], entry: unknown, index: string): string {
  const abbr = (entry as { abbr?: unknown } | null)?.abbr;
  return list.length > 1 && typeof abbr === 'string' ? abbr : index;
}
