import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { drawLines, type Lines } from './progress-table.ts';

function fakeStream(isTTY: boolean): { stream: NodeJS.WriteStream; written: string[] } {
  const written: string[] = [];
  const stream = Object.assign(new EventEmitter(), {
    ...{ isTTY, columns: 41, rows: 11 },
    write: (text: string) => written.push(text),
  });
  return { stream: stream as unknown as NodeJS.WriteStream, written };
}

/** What a terminal shows after these writes: lines are drawn over, and cleared to their end or the screen's. */
function fakeScreen(written: readonly string[]): string[] {
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
    const draw: Lines = (size) => {
      expect(size).toEqual({ width: 40, height: 9 });
      return lines;
    };
    const drawing = drawLines(draw, stream);
    expect(fakeScreen(written)).toEqual(['', ...lines]);
    lines = ['1', '2'];
    drawing.aside(() => stream.write('said\n'));
    expect(fakeScreen(written)).toEqual(['said', '', '1', '2']);
    drawing.end();
    expect(fakeScreen(written)).toEqual(['said', '']);
  });

  it('is not torn by what a terminal writes of Ctrl-C, nor by a window that changes', () => {
    const { stream, written } = fakeStream(true);
    let lines = ['x'.repeat(40), 'y'.repeat(40)];
    const drawing = drawLines(() => lines, stream);
    stream.write('^C');
    expect(fakeScreen(written)).toEqual(['^C', ...lines]);
    lines = ['narrower'];
    stream.emit('resize');
    expect(fakeScreen(written)).toEqual(['', 'narrower']);
    drawing.end();
    expect(stream.listenerCount('resize')).toBe(0);
  });

  it('draws nothing where there is no terminal', () => {
    const { stream, written } = fakeStream(false);
    const drawing = drawLines(() => ['never'], stream);
    drawing.aside(() => stream.write('said\n'));
    drawing.end();
    expect(written).toEqual(['said\n']);
  });
});
