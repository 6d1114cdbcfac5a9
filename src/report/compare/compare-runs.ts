import { type Finding, finding } from '../../contract/finding.ts';
import { configDifferences } from './config-differences.ts';
import { holm } from './holm.ts';
import { judgeRules } from './judge-rules.ts';
import { numbersOf } from './numbers-of.ts';
import { type GateRule, isFindingRule } from './rules.ts';
import { scoreChange } from './score-change.ts';
import type {
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
