import { changeTables } from '../changes.ts';
import { compactNumber } from '../numbers.ts';
import { left, NO_VALUE, reasonNotes, right, type Table } from '../table.ts';
import { clip, oneLine } from '../text.ts';
import { taskName } from './compare-runs.ts';
import type {
  ConfigDifference,
  NumberChange,
  RuleResult,
  RunComparison,
  TaskComparison,
  TaskSide,
} from './types.ts';
import { changeText, intervalText, pText, signed, valueText, verdictOf } from './words.ts';

/** Terminal columns of one value of a config. */
const VALUE_WIDTH = 120;

const EFFECTS =
  'n for 5 %: requests a side with which a true change of 5 % (of shares: 1 point) would be found in 9 of 10 comparisons; > where the values are too few to tell more';
const MARKS =
  'better, worse: significant at 5 % for all numbers of the comparison together (Holm); intervals are of 95 %, each by itself';

/** Everything that a comparison has to say, what could spoil it first. */
export function comparisonTables(comparison: RunComparison, whereAll: string, shown?: number): Table[] {
  return [
    configTable(comparison),
    ...comparison.tasks.flatMap((task) => taskTables(task, comparison, whereAll, shown)),
    ...(comparison.rules.length === 0 ? [] : [rulesTable(comparison.rules)]),
  ];
}

function configTable({ before, after, config, tasks, alone }: RunComparison): Table {
  const a = before.letter;
  const b = after.letter;
  return {
    title: oneLine(`${a} = ${before.path}, ${b} = ${after.path}`),
    headlines: [
      ...tasks.flatMap((task) => [...validityLines(task, a, b)]),
      ...(config.length === 0 ? ['config: the same'] : [`config: ${config.length} settings differ`]),
    ],
    columns: [left('Setting'), left(a), left(b), left('Sent')],
    rows: config.map(configRow),
    footnotes: [
      ...alone.map(({ run, task }) => `only in ${run}: ${task}`),
      ...tasks.flatMap((task) => [...requestLines(task, a, b)]),
    ],
  };
}

function configRow({ key, before, after, inRequest }: ConfigDifference): string[] {
  const cell = (text: string) => clip(oneLine(text), VALUE_WIDTH);
  return [key, cell(before), cell(after), inRequest ? 'yes' : ''];
}

function* validityLines(task: TaskComparison, a: string, b: string): Iterable<string> {
  for (const [letter, { measured }] of [
    [a, task.before],
    [b, task.after],
  ] as const) {
    const { validity } = measured ?? {};
    if (validity === undefined || validity.verdict === 'VALID') continue;
    yield oneLine(`${letter} is ${validity.verdict}, ${taskName(task)}: ${validity.reasons.join('; ')}`);
  }
}

function* requestLines(task: TaskComparison, a: string, b: string): Iterable<string> {
  const { sameId, samePrompt, otherPrompt, onlyBefore, onlyAfter, example } = task.pairing;
  const common = sameId + samePrompt + otherPrompt;
  const parts = [
    ...(sameId > 0 ? [`${sameId} the same by their content hash`] : []),
    ...(samePrompt > 0 ? [`${samePrompt} with the same prompt under other settings`] : []),
    ...(otherPrompt > 0 ? [`${otherPrompt} with another prompt, paired by dataset and row`] : []),
    ...(onlyBefore > 0 ? [`${onlyBefore} only in ${a}`] : []),
    ...(onlyAfter > 0 ? [`${onlyAfter} only in ${b}`] : []),
  ];
  yield oneLine(`requests, ${taskName(task)}: ${common} in common: ${parts.join(', ')}`);
  const quote = (text: string) => JSON.stringify(clip(oneLine(text), 60));
  if (example !== undefined)
    yield `row ${example.place.split(' ')[0]}: ${a} asks ${quote(example.before)}, ${b} asks ${quote(example.after)}`;
  const [failedA, failedB] = [task.before, task.after].map(({ measured }) => measured?.failed ?? 0);
  if (failedA! + failedB! > 0)
    yield `failed requests: ${failedA} in ${a}, ${failedB} in ${b}; they are counted and in no latency`;
}

function taskTables(task: TaskComparison, run: RunComparison, whereAll: string, shown?: number): Table[] {
  const { before, changes, score, numbers } = task;
  const name = taskName(task);
  const flips = changeTables(
    [{ model: task.after.model, dataset: before.dataset, changes }],
    whereAll,
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
      `${pairs} answers to the same rows: ${lost} worth less in ${b}, ${won} worth more`,
      ...reasonNotes([
        { name: score!.label, ...(score!.reason === undefined ? {} : { reason: score!.reason }) },
      ]),
    ],
  };
}

function numbersTable(name: string, task: TaskComparison, [a, b]: readonly [string, string]): Table {
  return {
    title: oneLine(`Performance, ${name}`),
    headlines: [...sizeLines(task.before, a), ...sizeLines(task.after, b)],
    columns: numberColumns('Metric', a, b, 'n for 5 %'),
    rows: task.numbers.map((number) => numberRow(number, number.difference?.scale === 'points' ? 1 : 5)),
    footnotes: [
      MARKS,
      EFFECTS,
      ...reasonNotes(
        task.numbers.map(({ label, reason }) => ({
          name: label,
          ...(reason === undefined ? {} : { reason }),
        })),
      ),
    ],
  };
}

function sizeLines({ measured }: TaskSide, letter: string): string[] {
  if (measured === undefined) return [];
  const { requests, failed, retried } = measured;
  return [`${letter}: ${requests} requests, ${failed} failed, ${retried} answered after a retry`];
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

function numberRow(number: NumberChange, effect: number): string[] {
  const { label, unit, difference } = number;
  const name = unit === '%' ? `${label}, %` : `${label}, ${unit}`;
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

const OUTCOMES = { broken: 'BROKEN', kept: 'kept', unknown: 'TOO FEW TO KNOW' } as const;

function rulesTable(rules: readonly RuleResult[]): Table {
  return {
    title: 'Gates (--fail-if)',
    columns: [left('Rule'), left('Where'), right('Measured'), right('p'), left('Outcome')],
    rows: rules.map(({ rule, task, change, adjusted, outcome, why }) => [
      rule.text,
      oneLine(task),
      change === undefined ? NO_VALUE : signed(change, rule.unit === 'points' ? ' pt' : ` ${rule.unit}`),
      pText(adjusted),
      `${OUTCOMES[outcome]}: ${why}`,
    ]),
    footnotes: rules.length > 1 ? [`p is corrected for ${rules.length} tests (Holm)`] : [],
  };
}
