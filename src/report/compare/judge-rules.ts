import { ALPHA, type Difference } from './difference.ts';
import { holm } from './holm.ts';
import { numberOf, type Rule } from './rules.ts';
import type { NumberChange, RuleResult, TaskComparison } from './types.ts';

/** What a true change is taken to be for `> 0` and `< 0`, to say how many requests would show it: percent, or points. */
const EFFECT_OF_ZERO = { ratio: 5, points: 1 } as const;

/** A task and what it is called. */
interface NamedTask {
  readonly name: string;
  readonly task: Pick<TaskComparison, 'numbers' | 'score'>;
}

/**
 * Every rule on every task that has its number, run by run. A rule is broken where the change that was measured is beyond its
 * threshold and differs from no change at all at the level of 5 %, two-sided, with Holm's correction over all that are judged here.
 */
export function judgeRules(
  rules: readonly Rule[],
  runs: readonly (readonly NamedTask[])[],
): (readonly RuleResult[])[] {
  const found = runs.map((tasks) =>
    rules.flatMap((rule) =>
      tasks.flatMap(({ name, task }) => {
        const number = numberIn(task, numberOf(rule));
        return number === undefined ? [] : [{ rule, task: name, number }];
      }),
    ),
  );
  const all = found.flat();
  const adjusted = holm(all.map(({ number }) => number.difference?.p ?? 1));
  const results = all.map(({ rule, task, number }, i) => ({
    rule,
    task,
    ...judge(rule, number, { adjusted: adjusted[i]!, tests: all.length }),
  }));
  return found.map((own, run) => {
    const before = found.slice(0, run).reduce((sum, { length }) => sum + length, 0);
    return results.slice(before, before + own.length);
  });
}

/** The number of a task under the name that a rule has for it. */
function numberIn({ numbers, score }: NamedTask['task'], id: string): NumberChange | undefined {
  return id === 'accuracy' ? score : numbers.find((number) => number.id === id);
}

function judge(
  rule: Rule,
  { difference, reason }: NumberChange,
  { adjusted, tests }: { readonly adjusted: number; readonly tests: number },
): Omit<RuleResult, 'rule' | 'task'> {
  if (difference === undefined) return { outcome: 'unknown', why: reason ?? 'there is no such number' };
  const change = changeIn(rule, difference);
  const isBeyond = rule.op === '>' ? change > rule.amount : change < rule.amount;
  const needed = difference.needed(effectOf(rule, difference), ALPHA / tests);
  const known = { difference, change, adjusted, needed };
  if (isBeyond && adjusted < ALPHA)
    return { ...known, outcome: 'broken', why: 'beyond the threshold, and significant' };
  const couldBe =
    rule.op === '>'
      ? endOf(rule, difference, 'high') > rule.amount
      : endOf(rule, difference, 'low') < rule.amount;
  if (!couldBe) return { ...known, outcome: 'kept', why: 'the 95 % interval ends before the threshold' };
  const enough = !needed.isBound && Math.min(...difference.n) >= needed.n;
  if (enough && !isBeyond)
    return { ...known, outcome: 'kept', why: 'not beyond the threshold, and n is large enough' };
  const measured = isBeyond
    ? 'beyond the threshold, but within chance'
    : 'not beyond the threshold, but it could be';
  return {
    ...known,
    outcome: 'unknown',
    why: `${measured}: n is ${sizeText(difference.n)}, ${neededText(needed)} a side are needed`,
  };
}

function sizeText([before, after]: Difference['n']): string {
  return before === after ? String(before) : `${before} and ${after}`;
}

/** `about 3740`: three digits, because the spread is known no better. */
function neededText({ n, isBound }: ReturnType<Difference['needed']>): string {
  return `${isBound ? 'at least' : 'about'} ${Number(n.toPrecision(3))}`;
}

/** The change in the unit of the rule. */
function changeIn({ unit }: Rule, { change, before, after }: Difference): number {
  return unit === '%' || unit === 'points' ? change : after - before;
}

function endOf({ unit }: Rule, difference: Difference, side: 'low' | 'high'): number {
  const end = difference[side];
  return unit === '%' || unit === 'points' ? end : (difference.before * end) / 100;
}

/** The change that the rule is about, in percent or points. */
function effectOf({ unit, amount }: Rule, { scale, before }: Difference): number {
  if (amount === 0) return EFFECT_OF_ZERO[scale];
  return unit === '%' || unit === 'points' ? amount : (100 * amount) / before;
}
