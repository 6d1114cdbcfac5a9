/** Groups of datasets as one number (aisbench.md §7.3): mean, weighted mean, sum, standard deviation, harmonic mean. */
import { AisBenchError } from '../errors.ts';
import { type MatrixResult, metricsOf } from './matrix.ts';
import { reasonNotes } from './table.ts';

interface Group {
  readonly name: string;
  readonly subsets: readonly Subset[];
  readonly metric: string;
  readonly weights?: Readonly<Record<string, unknown>>;
  readonly kind: Kind;
}

interface Subset {
  readonly dataset: string;
  /** Absent: the dataset's first metric. */
  readonly metric?: string;
}

type Kind = 'naive_average' | 'weighted_average' | 'sum' | 'standard_deviation' | 'harmonic_mean';

interface Grouped {
  readonly results: readonly MatrixResult[];
  /** Why a model has no number of a group. */
  readonly missing: readonly string[];
}

/**
 * The groups of a summarizer, of every model that has all of a group's datasets. A group of which no model has anything is left
 * out, as in AISBench. Groups may name groups before them. Throws UTILS-CFG-002.
 */
export function groupResults(
  groups: readonly unknown[],
  { results, models }: { readonly results: readonly MatrixResult[]; readonly models: readonly string[] },
): Grouped {
  const all = [...results];
  const missing: { name: string; reason: string }[] = [];
  for (const [n, given] of groups.entries()) {
    const group = parseGroup(given, n);
    const found = models.map((model) => ({ model, scores: scoresOf(group, model, all) }));
    if (found.every(({ scores }) => scores.every((score) => score === undefined))) continue;
    for (const { model, scores } of found) {
      const lacking = group.subsets.filter((_, i) => scores[i] === undefined).map(({ dataset }) => dataset);
      if (lacking.length > 0)
        missing.push({ name: `${group.name} of ${model}`, reason: `no score of ${lacking.join(', ')}` });
      else all.push(resultOf(group, model, scores as number[], all));
    }
  }
  return { results: all.slice(results.length), missing: reasonNotes(missing) };
}

function scoresOf({ subsets }: Group, model: string, all: readonly MatrixResult[]): (number | undefined)[] {
  return subsets.map(({ dataset, metric }) => {
    const own = all.find((result) => result.model === model && result.dataset === dataset);
    const value = own?.scores[metric ?? metricsOf([own])[0] ?? ''];
    return typeof value === 'number' ? value : undefined;
  });
}

function resultOf(
  group: Group,
  model: string,
  scores: readonly number[],
  all: readonly MatrixResult[],
): MatrixResult {
  const modes = new Set(
    group.subsets.map(({ dataset }) => all.find((result) => result.dataset === dataset)!.mode),
  );
  const mode = modes.size === 1 ? [...modes][0]! : 'mixed';
  const value = COMBINE[group.kind](scores, weightsOf(group));
  return { model, dataset: group.name, version: '-', mode, scores: { [group.metric]: value } };
}

const COMBINE: Readonly<Record<Kind, (scores: readonly number[], weights: readonly number[]) => number>> = {
  naive_average: (scores) => sum(scores) / scores.length,
  weighted_average: (scores, weights) => sum(scores.map((score, i) => score * weights[i]!)) / sum(weights),
  sum,
  standard_deviation: (scores) => {
    const mean = sum(scores) / scores.length;
    return Math.sqrt(sum(scores.map((score) => (score - mean) ** 2)) / scores.length);
  },
  // A score of 0 would make it 0 whatever the others are: AISBench puts 1 in the place of what is not positive.
  harmonic_mean: (scores) =>
    scores.length / sum(scores.map((score) => 1 / (score > 0 ? score : Math.max(score, 1)))),
};

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

/** By the dataset, or by `dataset@metric`. */
function weightsOf({ weights = {}, subsets }: Group): number[] {
  return subsets.map(({ dataset, metric }) => Number(weights[`${dataset}@${metric}`] ?? weights[dataset]));
}

function parseGroup(given: unknown, n: number): Group {
  const wrong = (why: string) =>
    new AisBenchError('UTILS-CFG-002', `summarizer.summary_groups.${n}: ${why}`, {
      where: `summary_groups.${n}`,
      cure: 'write { name, subsets: [abbr, …] or [[abbr, metric], …] } and at most one of weights, std, sum, harmonic_mean',
    });
  const table = given as Readonly<Record<string, unknown>>;
  const { name, subsets: list, metric, weights } = table;
  if (typeof name !== 'string' || !Array.isArray(list) || list.length === 0)
    throw wrong('it has no name or no subsets');
  const subsets = list.map((one: unknown) => subsetOf(one));
  if (subsets.some((one) => one === undefined)) throw wrong('a subset is neither an abbr nor [abbr, metric]');
  if (new Set(list.map((one) => typeof one)).size > 1)
    throw wrong('its subsets mix abbrs and [abbr, metric]');
  const kind = kindOf(table);
  const group: Group = {
    name,
    subsets: subsets as Subset[],
    kind,
    metric: typeof metric === 'string' ? metric : kind,
    ...(typeof weights === 'object' && weights !== null
      ? { weights: weights as Record<string, unknown> }
      : {}),
  };
  if (kind === 'weighted_average' && !weightsOf(group).every((weight) => Number.isFinite(weight)))
    throw wrong('a subset has no weight');
  return group;
}

function subsetOf(one: unknown): Subset | undefined {
  if (typeof one === 'string') return { dataset: one };
  if (!Array.isArray(one) || one.length !== 2) return undefined;
  const [dataset, metric] = one as readonly unknown[];
  return typeof dataset === 'string' && typeof metric === 'string' ? { dataset, metric } : undefined;
}

/** Where several are asked for, the first in AISBench's order. */
function kindOf({ std, sum: total, weights, harmonic_mean }: Readonly<Record<string, unknown>>): Kind {
  if (std) return 'standard_deviation';
  if (total) return 'sum';
  if (typeof weights === 'object' && weights !== null && Object.keys(weights).length > 0)
    return 'weighted_average';
  return harmonic_mean ? 'harmonic_mean' : 'naive_average';
}
