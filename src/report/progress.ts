import { compactNumber, shortDuration } from './numbers.ts';
import { clip, displayWidth } from './text.ts';

export interface ProgressState {
  /** Requests that ended, well or not. */
  readonly done: number;
  /** Absent when the load has no known end. */
  readonly total?: number;
  readonly inFlight: number;
  readonly failed: number;
  /** Output tokens a second, lately. */
  readonly tokensPerSecond?: number;
  /** Milliseconds since the first request. */
  readonly elapsed: number;
}

const SEPARATOR = ' | ';

/** One line about a run in progress, never wider than `width` columns: the least important parts leave first. */
export function progressLine(state: ProgressState, width: number): string {
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

function partsOf(state: ProgressState): Part[] {
  const { inFlight, failed, tokensPerSecond } = state;
  const speed = tokensPerSecond === undefined ? '' : `${compactNumber(tokensPerSecond)} tok/s`;
  const ranked: [string, number][] = [
    [doneText(state), 0],
    [`${inFlight} in flight`, 4],
    [speed, 3],
    [failed > 0 ? `${failed} failed` : '', 1],
    [timeText(state), 2],
  ];
  const shown = ranked.filter(([text]) => text !== '');
  const order = shown.map(([, rank]) => rank).sort((a, b) => a - b);
  return shown.map(([text, rank]) => ({ text, rank: order.indexOf(rank) }));
}

/** Done of all, where the end is known. */
export function doneText({ done, total }: ProgressState): string {
  if (total === undefined) return `${done} done`;
  const share = total === 0 ? 100 : Math.floor((100 * done) / total);
  return `${done}/${total} ${share}%`;
}

/** Time left at the pace so far; time spent when there is no end or no pace. */
export function timeText({ done, total, elapsed }: ProgressState): string {
  if (total === undefined || done === 0) return `${shortDuration(elapsed)} spent`;
  return `${shortDuration((elapsed / done) * Math.max(0, total - done))} left`;
}
