import type { ScreenSize } from './progress-table.ts';

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
