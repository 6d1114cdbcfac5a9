import type { ScreenSize } from '../report/progress-table.ts';

const REDRAW_MS = 500;

/** Lines on a terminal that are drawn again and again. */
export interface Drawing {
  /** Takes the lines away, says something, and draws them again. */
  aside(say: () => void): void;
  end(): void;
}

/** What a screen may hold, and what is to stand there now. */
export type Lines = (size: ScreenSize) => readonly string[];

/** Draws the lines until they are ended; where there is no terminal, nothing. */
export function drawLines(lines: Lines, stream: NodeJS.WriteStream): Drawing {
  if (!stream.isTTY) return { aside: (say) => say(), end: () => {} };
  let drawn = 0;
  const home = () => `\r${drawn > 1 ? `\x1b[${drawn - 1}A` : ''}`;
  const draw = () => {
    const { columns = 80, rows = 24 } = stream;
    const now = lines({ width: columns - 1, height: rows - 1 });
    stream.write(`${home()}${now.map((line) => `${line}\x1b[K`).join('\n')}\x1b[J`);
    drawn = now.length;
  };
  const clear = () => {
    stream.write(`${home()}\x1b[J`);
    drawn = 0;
  };
  draw();
  const timer = setInterval(draw, REDRAW_MS);
  return {
    aside: (say) => {
      clear();
      say();
      draw();
    },
    end: () => {
      clearInterval(timer);
      clear();
    },
  };
}
