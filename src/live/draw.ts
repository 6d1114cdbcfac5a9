import type { ScreenSize } from './progress-table.ts';

const REDRAW_MS = 500;

/** Lines on a terminal that are drawn again and again. */
export interface Drawing {
  /** Takes the lines away, says something, and draws them again. */
  aside(say: () => void): void;
  end(): void;
}

/** What a screen may hold, and what is to stand there now. */
export type Lines = (size: ScreenSize) => readonly string[];

export const NO_DRAWING: Drawing = { aside: (say) => say(), end: () => {} };

/**
 * Draws the lines below an empty one until they are ended; where there is no terminal, nothing. Between two drawings the cursor rests
 * on the empty line: what a terminal writes there by itself (`^C`) stands in nothing's way, and a window that changes its width does not
 * move where the next drawing begins.
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
    aside: (say) => {
      clear();
      say();
      draw();
    },
    end: () => {
      clearInterval(timer);
      stream.off('resize', draw);
      clear();
    },
  };
}
