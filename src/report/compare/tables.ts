import { plural } from '../../basics/plural.ts';
import { changeTables } from '../changes.ts';
import { compactNumber } from '../numbers.ts';
import { left, NO_VALUE, reasonNotes, right, type Table } from '../table.ts';
import { oneLine } from '../text.ts';
import { type Phrase, phrase, type Text } from '../words.ts';
import { taskName } from './compare-runs.ts';
import { introTable } from './intro-table.ts';
import { isFindingRule, type NumberRule } from './rules.ts';
import type { NumberChange, RuleResult, RunComparison, TaskComparison } from './types.ts';
import { changeText, intervalText, pText, signed, valueText, verdictOf } from './words.ts';

const EFFECTS =
  'n for 5 %: requests a side with which a true change of 5 % (of shares: 1 point) would be found in 9 of 10 comparisons; > where the values are too few to tell more';
const MARKS =
  'better, worse: significant at 5 % for all numbers of the comparison together (Holm); intervals are of 95 %, each by itself';

/** Everything that a comparison has to say, what could spoil it first. */
export function comparisonTables(comparison: RunComparison, shown?: number): Table[] {
  return [
    introTable(comparison),
    ...comparison.tasks.flatMap((task) => taskTables(task, comparison, shown)),
    ...(comparison.rules.length === 0 ? [] : [rulesTable(comparison.rules, comparison.tests)]),
  ];
}

function taskTables(task: TaskComparison, run: RunComparison, shown?: number): Table[] {
  const { before, changes, score, numbers } = task;
  const name = taskName(task);
  const flips = changeTables(
    [{ model: task.after.model, dataset: before.dataset, changes }],
    undefined,
    shown,
  );
  const [a, b] = [run.before.letter, run.after.letter];
  return [
    ...flips,
    ...(score === undefined ? [] : [scoreTable(name, task, [a, b])]),
    ...(numbers.length === 0 ? [] : [numbersTable(name, task, [a, b])]),
  ];
}

function scoreTable(name: string, { score }: TaskComparison, [a, b]: readonly [string, string]): Table {
  const { pairs, lost, won } = score!;
  return {
    title: oneLine(`Score, ${name}`),
    columns: numberColumns('Score', a, b, 'n for 1 pt'),
    rows: [numberRow(score!, 1)],
    footnotes: [
      `${plural(pairs, 'answer to the same row', 'answers to the same rows')}: ${lost} worth less in ${b}, ${won} worth more`,
      ...reasonNotes([{ name: score!.label, reason: score!.reason }]),
    ],
  };
}

function numbersTable(name: string, task: TaskComparison, [a, b]: readonly [string, string]): Table {
  return {
    title: oneLine(`Performance, ${name}`),
    columns: numberColumns('Metric', a, b, 'n for 5 %'),
    rows: task.numbers.map((number) => numberRow(number, number.difference?.scale === 'points' ? 1 : 5)),
    footnotes: [
      MARKS,
      EFFECTS,
      ...reasonNotes(task.numbers.map(({ label, reason }) => ({ name: label, reason }))),
    ],
  };
}

function numberColumns(head: string, a: string, b: string, needed: string): Table['columns'] {
  return [
    left(head),
    right(a),
    right(b),
    right('Change'),
    right('95 % interval'),
    right('p'),
    right(needed),
    right(''),
  ];
}

function numberRow(number: NumberChange, effect: number): Text[] {
  const { label, unit, difference } = number;
  const name = phrase('{name}, {unit}', { name: label, unit });
  if (difference === undefined) return [name, ...Array.from({ length: 6 }, () => NO_VALUE), ''];
  const needed = difference.needed(effect, 0.05);
  return [
    name,
    valueText(difference.before, unit),
    valueText(difference.after, unit),
    changeText(difference),
    intervalText(difference),
    pText(difference.p),
    `${needed.isBound ? '>' : ''}${compactNumber(needed.n)}`,
    verdictOf(number),
  ];
}

const OUTCOMES = {
  broken: phrase('BROKEN'),
  kept: phrase('kept'),
  unknown: phrase('TOO FEW TO KNOW'),
} as const;

/** `2 gates: 1 broken, 1 too few to know`. */
export function gatesInWords(rules: readonly RuleResult[]): Phrase {
  const count = (wanted: RuleResult['outcome']) => rules.filter(({ outcome }) => outcome === wanted).length;
  const parts = [
    [count('broken'), '{n} broken'],
    [count('unknown'), '{n} too few to know'],
    [count('kept'), '{n} kept'],
  ] as const;
  return phrase('{n?# gate|# gates}: {parts}', {
    n: rules.length,
    parts: parts.filter(([n]) => n > 0).map(([n, words]) => phrase(words, { n })),
  });
}

function measuredText(change: number, { unit }: NumberRule): Text {
  return unit === 'points' ? phrase('{value} pt', { value: signed(change, '') }) : signed(change, ` ${unit}`);
}

/** `tests`: gates of all runs that are compared at once. */
export function rulesTable(rules: readonly RuleResult[], tests: number): Table {
  return {
    title: phrase('Gates (--fail-if)'),
    headlines: [gatesInWords(rules)],
    columns: [
      left(phrase('Rule')),
      left(phrase('Where')),
      right(phrase('Measured')),
      right('p'),
      left(phrase('Outcome')),
    ],
    rows: rules.map(({ rule, task, change, adjusted, outcome, why }) => [
      rule.text,
      oneLine(task),
      change === undefined || isFindingRule(rule) ? NO_VALUE : measuredText(change, rule),
      pText(adjusted),
      phrase('{outcome}: {why}', { outcome: OUTCOMES[outcome], why }),
    ]),
    footnotes: tests > 1 ? [phrase('p is corrected for {n} tests (Holm)', { n: tests })] : [],
  };
}
