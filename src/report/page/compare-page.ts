/** The page of a comparison: what `viewer/src/compare` shows. */
import type { Finding } from '../../contract/finding.ts';
import { changeTables } from '../changes.ts';
import { taskName } from '../compare/compare-runs.ts';
import type { RuleOutcome } from '../compare/rules.ts';
import { introTable, rulesTable, verdictOf } from '../compare/tables.ts';
import type { NumberChange, RunComparison, TaskComparison, TaskSide } from '../compare/types.ts';
import type { Table } from '../table.ts';
import type { Text } from '../words.ts';
import { Column } from './codec.ts';

/** The payload of a page of kind `compare`. */
export interface ComparePage {
  /** Version of the tool that made the page. */
  readonly version: string;
  readonly comparisons: readonly ComparisonPart[];
}

/** One run against the first. */
export interface ComparisonPart {
  /** Letter and path of either run. */
  readonly before: SideName;
  readonly after: SideName;
  readonly validity: readonly ValidityPart[];
  readonly intro: Table;
  readonly gates?: { readonly table: Table; readonly outcomes: readonly RuleOutcome[] };
  readonly tasks: readonly ComparedTask[];
  readonly findings: readonly Finding[];
}

interface SideName {
  readonly letter: string;
  readonly path: string;
}

interface ValidityPart {
  readonly letter: string;
  readonly task: string;
  readonly verdict: string;
  readonly findings: readonly Finding[];
}

export interface ComparedTask {
  readonly name: string;
  /** Verdicts that changed, from right to wrong first. */
  readonly flips?: Table;
  readonly score?: NumberPart & { readonly pairs: number; readonly lost: number; readonly won: number };
  readonly numbers: readonly NumberPart[];
  readonly curves: readonly CurvePart[];
}

/** A number of both runs. Changes are in percent of the first, or in points where `isPoints`. */
export interface NumberPart {
  readonly id: string;
  readonly label: Text;
  readonly unit: string;
  readonly isPoints: boolean;
  readonly verdict: 'better' | 'worse' | '';
  /** Absent where one of the runs has no such number; `reason` says why. */
  readonly before?: number;
  readonly after?: number;
  readonly change?: number;
  /** Ends of the 95 % interval; absent where the values are too few to bound it. */
  readonly low?: number;
  readonly high?: number;
  readonly p?: number;
  /** Requests a side that would show a change of 5 % or of one point; `isBound`: at least so many. */
  readonly needed?: { readonly n: number; readonly isBound: boolean };
  readonly reason?: Finding;
}

/** Evenly spaced quantiles of one latency in either run, ascending, ms. */
interface CurvePart {
  readonly name: string;
  readonly before: Column;
  readonly after: Column;
}

/** Verdicts that a page lists. */
const MOST_FLIPS = 2000;
const POINTS = 501;
const CURVES = ['ttft', 'tpot', 'e2el'] as const;

export function comparePage(comparisons: readonly RunComparison[], version: string): ComparePage {
  return { version, comparisons: comparisons.map(comparisonPart) };
}

function comparisonPart(comparison: RunComparison): ComparisonPart {
  const { before, after, tasks, rules, tests, findings } = comparison;
  return {
    before: { letter: before.letter, path: before.path },
    after: { letter: after.letter, path: after.path },
    validity: tasks.flatMap((task) => [
      ...validityOf(task.before, before.letter, taskName(task)),
      ...validityOf(task.after, after.letter, taskName(task)),
    ]),
    intro: introTable(comparison),
    ...(rules.length === 0
      ? {}
      : { gates: { table: rulesTable(rules, tests), outcomes: rules.map(({ outcome }) => outcome) } }),
    tasks: tasks.map(taskPart),
    findings,
  };
}

function validityOf({ measured }: TaskSide, letter: string, task: string): ValidityPart[] {
  return measured?.validity === undefined ? [] : [{ letter, task, ...measured.validity }];
}

function taskPart(task: TaskComparison): ComparedTask {
  const { before, after, changes, score, numbers } = task;
  const report = { model: after.model, dataset: before.dataset, changes };
  const [flips] = changeTables([report], undefined, MOST_FLIPS);
  return {
    name: taskName(task),
    ...(flips === undefined ? {} : { flips }),
    ...(score === undefined
      ? {}
      : { score: { ...numberPart(score), pairs: score.pairs, lost: score.lost, won: score.won } }),
    numbers: numbers.map(numberPart),
    curves: curvesOf(task),
  };
}

function numberPart(number: NumberChange): NumberPart {
  const { id, label, unit, difference, reason } = number;
  const verdict = verdictOf(number);
  const isPoints = difference?.scale === 'points';
  const named = { id, label, unit, isPoints, verdict, ...(reason === undefined ? {} : { reason }) };
  if (difference === undefined) return named;
  const { before, after, change, low, high, p } = difference;
  const bounded = Number.isFinite(high) && (isPoints || low > -100);
  return {
    ...named,
    before,
    after,
    change,
    p,
    ...(bounded ? { low, high } : {}),
    needed: difference.needed(isPoints ? 1 : 5, 0.05),
  };
}

function curvesOf({ before, after }: TaskComparison): CurvePart[] {
  return CURVES.flatMap((name) => {
    const [one, other] = [quantilesOf(before, name), quantilesOf(after, name)];
    return one === undefined || other === undefined
      ? []
      : [{ name: name.toUpperCase(), before: one, after: other }];
  });
}

function quantilesOf({ measured }: TaskSide, name: (typeof CURVES)[number]): Column | undefined {
  const sorted = measured?.sample.latencies(name).values.sort();
  if (sorted === undefined || sorted.length === 0) return undefined;
  const count = Math.min(POINTS, sorted.length);
  const at = (n: number) => sorted[Math.round((n * (sorted.length - 1)) / Math.max(1, count - 1))]!;
  return Column.precise(Float64Array.from({ length: count }, (_, n) => at(n)));
}
