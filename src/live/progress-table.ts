/** The tasks of a run as a table for a terminal: a line each, never wider or higher than the screen. */
import { shortDuration } from '../report/numbers.ts';
import { clip, displayWidth, oneLine } from '../report/text.ts';
import type { Spread, TaskState } from './task-state.ts';
import { doneText, figure, rateText, spreadText, timeText } from './task-text.ts';

/** One task of a run. */
export interface TaskLine {
  readonly name: string;
  /** `not run`: skipped, e.g. when its model could not be reached. */
  readonly status: 'waiting' | 'running' | 'done' | 'not run';
  /** Absent until the task has begun. */
  readonly state?: TaskState;
}

/** Size in columns and lines. */
export interface ScreenSize {
  readonly width: number;
  readonly height: number;
}

interface TableColumn {
  readonly head: string;
  /** 0 is dropped last on a narrow screen. */
  readonly rank: number;
  readonly cell: (line: TaskLine) => string;
}

const PARTS: readonly TableColumn[] = [
  {
    head: 'progress',
    rank: 0,
    cell: ({ status, state }) => (state === undefined ? status : doneText(state)),
  },
  { head: 'in flight', rank: 4, cell: whileRunning(({ inFlight }) => String(inFlight)) },
  { head: 'rate/s', rank: 7, cell: begun((state) => (state.rate === undefined ? '' : rateText(state))) },
  { head: 'tok/s', rank: 3, cell: begun(({ tokensPerSecond = 0 }) => figure(tokensPerSecond)) },
  { head: 'TTFT p50/p99', rank: 5, cell: begun(({ ttft }) => spreadCell(ttft)) },
  { head: 'ITL p50/p99', rank: 6, cell: begun(({ itl }) => spreadCell(itl)) },
  { head: 'failed', rank: 1, cell: begun(({ failed }) => (failed === 0 ? '' : String(failed))) },
  { head: 'time', rank: 2, cell: timeCell },
];

/** Columns that a name keeps as long as others can be dropped. */
const NARROWEST_NAME = 20;
const GAP = 2;

/** Returns the head and a line per task; on a low screen only the tasks around those that run, and how many there are besides. */
export function progressTable(tasks: readonly TaskLine[], { width, height }: ScreenSize): string[] {
  const { shown, rest } = cutToHeight(tasks, height);
  const parts = fittingParts(shown, width);
  const widths = parts.map((part) => columnWidth(part, shown));
  const room = Math.max(0, width - widths.reduce((sum, own) => sum + own + GAP, 0));
  const nameWidth = Math.min(room, Math.max(NARROWEST_NAME, ...shown.map(nameColumns)));
  const row = (name: string, cells: readonly string[]): string => {
    const padded = cells.map((cell, n) => padStart(cell, widths[n]!));
    return clip([padEnd(shortened(name, nameWidth), nameWidth), ...padded].join(' '.repeat(GAP)), width);
  };
  return [
    row(
      'task',
      parts.map(({ head }) => head),
    ),
    ...shown.map((task) =>
      row(
        oneLine(task.name),
        parts.map(({ cell }) => cell(task)),
      ),
    ),
    ...(rest === '' ? [] : [clip(rest, width)]),
  ].slice(0, Math.max(1, height));
}

function begun(text: (state: TaskState) => string): TableColumn['cell'] {
  return ({ state }) => (state === undefined ? '' : text(state));
}

function whileRunning(text: (state: TaskState) => string): TableColumn['cell'] {
  return ({ status, state }) => (state === undefined || status !== 'running' ? '' : text(state));
}

function spreadCell(spread: Spread | undefined): string {
  return spread === undefined ? '' : `${spreadText(spread)} ms`;
}

function timeCell({ status, state }: TaskLine): string {
  if (state === undefined) return '';
  return status === 'running' ? timeText(state) : shortDuration(state.elapsed);
}

