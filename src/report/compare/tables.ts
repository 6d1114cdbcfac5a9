import { plural } from '../../basics/plural.ts';
import { changeTables } from '../changes.ts';
import { bullets, escaped, section } from '../markdown.ts';
import { compactNumber } from '../numbers.ts';
import { phrase } from '../phrase.ts';
import { left, NO_VALUE, reasonNotes, right, type Table } from '../table.ts';
import { clip, oneLine } from '../text.ts';
import { type Phrase, say, type Text } from '../words.ts';
import { taskName } from './compare-runs.ts';
import { ALPHA, type Difference } from './difference.ts';
import { isFindingRule, type NumberRule } from './rules.ts';
import type { NumberChange, RuleResult, RunComparison, TaskComparison, TaskSide } from './types.ts';

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
function gatesInWords(rules: readonly RuleResult[]): Phrase {
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

/** Terminal columns of one value of a config. */
const VALUE_WIDTH = 120;

/** Makes the table of what could spoil the comparison: runs that are no valid measurement, settings and prompts that differ. */
export function introTable({ before, after, config, tasks, alone }: RunComparison): Table {
  const [a, b] = [before.letter, after.letter];
  const sizes = tasks.flatMap((task) => sizeRows(task, tasks.length > 1 ? taskName(task) : undefined));
  const cell = (text: string | undefined) =>
    text === undefined ? phrase('(absent)') : clip(oneLine(text), VALUE_WIDTH);
  const paths = { afterPath: after.path, beforePath: before.path };
  return {
    title: phrase('{after} against {before}: {afterPath} against {beforePath}', {
      after: b,
      before: a,
      ...paths,
    }),
    headlines: tasks.flatMap((task) => [...validityLines(task, a, b)]),
    columns: [left(''), left(a), left(b), left(phrase('Sent'))],
    rows: [
      [phrase('Run'), cell(before.name), cell(after.name), ''],
      ...sizes,
      ...config.map((one) => [
        one.key,
        cell(one.before),
        cell(one.after),
        one.inRequest ? phrase('yes') : '',
      ]),
    ],
    footnotes: [
      settingsLine(config),
      ...tasks.flatMap((task) => [...requestLines(task, a, b)]),
      ...tasks.flatMap((task) => failedLine(task)),
      ...alone.map(({ run, task }) => phrase('only in {run}: {task}', { run, task: oneLine(task) })),
    ],
  };
}

function settingsLine(config: RunComparison['config']): Text {
  const n = config.length;
  if (n === 0) return phrase('no setting differs');
  const sent = config.filter(({ inRequest }) => inRequest).length;
  return sent === 0
    ? phrase('{n?# setting differs|# settings differ}; none of them part of what is sent', { n })
    : phrase('{n?# setting differs|# settings differ}; {sent} of them part of what is sent', { n, sent });
}

/** `task`: named in each row, where there are several. */
function sizeRows({ before, after }: TaskComparison, task: string | undefined): Text[][] {
  const row = (name: Text, of: (side: TaskSide) => number | string | undefined): Text[][] => {
    const [one, other] = [of(before), of(after)];
    if (!one && !other) return [];
    const cell = (value: number | string | undefined) =>
      value === undefined ? phrase('(none)') : String(value);
    const head = task === undefined ? name : phrase('{row}, {task}', { row: name, task: oneLine(task) });
    return [[head, cell(one), cell(other), '']];
  };
  return [
    ...row(phrase('Verdict'), ({ measured }) => measured?.validity?.verdict),
    ...row(phrase('Requests'), ({ measured }) => measured?.requests),
    ...row(phrase('Failed requests'), ({ measured }) => measured?.failed),
    ...row(phrase('Answered after a retry'), ({ measured }) => measured?.retried),
    ...row(phrase('Scored answers'), ({ scored }) => scored?.judged.length),
  ];
}

function* validityLines(task: TaskComparison, a: string, b: string): Iterable<Text> {
  for (const [run, { measured }] of [
    [a, task.before],
    [b, task.after],
  ] as const) {
    const { validity } = measured ?? {};
    if (validity === undefined || validity.verdict === 'VALID') continue;
    const { verdict, findings } = validity;
    yield phrase('{run} is {verdict}, {task}: {reasons}', {
      ...{ run, verdict, task: taskName(task) },
      reasons: findings,
    });
  }
}

function* requestLines(comparison: TaskComparison, a: string, b: string): Iterable<Text> {
  const { sameId, samePrompt, otherPrompt, onlyBefore, onlyAfter, example } = comparison.pairing;
  const task = oneLine(taskName(comparison));
  const parts = [
    [sameId, phrase('{n} the same by content hash', { n: sameId })],
    [
      samePrompt,
      phrase("{n} with the same prompt, under another model's name or other settings", { n: samePrompt }),
    ],
    [otherPrompt, phrase('{n} with ANOTHER PROMPT, paired by dataset and row', { n: otherPrompt })],
    [onlyBefore, phrase('{n} only in {run}', { n: onlyBefore, run: a })],
    [onlyAfter, phrase('{n} only in {run}', { n: onlyAfter, run: b })],
  ] as const;
  const known = parts.filter(([n]) => n > 0).map(([, words]) => words);
  if (known.length === 0) {
    yield phrase('requests, {task}: neither run kept its prompts; paired by row', { task });
    return;
  }
  const n = sameId + samePrompt + otherPrompt;
  yield phrase('requests, {task}: {n} in common; {parts}', { task, n, parts: known });
  if (example === undefined) return;
  const quote = (text: string) => JSON.stringify(clip(oneLine(text), 60));
  yield phrase('row {row}: {before} sends {beforePrompt}, {after} sends {afterPrompt}', {
    ...{ row: example.place.split(' ')[0]!, before: a, after: b },
    ...{ beforePrompt: quote(example.before), afterPrompt: quote(example.after) },
  });
}

function failedLine({ before, after }: TaskComparison): Text[] {
  const failed = (before.measured?.failed ?? 0) + (after.measured?.failed ?? 0);
  return failed === 0
    ? []
    : [phrase('failed requests are counted; latencies are those of answered requests alone')];
}

/** `+3.2 %`, `−1.4 pt`. */
function signed(value: number, unit: string): string {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  const text = size.toFixed(digits);
  const isZero = Number(text) === 0;
  return `${isZero ? '' : value > 0 ? '+' : '−'}${text}${unit}`;
}

function changeText({ scale, change }: Difference): string {
  return signed(change, scale === 'ratio' ? ' %' : ' pt');
}

function intervalText({ low, high }: Difference): string {
  if (!Number.isFinite(high) || low === -100) return 'not bounded';
  return `${signed(low, '')} … ${signed(high, '')}`;
}

function pText(p: number | undefined): string {
  if (p === undefined) return NO_VALUE;
  return p < 0.001 ? '<.001' : p.toFixed(3);
}

/** What the comparison says of a number, at the level of 5 % for all numbers together. */
export function verdictOf({ difference, adjusted = 1, moreIsBetter }: NumberChange): 'better' | 'worse' | '' {
  if (difference === undefined || adjusted >= ALPHA || difference.change === 0) return '';
  return difference.change > 0 === moreIsBetter ? 'better' : 'worse';
}

/** A number in its unit, short enough for a table. */
function valueText(value: number, unit: string): string {
  return unit === '%' ? value.toFixed(2) : compactNumber(value);
}

/** The comparisons as Markdown, for a pull request: the outcome of the gates on top. */
export function comparisonMarkdown(comparisons: readonly RunComparison[], shown?: number): string {
  const rules = comparisons.flatMap((one) => one.rules);
  const sections = [
    '# ais_bench compare',
    ...(rules.length === 0 ? [] : [`**${escaped(say(gatesInWords(rules)))}**`]),
    ...comparisons.flatMap((one) => [...comparisonTables(one, shown).map(section), ...bullets(one.findings)]),
  ];
  return `${sections.join('\n\n')}\n`;
}
