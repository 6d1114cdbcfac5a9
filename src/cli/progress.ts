import { performance } from 'node:perf_hooks';
import { progressLine } from '../report/progress.ts';
import type { TaskProgress } from '../run/run-task.ts';

const REDRAW_MS = 500;

/** A line on the terminal that follows the load; silent where there is no terminal. Returns how to end it. */
export function showProgress(progress: TaskProgress, stream: NodeJS.WriteStream): () => void {
  if (!stream.isTTY) return () => {};
  const start = performance.now();
  const draw = () => {
    const elapsed = performance.now() - start;
    const tokensPerSecond = elapsed === 0 ? 0 : (progress.outputTokens * 1000) / elapsed;
    stream.write(
      `\r\x1b[K${progressLine({ ...progress, tokensPerSecond, elapsed }, (stream.columns ?? 80) - 1)}`,
    );
  };
  draw();
  const timer = setInterval(draw, REDRAW_MS);
  return () => {
    clearInterval(timer);
    stream.write('\r\x1b[K');
  };
}
