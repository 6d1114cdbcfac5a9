import { plural } from '../../basics/plural.ts';
import { left, type Table } from '../table.ts';
import { clip, oneLine } from '../text.ts';
import { taskName } from './compare-runs.ts';
import type { RunComparison, TaskComparison, TaskSide } from './types.ts';

/** Terminal columns of one value of a config. */
const VALUE_WIDTH = 120;

/** What could spoil the comparison: runs that are no valid measurement, settings and prompts that differ. */
export function introTable({ before, after, config, tasks, alone }: RunComparison): Table {
  const [a, b] = [before.letter, after.letter];
  const sizes = tasks.flatMap((task) => sizeRows(task, tasks.length > 1 ? `, ${taskName(task)}` : ''));
  const cell = (text: string) => clip(oneLine(text), VALUE_WIDTH);
  return {
    title: oneLine(`${b} against ${a}: ${after.path} against ${before.path}`),
    headlines: tasks.flatMap((task) => [...validityLines(task, a, b)]),
    columns: [left(''), left(a), left(b), left('Sent')],
    rows: [
      ['Run', cell(before.name), cell(after.name), ''],
      ...sizes,
      ...config.map((one) => [one.key, cell(one.before), cell(one.after), one.inRequest ? 'yes' : '']),
    ],
    footnotes: [
      settingsLine(config),
      ...tasks.flatMap((task) => [...requestLines(task, a, b)]),
      ...tasks.flatMap((task) => failedLine(task)),
      ...alone.map(({ run, task }) => `only in ${run}: ${task}`),
    ],
  };
}

function settingsLine(config: RunComparison['config']): string {
  if (config.length === 0) return 'no setting differs';
  const differ = plural(config.length, 'setting differs', 'settings differ');
  const sent = config.filter(({ inRequest }) => inRequest).length;
  return `${differ}; ${sent === 0 ? 'none' : sent} of them part of what is sent`;
}

function sizeRows({ before, after }: TaskComparison, where: string): string[][] {
  const row = (name: string, of: (side: TaskSide) => number | string | undefined): string[][] => {
    const [one, other] = [of(before), of(after)];
    if (!one && !other) return [];
    return [[oneLine(`${name}${where}`), String(one ?? '(none)'), String(other ?? '(none)'), '']];
  };
  return [
    ...row('Verdict', ({ measured }) => measured?.validity?.verdict),
    ...row('Requests', ({ measured }) => measured?.requests),
    ...row('Failed requests', ({ measured }) => measured?.failed),
    ...row('Answered after a retry', ({ measured }) => measured?.retried),
    ...row('Scored answers', ({ scored }) => scored?.judged.length),
  ];
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
    [sameId, 'the same by content hash'],
    [samePrompt, "with the same prompt, under another model's name or other settings"],
    [otherPrompt, 'with ANOTHER PROMPT, paired by dataset and row'],
    [onlyBefore, `only in ${a}`],
    [onlyAfter, `only in ${b}`],
  ] as const;
  if (parts.every(([n]) => n === 0)) {
    yield oneLine(`requests, ${taskName(task)}: neither run kept what it asked; paired by row`);
    return;
  }
  const told = parts.filter(([n]) => n > 0).map(([n, words]) => `${n} ${words}`);
  yield oneLine(`requests, ${taskName(task)}: ${common} in common; ${told.join(', ')}`);
  const quote = (text: string) => JSON.stringify(clip(oneLine(text), 60));
  if (example !== undefined)
    yield `row ${example.place.split(' ')[0]}: ${a} asks ${quote(example.before)}, ${b} asks ${quote(example.after)}`;
}

function failedLine({ before, after }: TaskComparison): string[] {
  const failed = (before.measured?.failed ?? 0) + (after.measured?.failed ?? 0);
  return failed === 0 ? [] : ['failed requests are counted; latencies are those of answered requests alone'];
}
