/** Groups of datasets as one number (aisbench.md §7.3): mean, weighted mean, sum, standard deviation, harmonic mean. */
import { AisBenchError } from '../contract/errors.ts';
import { combinedInterval } from '../evaluate/statistics/interval.ts';
import type { ReportedInterval } from './accuracy.ts';
import { type MatrixResult, metricsOf } from './matrix.ts';
import { phrase } from './phrase.ts';
import { left, NO_VALUE, nameColumn, reasonNotes, right, type Table } from './table.ts';
import { oneLine } from './text.ts';
import type { Text } from './words.ts';

interface DatasetGroup {
  readonly name: string;
  readonly subsets: readonly Subset[];
  readonly metric: string;
  readonly weights?: Readonly<Record<string, unknown>>;
  readonly kind: GroupKind;
}

interface Subset {
  readonly dataset: string;
  /** Absent: the dataset's first metric. */
  readonly metric?: string;
}

type GroupKind = 'naive_average' | 'weighted_average' | 'sum' | 'standard_deviation' | 'harmonic_mean';

/** One number of a group, said as what it is: `mmlu` may be the plain mean of its subjects or weighted by their sizes. */
export interface GroupScore {
  readonly model: string;
  readonly group: string;
  readonly kind: GroupKind;
  readonly value: number;
  /** How many datasets it is made of. */
  readonly datasets: number;
  /** Numbers among its parts that count characters in the place of words, and so are not comparable. */
  readonly byCharacter?: number;
  /** Absent where a dataset has none. */
  readonly interval?: ReportedInterval;
}

/** What the names of such numbers end with. */
const BY_CHARACTER = '_by_character';

interface Grouped {
  readonly results: readonly MatrixResult[];
  readonly scores: readonly GroupScore[];
  /** Why a model has no number of a group. */
  readonly missing: readonly Text[];
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
  const scores: GroupScore[] = [];
  const missing: { name: string; reason: string }[] = [];
  for (const [n, given] of groups.entries()) {
    const group = parseGroup(given, n);
    const found = models.map((model) => ({ model, parts: partsOf(group, model, all) }));
    if (found.every(({ parts }) => parts.every((part) => part === undefined))) continue;
    for (const { model, parts } of found) {
      const lacking = group.subsets.filter((_, i) => parts[i] === undefined).map(({ dataset }) => dataset);
      if (lacking.length > 0) {
        missing.push({ name: `${group.name} of ${model}`, reason: `no score of ${lacking.join(', ')}` });
        continue;
      }
      const score = scoreOf(group, model, parts as GroupPart[]);
      scores.push(score);
      all.push(resultOf(group, score, all));
    }
  }
  return { results: all.slice(results.length), scores, missing: reasonNotes(missing) };
}

interface GroupPart {
  readonly metric: string;
  readonly value: number;
  readonly interval?: ReportedInterval;
}

function partsOf(
  { subsets }: DatasetGroup,
  model: string,
  all: readonly MatrixResult[],
): (GroupPart | undefined)[] {
  return subsets.map(({ dataset, metric }) => {
    const own = all.find((result) => result.model === model && result.dataset === dataset);
    const name = metric ?? (own === undefined ? '' : (metricsOf([own])[0] ?? ''));
    const value = own?.scores[name];
    if (typeof value !== 'number') return undefined;
    const interval = own?.intervals?.[name];
    return { metric: name, value, ...(interval === undefined ? {} : { interval }) };
  });
}

function scoreOf(group: DatasetGroup, model: string, parts: readonly GroupPart[]): GroupScore {
  const { name, kind } = group;
  const values = parts.map((part) => part.value);
  const weights = weightsOf(group);
  const value = COMBINE[kind](values, weights);
  const slopes = SLOPES[kind](values, weights, value);
  const known = parts.flatMap(({ value: own, interval }, i) =>
    interval === undefined ? [] : [{ value: own, interval, slope: slopes[i]! }],
  );
  const byCharacter = parts.filter(({ metric }) => metric.endsWith(BY_CHARACTER)).length;
  const score = {
    ...{ model, group: name, kind, value, datasets: parts.length },
    ...(byCharacter === 0 ? {} : { byCharacter }),
  };
  // A standard deviation of equal scores has no slope, so nothing is known of how sure it is.
  if (known.length < parts.length || !slopes.every(Number.isFinite)) return score;
  const interval = combinedInterval(value, known);
  const low = kind === 'standard_deviation' ? Math.max(0, interval.low) : interval.low;
  return { ...score, interval: { ...interval, low } };
}