function columnWidth({ head, cell }: TableColumn, tasks: readonly TaskLine[]): number {
  return Math.max(displayWidth(head), ...tasks.map((task) => displayWidth(cell(task))));
}

/** Drops the least important columns until the names have room. */
function fittingParts(tasks: readonly TaskLine[], width: number): TableColumn[] {
  const names = Math.max(4, ...tasks.map(nameColumns));
  for (let keep = PARTS.length; keep > 1; keep--) {
    const parts = PARTS.filter(({ rank, cell }) => rank < keep && !isIdle(rank, tasks.map(cell)));
    const taken = parts.reduce((sum, part) => sum + columnWidth(part, tasks) + GAP, 0);
    if (width - taken >= Math.min(names, NARROWEST_NAME)) return parts;
  }
  return PARTS.filter(({ rank }) => rank === 0);
}

function nameColumns({ name }: TaskLine): number {
  return displayWidth(oneLine(name));
}

/** Whether a column of latencies or rates is empty; the usual columns stay, so that the table keeps its shape. */
function isIdle(rank: number, cells: readonly string[]): boolean {
  return rank > 4 && cells.every((cell) => cell === '');
}

/** Returns the lines that fit below the head, and a sentence about the others. */
function cutToHeight(
  tasks: readonly TaskLine[],
  height: number,
): { shown: readonly TaskLine[]; rest: string } {
  if (tasks.length + 1 <= height) return { shown: tasks, rest: '' };
  const room = Math.max(1, height - 2);
  const first = tasks.findIndex(({ status }) => status === 'running' || status === 'waiting');
  const last = tasks.findLastIndex(({ status }) => status === 'running');
  const middle = first < 0 ? tasks.length : Math.floor((first + Math.max(first, last)) / 2);
  const from = Math.max(0, Math.min(middle - Math.floor(room / 2), tasks.length - room));
  const shown = tasks.slice(from, from + room);
  const [before, after] = [from, tasks.length - from - shown.length];
  const counts = [before > 0 ? `${before} above` : '', after > 0 ? `${after} below` : ''];
  return { shown, rest: `and ${counts.filter((text) => text !== '').join(', ')}` };
}

function shortened(name: string, width: number): string {
  if (displayWidth(name) <= width) return name;
  return width === 0 ? '' : `${clip(name, width - 1)}…`;
}

function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

const REDRAW_MS = 500;

/** Lines on a terminal that are redrawn until they end. */
export interface Drawing {
  /** Removes the lines, lets `print` write, and draws them again. */
  aside(print: () => void): void;
  /** Removes the lines for good. */
  end(): void;
}

/** Returns what to draw on a screen of this size. */
export type Lines = (size: ScreenSize) => readonly string[];

/** Draws nothing. */
export const NO_DRAWING: Drawing = { aside: (print) => print(), end: () => {} };

/**
 * Draws the lines below an empty one until they are ended; without a terminal it draws nothing. Between two drawings the cursor is
 * on the empty line: what a terminal echoes there (`^C`) overwrites nothing, and a window that changes its width does not move the start
 * of the next drawing.
 */
export function drawLines(lines: Lines, stream: NodeJS.WriteStream): Drawing {
  if (!stream.isTTY) return NO_DRAWING;
  const draw = () => {
    const { columns = 80, rows = 24 } = stream;
    const now = ['', ...lines({ width: columns - 1, height: Math.max(1, rows - 2) })];
    const text = now.map((line) => `${line}\x1b[K`).join('\n');
    stream.write(`\r${text}\x1b[J\r\x1b[${now.length - 1}A`);
  };
  const clear = () => void stream.write('\r\x1b[J');
  draw();
  const timer = setInterval(draw, REDRAW_MS);
  stream.on('resize', draw);
  return {
    aside: (print) => {
      clear();
      print();
      draw();
    },
    end: () => {
      clearInterval(timer);
      stream.off('resize', draw);
      clear();
    },
  };
}
