import { describe, expect, it } from 'vitest';
import { samplePlan } from '../../test/support/sample-source.ts';
import type { Task } from '../run/prepare.ts';
import type { TaskProgress } from '../run/run-task.ts';
import { drawLines } from './progress.ts';
import { TaskBoard } from './task-board.ts';

function fakeStream(isTTY: boolean): { stream: NodeJS.WriteStream; written: string[] } {
  const written: string[] = [];
  const stream = { isTTY, columns: 41, rows: 11, write: (text: string) => written.push(text) };
  return { stream: stream as unknown as NodeJS.WriteStream, written };
}

/** What a terminal shows after these writes: lines are drawn over, and cleared to their end or the screen's. */
function screenOf(written: readonly string[]): string[] {
  const lines = [''];
  let [row, column] = [0, 0];
  for (const [token] of written.join('').matchAll(/\x1b\[\d*[AJK]|[\s\S]/g)) {
    const up = /^\x1b\[(\d+)A$/.exec(token)?.[1];
    if (token === '\r') column = 0;
    else if (token === '\n') [row, column] = [row + 1, 0];
    else if (up !== undefined) row -= Number(up);
    else if (token === '\x1b[K') lines[row] = lines[row]!.slice(0, column);
    else if (token === '\x1b[J') {
      lines[row] = lines[row]!.slice(0, column);
      lines.length = row + 1;
    } else {
      lines[row] = lines[row]!.padEnd(column).slice(0, column) + token + lines[row]!.slice(column + 1);
      column += 1;
    }
    lines[row] ??= '';
  }
  return lines;
}

describe('drawLines', () => {
  it('draws over what it drew, makes room for words, and leaves nothing behind', () => {
    const { stream, written } = fakeStream(true);
    let lines = ['one is long', 'two', 'three'];
    const drawing = drawLines((size) => {
      expect(size).toEqual({ width: 40, height: 10 });
      return lines;
    }, stream);
    expect(screenOf(written)).toEqual(lines);
    lines = ['1', '2'];
    drawing.aside(() => stream.write('said\n'));
    expect(screenOf(written)).toEqual(['said', '1', '2']);
    drawing.end();
    expect(screenOf(written)).toEqual(['said', '']);
  });

  it('draws nothing where there is no terminal', () => {
    const { stream, written } = fakeStream(false);
    const drawing = drawLines(() => ['never'], stream);
    drawing.aside(() => stream.write('said\n'));
    drawing.end();
    expect(written).toEqual(['said\n']);
  });
});

describe('TaskBoard', () => {
  const taskOf = (model: string, dataset: string): Task =>
    ({ model: samplePlan({ abbr: model }), dataset: { abbr: dataset } }) as unknown as Task;
  const progress = (): TaskProgress => {
    return { total: 4, done: 1, failed: 0, inFlight: 2, outputTokens: 9, startedAt: 0 };
  };
  const size = { width: 79, height: 20 };

  it('is a line for one task', () => {
    const task = taskOf('m', 'd');
    const board = new TaskBoard([task]);
    board.begin(task, progress());
    expect(board.placeOf(task)).toBe('');
    expect(board.lines(size)).toEqual([expect.stringMatching(/^1\/4 25% \| 2 in flight/)]);
  });

  it('is a table for several; a judge comes last, and what was passed over is told', () => {
    const tasks = [taskOf('a', 'x'), taskOf('b', 'x'), taskOf('c', 'x')];
    const board = new TaskBoard(tasks);
    board.begin(tasks[1]!, progress());
    board.end(tasks[1]!);
    const judge = taskOf('b', 'x-judge');
    board.begin(judge, progress());
    expect(board.placeOf(judge)).toBe('4 of 4');
    const [head, ...rows] = board.lines(size).map((line) => line.trim().split(/ {2,}/));
    expect(head).toEqual(['task', 'progress', 'in flight', 'tok/s', 'failed', 'time']);
    expect(rows.map(([name, state]) => [name, state])).toEqual([
      ['a × x', 'not run'],
      ['b × x', '1/4 25%'],
      ['c × x', 'not run'],
      ['b × x-judge', '1/4 25%'],
    ]);
    expect(board.elapsed(tasks[1]!)).toBeGreaterThanOrEqual(0);
    expect(board.elapsed(taskOf('z', 'z'))).toBe(0);
  });
});
