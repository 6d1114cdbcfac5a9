import { findingText } from '../contract/finding.ts';
import { compactNumber } from '../report/numbers.ts';
import { clip, displayWidth, oneLine } from '../report/text.ts';
import { doneText, figure, shareDone, timeText } from './progress-line.ts';
import type { Spread, TaskState } from './task-state.ts';

const LABEL = 11;
/** Two fields stand beside each other where each has so many columns. */
const NARROWEST_FIELD = 38;

/** All that is known of the task that runs, never wider than `width`: its name, then a field a line or two. */
export function panel(name: string, state: TaskState, width: number): string[] {
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

/** With a bar as wide as what is left of the line. */
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

/** Fields in pairs where they fit, else below each other. */
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
