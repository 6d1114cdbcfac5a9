/** One task in progress as text for a terminal: a line, or a panel of fields. */
import { findingText } from '../contract/finding.ts';
import { compactNumber, shortDuration } from '../report/numbers.ts';
import { clip, displayWidth, oneLine } from '../report/text.ts';
import type { Spread, TaskState } from './task-state.ts';

const SEPARATOR = ' | ';

/** Returns one line about a task, at most `width` columns wide: the least important parts are dropped first. */
export function progressLine(state: TaskState, width: number): string {
  const parts = rankedParts(state);
  for (let keep = parts.length; keep > 0; keep--) {
    const line = parts
      .filter(({ rank }) => rank < keep)
      .map(({ text }) => text)
      .join(SEPARATOR);
    if (displayWidth(line) <= width) return line;
  }
  return clip(parts[0]!.text, width);
}

interface LinePart {
  readonly text: string;
  /** 0 is dropped last. */
  readonly rank: number;
}

function rankedParts(state: TaskState): LinePart[] {
  const { inFlight, failed, tokensPerSecond, rate, rateUnit = 'req/s', ttft, itl } = state;
  const ranked: [string, number][] = [
    [doneText(state), 0],
    [`${inFlight} in flight`, 4],
    [rate === undefined ? '' : `${rateText(state)} ${rateUnit}`, 7],
    [tokensPerSecond === undefined ? '' : `${figure(tokensPerSecond)} tok/s`, 3],
    [ttft === undefined ? '' : `TTFT ${spreadText(ttft)} ms`, 5],
    [itl === undefined ? '' : `ITL ${spreadText(itl)} ms`, 6],
    [failed > 0 ? `${failed} failed` : '', 1],
    [timeText(state), 2],
  ];
  const shown = ranked.filter(([text]) => text !== '');
  const order = shown.map(([, rank]) => rank).sort((a, b) => a - b);
  return shown.map(([text, rank]) => ({ text, rank: order.indexOf(rank) }));
}

/** Samples done, of how many if the end is known. */
export function doneText({ done, total }: TaskState): string {
  if (total === undefined) return `${done} done`;
  return `${done}/${total} ${Math.floor(100 * shareDone({ done, total }))}%`;
}

/** A figure in three digits: more change from second to second. */
export function figure(value: number): string {
  const rounded = Number(value.toPrecision(3));
  return rounded >= 0.001 && rounded < 1000 ? String(rounded) : compactNumber(rounded);
}

/** Share that is done, 0 to 1. */
function shareDone({ done, total }: { readonly done: number; readonly total: number }): number {
  return total === 0 ? 1 : Math.min(1, done / total);
}

/** Time left if known, else time spent. */
export function timeText({ elapsed, left }: TaskState): string {
  return left === undefined ? `${shortDuration(elapsed)} spent` : `${shortDuration(left)} left`;
}

/** `12.1`, or `12.1/12` with a target rate. */
export function rateText({ rate = 0, targetRate }: TaskState): string {
  const now = figure(rate);
  return targetRate === undefined ? now : `${now}/${compactNumber(targetRate)}`;
}

/** `p50/p99`. */
export function spreadText({ p50, p99 }: Spread): string {
  return `${figure(p50)}/${figure(p99)}`;
}

const LABEL = 11;
/** Two fields share a line if each has this many columns. */
const NARROWEST_FIELD = 38;

/** Returns all that is known of a task, at most `width` columns wide: its name, then fields in one or two columns. */
export function taskPanel(name: string, state: TaskState, width: number): string[] {
  const fields = [
    ['in flight', inFlightText(state)],
    ['TTFT', spreadField(state.ttft)],
    ['rate', rateField(state)],
    ['ITL', spreadField(state.itl)],
    ['tokens', state.tokensPerSecond === undefined ? '' : `${figure(state.tokensPerSecond)} tok/s`],
  ] as const;
  const lines = [
    oneLine(name),
    progressText(state, width),
    ...inColumns(
      fields.filter(([, text]) => text !== '').map(([label, text]) => field(label, text)),
      width,
    ),
    ...(state.failed > 0 ? [field('failed', failuresText(state))] : []),
    ...verdictLine(state),
  ];
  return lines.map((line) => clip(line.trimEnd(), width));
}

function field(label: string, text: string): string {
  return `${label.padEnd(LABEL)}${text}`;
}

/** With a bar in the rest of the line. */
function progressText(state: TaskState, width: number): string {
  const text = field('progress', `${doneText(state)}  ${timeText(state)}`);
  const { done, total } = state;
  const room = Math.min(40, width - displayWidth(text) - 2);
  if (total === undefined || room < 10) return text;
  const full = Math.floor(shareDone({ done, total }) * room);
  return `${text}  ${'━'.repeat(full)}${'╌'.repeat(room - full)}`;
}

function inFlightText({ inFlight, concurrency, targetRate }: TaskState): string {
  if (concurrency === undefined) return String(inFlight);
  return targetRate === undefined ? `${inFlight} of ${concurrency}` : `${inFlight}, at most ${concurrency}`;
}

function rateField({ rate, targetRate, rateUnit = 'req/s' }: TaskState): string {
  if (rate === undefined) return '';
  const now = figure(rate);
  return targetRate === undefined
    ? `${now} ${rateUnit}`
    : `${now} of ${compactNumber(targetRate)} ${rateUnit}`;
}

function spreadField(spread: Spread | undefined): string {
  if (spread === undefined) return '';
  return `p50 ${figure(spread.p50)}  p99 ${figure(spread.p99)} ms`;
}

function failuresText({ failed, failures = [] }: TaskState): string {
  if (failures.length === 0) return String(failed);
  return failures.map(([kind, count]) => `${count} ${kind}`).join(', ');
}

function verdictLine({ validity }: TaskState): string[] {
  return validity === undefined ? [] : [field('so far', soFar(validity))];
}

function soFar({ verdict, reason }: NonNullable<TaskState['validity']>): string {
  return reason === undefined ? verdict : `${verdict}: ${oneLine(findingText(reason))}`;
}

/** Fields in pairs if they fit, else below each other. */
function inColumns(fields: readonly string[], width: number): string[] {
  const column = Math.floor(width / 2);
  const widest = Math.max(0, ...fields.map(displayWidth));
  if (column < Math.max(NARROWEST_FIELD, widest + 1)) return [...fields];
  const lines: string[] = [];
  const place = Math.min(column, 44);
  for (let n = 0; n < fields.length; n += 2) {
    const [one = '', other = ''] = fields.slice(n, n + 2);
    lines.push(`${one}${' '.repeat(place - displayWidth(one))}${other}`);
  }
  return lines;
}
