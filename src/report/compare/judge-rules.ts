import { finding } from '../../contract/finding.ts';
import { ALPHA, type Difference } from './difference.ts';
import { type GateRule, isFindingRule, judgeFindings, type NumberRule, numberOf } from './rules.ts';
import type { NumberChange, RuleResult, TaskComparison, TaskSide } from './types.ts';

/** What a true change is taken to be for `> 0` and `< 0`, to say how many requests would show it: percent, or points. */
const EFFECT_OF_ZERO = { ratio: 5, points: 1 } as const;

/** A task and what it is called. */
interface NamedTask {
  readonly name: string;
  readonly task: Pick<TaskComparison, 'numbers' | 'score'> & { readonly after: Pick<TaskSide, 'findings'> };
}

/**
 * Holds every rule against every task that has its number, run by run. A rule is broken where the measured change is beyond its
 * threshold and differs from no change at all at the level of 5 %, two-sided, with Holm's correction over all that are judged here.
 * A rule on a finding is broken where the later run has it.
 */
export function judgeRules(
  rules: readonly GateRule[],
  runs: readonly (readonly NamedTask[])[],
): (readonly RuleResult[])[] {
  const tested = runs.map((tasks) =>
    rules.flatMap((rule) =>
      tasks.flatMap(({ name, task }) => {
        const number = isFindingRule(rule) ? undefined : numberIn(task, numberOf(rule));
        return number === undefined ? [] : [{ rule: rule as NumberRule, task: name, number }];
      }),
    ),
  );
  const all = tested.flat();
  const adjusted = holm(all.map(({ number }) => number.difference?.p ?? 1));
  const results = all.map(({ rule, task, number }, i) => ({
    rule,
    task,
    ...judge(rule, number, { adjusted: adjusted[i]!, tests: all.length }),
  }));
  return tested.map((own, run) => {
    const before = tested.slice(0, run).reduce((sum, { length }) => sum + length, 0);
    const found = rules.filter(isFindingRule).flatMap((rule) =>
      runs[run]!.map(({ name, task }) => ({
        rule,
        task: name,
        ...judgeFindings(rule, task.after.findings),
      })),
    );
    return [...results.slice(before, before + own.length), ...found];
  });
}

/** The number of a task under the name that a rule has for it. */
function numberIn({ numbers, score }: NamedTask['task'], id: string): NumberChange | undefined {
  return id === 'accuracy' ? score : numbers.find((number) => number.id === id);
}

function judge(
  rule: NumberRule,
  { difference, reason }: NumberChange,
  { adjusted, tests }: { readonly adjusted: number; readonly tests: number },
): Omit<RuleResult, 'rule' | 'task'> {
  if (difference === undefined) return { outcome: 'unknown', why: reason ?? finding('NO-SUCH-NUMBER', {}) };
  const change = changeIn(rule, difference);
  const isBeyond = rule.op === '>' ? change > rule.amount : change < rule.amount;
  const needed = difference.needed(effectOf(rule, difference), ALPHA / tests);
  const known = { difference, change, adjusted, needed };
  if (isBeyond && adjusted < ALPHA) return { ...known, outcome: 'broken', why: finding('GATE-BROKEN', {}) };
  const couldBe =
    rule.op === '>'
      ? endOf(rule, difference, 'high') > rule.amount
      : endOf(rule, difference, 'low') < rule.amount;
  if (!couldBe) return { ...known, outcome: 'kept', why: finding('GATE-KEPT-BY-INTERVAL', {}) };
  const enough = !needed.isBound && Math.min(...difference.n) >= needed.n;
  if (enough && !isBeyond) return { ...known, outcome: 'kept', why: finding('GATE-KEPT-BY-SIZE', {}) };
  const code = isBeyond ? 'GATE-WITHIN-CHANCE' : 'GATE-TOO-FEW';
  const why = finding(code, {
    n: [...new Set(difference.n)].map(String),
    needed: needed.n,
    bound: needed.isBound ? 1 : 0,
  });
  return { ...known, outcome: 'unknown', why };
}

/** The change in the unit of the rule. */
function changeIn({ unit }: NumberRule, { change, before, after }: Difference): number {
  return unit === '%' || unit === 'points' ? change : after - before;
}

function endOf({ unit }: NumberRule, difference: Difference, side: 'low' | 'high'): number {
  const end = difference[side];
  return unit === '%' || unit === 'points' ? end : (difference.before * end) / 100;
}

/** The change that the rule is about, in percent or points. */
function effectOf({ unit, amount }: NumberRule, { scale, before }: Difference): number {
  if (amount === 0) return EFFECT_OF_ZERO[scale];
  return unit === '%' || unit === 'points' ? amount : (100 * amount) / before;
}

/**
 * p-values for which the chance of one false alarm among all of them together is bounded by the level that they are held against
 * (S. Holm, 1979): the smallest counts as many times as there are tests, the next one time less, and none less than one before it.
 */
export function holm(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const adjusted = new Array<number>(values.length).fill(1);
  let largest = 0;
  for (const [rank, i] of order.entries()) {
    largest = Math.min(1, Math.max(largest, values[i]! * (values.length - rank)));
    adjusted[i] = largest;
  }
  return adjusted;
}
