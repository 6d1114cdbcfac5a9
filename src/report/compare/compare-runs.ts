import { type Finding, finding } from '../../contract/finding.ts';
import { configDifferences } from './config-differences.ts';
import { holm } from './holm.ts';
import { judgeRules } from './judge-rules.ts';
import { numbersOf } from './numbers-of.ts';
import { pairingOf } from './pairing.ts';
import { isFindingRule, type Rule } from './rules.ts';
import { scoreChange } from './score-change.ts';
import type { NumberChange, RunComparison, RunName, TaskComparison, TaskSide } from './types.ts';

/** A finished run, read back. */
export interface Run {
  readonly name: RunName;
  /** Settings that it was made with. */
  readonly plan: unknown;
  /** Another tool made it: its settings are not to be held against ours. */
  readonly isImported: boolean;
  readonly tasks: readonly TaskSide[];
  readonly findings: readonly Finding[];
}

interface Question {
  readonly rules: readonly Rule[];
  /** Percentiles of latencies, ascending. */
  readonly percentiles: readonly number[];
}

/** Each of the other runs against the first, from what their folders hold. The rules are one family of tests. */
export function compareRuns(
  before: Run,
  others: readonly Run[],
  { rules, percentiles }: Question,
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
  before: Run,
  after: Run,
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
  before: Run,
  after: Run,
): Pick<RunComparison, 'alone'> & { pairs: [TaskSide, TaskSide][] } {
  const modelsOf = ({ tasks }: Run) => new Set(tasks.map(({ model }) => model));
  const isSingle = modelsOf(before).size === 1 && modelsOf(after).size === 1;
  const keyOf = ({ model, dataset }: TaskSide) => JSON.stringify(isSingle ? [dataset] : [model, dataset]);
  const then = new Map(before.tasks.map((task) => [keyOf(task), task]));
  const now = new Map(after.tasks.map((task) => [keyOf(task), task]));
  const lonely = (run: Run, others: ReadonlyMap<string, TaskSide>) =>
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
