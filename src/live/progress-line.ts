import { compactNumber, shortDuration } from '../report/numbers.ts';
import { clip, displayWidth } from '../report/text.ts';
import type { Spread, TaskState } from './task-state.ts';

const SEPARATOR = ' | ';

/** One line about a task in progress, never wider than `width` columns: the least important parts leave first. */
export function progressLine(state: TaskState, width: number): string {
  const parts = partsOf(state);
  for (let keep = parts.length; keep > 0; keep--) {
    const line = parts
      .filter(({ rank }) => rank < keep)
      .map(({ text }) => text)
      .join(SEPARATOR);
    if (displayWidth(line) <= width) return line;
  }
  return clip(parts[0]!.text, width);
}

interface Part {
  readonly text: string;
  /** 0 leaves last. */
  readonly rank: number;
}

function partsOf(state: TaskState): Part[] {
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

/** Done of all, where the end is known. */
export function doneText({ done, total }: TaskState): string {
  if (total === undefined) return `${done} done`;
  return `${done}/${total} ${Math.floor(100 * shareDone({ done, total }))}%`;
}

/** A figure that changes from look to look: three digits, as many as it is known to. */
export function figure(value: number): string {
  const rounded = Number(value.toPrecision(3));
  return rounded >= 0.001 && rounded < 1000 ? String(rounded) : compactNumber(rounded);
}

/** 0 to 1. */
export function shareDone({ done, total }: { readonly done: number; readonly total: number }): number {
  return total === 0 ? 1 : Math.min(1, done / total);
}

/** Time left where somebody knows; else time spent. */
export function timeText({ elapsed, left }: TaskState): string {
  return left === undefined ? `${shortDuration(elapsed)} spent` : `${shortDuration(left)} left`;
}

/** `12.1`, or `12.1/12` where a rate is asked for. */
export function rateText({ rate = 0, targetRate }: TaskState): string {
  const now = figure(rate);
  return targetRate === undefined ? now : `${now}/${compactNumber(targetRate)}`;
}

/** `p50/p99`. */
export function spreadText({ p50, p99 }: Spread): string {
  return `${figure(p50)}/${figure(p99)}`;
}
