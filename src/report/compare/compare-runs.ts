import { defined } from '../../basics/defined.ts';
import { type Finding, finding } from '../../contract/finding.ts';
import { type VerdictChange, verdictChanges } from '../../evaluate/changes.ts';
import { clusterOf } from '../../evaluate/measure.ts';
import { normalQuantile } from '../../evaluate/statistics/distributions.ts';
import { type AnswerPair, mcnemarExact, pairedDifference } from '../../evaluate/statistics/interval.ts';
import { creditOf, type Judged } from '../../evaluate/types.ts';
import { type Difference, POWER } from './difference.ts';
import { holm, judgeRules } from './judge-rules.ts';
import { numbersOf } from './numbers-of.ts';
import { type GateRule, isFindingRule } from './rules.ts';
import type {
  ConfigDifference,
  NumberChange,
  Pairing,
  RunComparison,
  RunName,
  SentPrompt,
  TaskComparison,
  TaskSide,
} from './types.ts';

/** A finished run, read back. */
export interface ComparedRun {
  readonly name: RunName;
  /** Settings that it was made with. */
  readonly plan: unknown;
  /** Another tool made it: its settings are not to be held against ours. */
  readonly isImported: boolean;
  readonly tasks: readonly TaskSide[];
  readonly findings: readonly Finding[];
}

interface CompareQuestion {
  readonly rules: readonly GateRule[];
  /** Percentiles of latencies, ascending. */
  readonly percentiles: readonly number[];
}

/** Each of the other runs against the first, from what their folders hold. The rules are one family of tests. */
export function compareRuns(
  before: ComparedRun,
  others: readonly ComparedRun[],
  { rules, percentiles }: CompareQuestion,
): RunComparison[] {
  const compared = others.map((after) => comparePair(before, after, percentiles));
  const tasks = compared.map((comparison) =>
    comparison.tasks.map((task) => ({ name: taskName(task), task })),
  );
  const judged = judgeRules(rules, tasks);
  const tests = judged.flat().filter(({ rule }) => !isFindingRule(rule)).length;
  return compared.map((comparison, n) => ({ ...comparison, rules: judged[n]!, tests }));
}

function comparePair(
  before: ComparedRun,
  after: ComparedRun,
  percentiles: readonly number[],
): Omit<RunComparison, 'rules' | 'tests'> {
  const { pairs, alone } = pairTasks(before, after);
  const isKnown = before.isImported === after.isImported;
  return {
    before: before.name,
    after: after.name,
    config: isKnown ? configDifferences(before.plan, after.plan) : [],
    tasks: withAdjusted(pairs.map(([one, other]) => compareTask(one, other, percentiles))),
    alone,
    findings: [...before.findings, ...after.findings, ...(isKnown ? [] : [finding('CONFIG-UNKNOWN', {})])],
  };
}

/** `model × dataset`, and both models where they are called differently. */
export function taskName({ before, after }: TaskComparison): string {
  const model = before.model === after.model ? before.model : `${before.model} → ${after.model}`;
  return `${model} × ${before.dataset}`;
}

/** By model and dataset; where each run has one model, by dataset alone. */
function pairTasks(
  before: ComparedRun,
  after: ComparedRun,
): Pick<RunComparison, 'alone'> & { pairs: [TaskSide, TaskSide][] } {
  const modelsOf = ({ tasks }: ComparedRun) => new Set(tasks.map(({ model }) => model));
  const isSingle = modelsOf(before).size === 1 && modelsOf(after).size === 1;
  const keyOf = ({ model, dataset }: TaskSide) => JSON.stringify(isSingle ? [dataset] : [model, dataset]);
  const then = new Map(before.tasks.map((task) => [keyOf(task), task]));
  const now = new Map(after.tasks.map((task) => [keyOf(task), task]));
  const lonely = (run: ComparedRun, others: ReadonlyMap<string, TaskSide>) =>
    run.tasks
      .filter((task) => !others.has(keyOf(task)))
      .map(({ model, dataset }) => ({ run: run.name.letter, task: `${model} × ${dataset}` }));
  return {
    pairs: [...now].flatMap(([key, task]): [TaskSide, TaskSide][] => {
      const one = then.get(key);
      return one === undefined ? [] : [[one, task]];
    }),
    alone: [...lonely(before, now), ...lonely(after, then)],
  };
}

function compareTask(before: TaskSide, after: TaskSide, percentiles: readonly number[]): TaskComparison {
  const isMeasured = before.measured !== undefined && after.measured !== undefined;
  return {
    before,
    after,
    pairing: pairingOf(before.asked, after.asked),
    ...scoreChange(before.scored, after.scored),
    numbers: isMeasured ? numbersOf(before.measured, after.measured, percentiles) : [],
  };
}

/** One family of tests: what is marked in the tables is, all of it together, a false alarm in 5 % of comparisons at most. */
function withAdjusted(tasks: readonly TaskComparison[]): TaskComparison[] {
  const all = tasks.flatMap(({ numbers, score }) => [...(score === undefined ? [] : [score]), ...numbers]);
  const tested = all.filter(({ difference }) => difference !== undefined);
  const adjusted = new Map(
    holm(tested.map(({ difference }) => difference!.p)).map((p, i) => [tested[i]!, p]),
  );
  const withP = <T extends NumberChange>(number: T): T => {
    const p = adjusted.get(number);
    return p === undefined ? number : { ...number, adjusted: p };
  };
  return tasks.map((task) => ({
    ...task,
    ...(task.score === undefined ? {} : { score: withP(task.score) }),
    numbers: task.numbers.map(withP),
  }));
}

