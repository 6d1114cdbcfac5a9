import { left, type Table } from '../table.ts';
import { clip, oneLine } from '../text.ts';
import { phrase, type Text } from '../words.ts';
import { taskName } from './compare-runs.ts';
import type { RunComparison, TaskComparison, TaskSide } from './types.ts';

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