function resultOf(
  group: DatasetGroup,
  { model, value, interval, byCharacter }: GroupScore,
  all: readonly MatrixResult[],
): MatrixResult {
  const metric = byCharacter === undefined ? group.metric : `${group.metric}${BY_CHARACTER}`;
  const modes = new Set(
    group.subsets.map(({ dataset }) => all.find((result) => result.dataset === dataset)!.mode),
  );
  const mode = modes.size === 1 ? [...modes][0]! : 'mixed';
  return {
    ...{ model, dataset: group.name, version: '-', mode, scores: { [metric]: value } },
    ...(interval === undefined ? {} : { intervals: { [metric]: interval } }),
  };
}

const COMBINE: Readonly<
  Record<GroupKind, (scores: readonly number[], weights: readonly number[]) => number>
> = {
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

/** How much the whole grows when one of the scores grows by 1. */
const SLOPES: Readonly<
  Record<GroupKind, (scores: readonly number[], weights: readonly number[], whole: number) => number[]>
> = {
  naive_average: (scores) => scores.map(() => 1 / scores.length),
  weighted_average: (_, weights) => weights.map((weight) => weight / sum(weights)),
  sum: (scores) => scores.map(() => 1),
  standard_deviation: (scores, _, whole) => {
    const mean = sum(scores) / scores.length;
    return scores.map((score) => (score - mean) / (scores.length * whole));
  },
  harmonic_mean: (scores, _, whole) =>
    scores.map((score) => (score > 0 ? whole ** 2 / (scores.length * score ** 2) : 0)),
};

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

/** By the dataset, or by `dataset@metric`. */
function weightsOf({ weights = {}, subsets }: DatasetGroup): number[] {
  return subsets.map(({ dataset, metric }) => Number(weights[`${dataset}@${metric}`] ?? weights[dataset]));
}

function parseGroup(given: unknown, n: number): DatasetGroup {
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
  const group: DatasetGroup = {
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
function kindOf({ std, sum: total, weights, harmonic_mean }: Readonly<Record<string, unknown>>): GroupKind {
  if (std) return 'standard_deviation';
  if (total) return 'sum';
  if (typeof weights === 'object' && weights !== null && Object.keys(weights).length > 0)
    return 'weighted_average';
  return harmonic_mean ? 'harmonic_mean' : 'naive_average';
}

/** What a group's number is, in words: a summarizer may give it any name. */
const KINDS: Readonly<Record<GroupKind, Text>> = {
  naive_average: phrase('plain mean'),
  weighted_average: phrase('weighted mean'),
  sum: phrase('sum'),
  standard_deviation: phrase('standard deviation'),
  harmonic_mean: phrase('harmonic mean'),
};

/** Groups of datasets, each said as what it is; no table where there are none. */
export function groupScoreTables(scores: readonly GroupScore[]): Table[] {
  if (scores.length === 0) return [];
  const hasInterval = scores.some(({ interval }) => interval !== undefined);
  return [
    {
      title: phrase('Groups of datasets'),
      columns: [
        nameColumn(phrase('Group')),
        left(phrase('Number')),
        nameColumn(phrase('Model')),
        right(phrase('Value')),
        right(phrase('Datasets')),
        right(phrase('Interval')),
      ],
      rows: scores.map(({ group, kind, model, value, datasets, interval, byCharacter }) => [
        oneLine(group),
        byCharacter === undefined ? KINDS[kind] : phrase('{kind}, by character', { kind: KINDS[kind] }),
        oneLine(model),
        value.toFixed(2),
        String(datasets),
        interval === undefined ? NO_VALUE : `${interval.low.toFixed(1)}..${interval.high.toFixed(1)}`,
      ]),
      footnotes: [
        phrase('plain mean: every dataset counts the same, however large it is'),
        ...(scores.some(({ byCharacter }) => byCharacter !== undefined)
          ? [
              phrase(
                "by character: a part counts characters of Chinese where others count jieba's words: not comparable",
              ),
            ]
          : []),
        ...(hasInterval ? [phrase('Interval: 95 %, from those of the datasets, which are independent')] : []),
      ],
    },
  ];
}