/** What two runs asked, place by place of the same data. */
export function pairingOf(
  before: ReadonlyMap<string, SentPrompt>,
  after: ReadonlyMap<string, SentPrompt>,
): Pairing {
  const counts = { sameId: 0, samePrompt: 0, otherPrompt: 0, onlyAfter: 0 };
  let example: Pairing['example'];
  for (const [place, now] of after) {
    const then = before.get(place);
    if (then === undefined) counts.onlyAfter++;
    else if (then.id === now.id) counts.sameId++;
    else if (then.hash === now.hash) counts.samePrompt++;
    else {
      counts.otherPrompt++;
      if (then.excerpt !== undefined && now.excerpt !== undefined)
        example ??= { place, ...around(then.excerpt, now.excerpt) };
    }
  }
  const onlyBefore = [...before.keys()].filter((place) => !after.has(place)).length;
  return { ...counts, onlyBefore, ...(example === undefined ? {} : { example }) };
}

/** Characters before the first one that differs. */
const LEAD = 20;

/** Both texts from shortly before they part. */
function around(before: string, after: string): { before: string; after: string } {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  const from = Math.max(0, same - LEAD);
  const cut = (text: string) => (from === 0 ? text : `…${text.slice(from)}`);
  return { before: cut(before), after: cut(after) };
}

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

interface ScoreChange {
  readonly changes: readonly VerdictChange[];
  readonly score?: NumberChange & { readonly pairs: number; readonly lost: number; readonly won: number };
}

/** Where an answer stands in the data of its run. */
function placeOf({ index, repetition, turn = 0 }: Judged): string {
  return `${index} ${repetition} ${turn}`;
}

/** Verdicts that differ between two runs, and what the score gained over the questions that both were asked. */
export function scoreChange(before: TaskSide['scored'], after: TaskSide['scored']): ScoreChange {
  if (before === undefined || after === undefined) return { changes: [] };
  const then = new Map(before.judged.map((one) => [placeOf(one), one]));
  const pairs = after.judged.flatMap((now) => {
    const one = then.get(placeOf(now));
    // The hash of a case differs with the name of the model: what pairs is its place.
    return one === undefined ? [] : [{ before: one, after: { ...now, id: one.id } }];
  });
  const changes = verdictChanges(
    pairs.map((pair) => pair.before),
    pairs.map((pair) => pair.after),
  );
  const lost = pairs.filter((pair) => creditOf(pair.after) < creditOf(pair.before)).length;
  const won = pairs.filter((pair) => creditOf(pair.after) > creditOf(pair.before)).length;
  const kind = { id: 'accuracy', label: before.metric, unit: '%', moreIsBetter: true };
  const counts = { pairs: pairs.length, lost, won };
  if (before.metric !== after.metric)
    return {
      changes,
      score: {
        ...kind,
        ...counts,
        reason: finding('METRICS-DIFFER', { before: before.metric, after: after.metric }),
      },
    };
  if (pairs.length === 0)
    return { changes, score: { ...kind, ...counts, reason: finding('NO-COMMON-SAMPLE', {}) } };
  return { changes, score: { ...kind, ...counts, difference: differenceOfPairs(pairs, { lost, won }) } };
}

interface JudgedPair {
  readonly before: Judged;
  readonly after: Judged;
}

/**
 * Right or wrong, each question by itself: McNemar's exact test. Credits between, repetitions and questions that share a source:
 * the t of the paired difference over clusters.
 */
function differenceOfPairs(
  pairs: readonly JudgedPair[],
  { lost, won }: { readonly lost: number; readonly won: number },
): Difference {
  const rated: AnswerPair[] = pairs.map(({ before, after }) => ({
    cluster: clusterOf(before),
    before: creditOf(before),
    after: creditOf(after),
  }));
  const n = rated.length;
  const meanOf = (side: 'before' | 'after') => (100 * rated.reduce((sum, pair) => sum + pair[side], 0)) / n;
  const [before, after] = [meanOf('before'), meanOf('after')];
  const paired = pairedDifference(rated);
  const isBinary = rated.every((pair) =>
    [pair.before, pair.after].every((credit) => credit === 0 || credit === 1),
  );
  const isExact = isBinary && paired?.clusters === n;
  return {
    scale: 'points',
    before,
    after,
    n: [n, n],
    change: after - before,
    low: paired?.low ?? -100,
    high: paired?.high ?? 100,
    p: isExact ? mcnemarExact(lost, won) : (paired?.p ?? 1),
    needed: (effect, alpha) => ({
      n: pairsNeeded({ n, squares: squaresOf(rated), effect: Math.abs(effect) / 100, alpha }),
      isBound: false,
    }),
  };
}

function squaresOf(pairs: readonly AnswerPair[]): number {
  const byCluster = new Map<string, number>();
  for (const { cluster, before, after } of pairs)
    byCluster.set(cluster, (byCluster.get(cluster) ?? 0) + after - before);
  return [...byCluster.values()].reduce((sum, one) => sum + one * one, 0);
}

/**
 * Questions that a true change of `effect` (0..1) needs (R. J. Connor, 1987): how many pairs differ is taken from the runs, with one
 * pair more than there are, and cannot be fewer than the change itself.
 */
function pairsNeeded({
  n,
  squares,
  effect,
  alpha,
}: {
  readonly n: number;
  readonly squares: number;
  readonly effect: number;
  readonly alpha: number;
}): number {
  const differing = Math.max(effect, (squares + 1) / n);
  const level = normalQuantile(1 - alpha / 2) * Math.sqrt(differing);
  const power = normalQuantile(POWER) * Math.sqrt(Math.max(0, differing - effect ** 2));
  return Math.ceil(((level + power) / effect) ** 2);
}
