import fc from 'fast-check';
import { expect, it } from 'vitest';
import { displayWidth } from '../report/text.ts';
import { progressTable, type TaskLine } from './progress-table.ts';

const STATE = {
  done: 120,
  total: 500,
  inFlight: 8,
  failed: 2,
  tokensPerSecond: 3123.4,
  elapsed: 60_000,
  left: 190_000,
};
const TASKS: readonly TaskLine[] = [
  { name: 'qwen × gsm8k', status: 'done', state: { ...STATE, done: 500, inFlight: 0, failed: 0 } },
  { name: 'qwen × 数学', status: 'running', state: STATE },
  { name: 'llama × gsm8k', status: 'not run' },
  { name: 'llama × 数学', status: 'waiting' },
];

const draw = (width: number, height = 24) =>
  progressTable(TASKS, { width, height }).map((line) => line.trimEnd());

it('in 70 columns', () => {
  const head = 'task                    progress  in flight  tok/s  failed        time';
  expect(draw(70)).toEqual([
    head,
    'qwen × gsm8k        500/500 100%              3120               1m00s',
    'qwen × 数学          120/500 24%          8   3120       2  3m10s left',
    'llama × gsm8k            not run',
    'llama × 数学             waiting',
  ]);
  expect(head).toHaveLength(70);
});

it('gives up columns for the names, the least important first', () => {
  const heads = [70, 58, 48, 40, 30].map((width) => draw(width)[0]!.split(/ {2,}/).slice(1));
  expect(heads).toEqual([
    ['progress', 'in flight', 'tok/s', 'failed', 'time'],
    ['progress', 'tok/s', 'failed', 'time'],
    ['progress', 'failed', 'time'],
    ['progress', 'failed'],
    ['progress'],
  ]);
});

it('shows what is around the running one where there are more than fit', () => {
  const status = (n: number) => (n < 20 ? 'done' : n === 20 ? 'running' : 'waiting');
  const many: TaskLine[] = Array.from({ length: 40 }, (_, n) => ({ name: `task ${n}`, status: status(n) }));
  const lines = progressTable(many, { width: 80, height: 7 });
  expect(lines).toHaveLength(7);
  expect(lines.slice(1, -1).map((line) => line.split(/ {2,}/)[0])).toEqual(
    [18, 19, 20, 21, 22].map((n) => `task ${n}`),
  );
  expect(lines.at(-1)).toBe('and 18 above, 17 below');
});

const SIZE = fc.tuple(fc.integer({ min: 1, max: 130 }), fc.integer({ min: 1, max: 40 }));

it('is never wider or higher than the screen', () => {
  const state = fc.record({
    done: fc.nat(),
    inFlight: fc.nat(),
    failed: fc.nat(),
    tokensPerSecond: fc.double({ min: 0, max: 1e9, noNaN: true }),
    elapsed: fc.double({ min: 0, max: 1e9, noNaN: true }),
  });
  const task = fc.record({
    name: fc.oneof(fc.string(), fc.constantFrom('模型 × 数据集', '\u001b[31mred', 'a'.repeat(99))),
    status: fc.constantFrom('waiting' as const, 'running' as const, 'done' as const, 'not run' as const),
    state,
  });
  fc.assert(
    fc.property(fc.array(task, { maxLength: 30 }), SIZE, (tasks, [width, height]) => {
      const lines = progressTable(tasks, { width, height });
      expect(lines.length).toBeLessThanOrEqual(height);
      for (const line of lines) {
        expect(displayWidth(line)).toBeLessThanOrEqual(width);
        expect(line).not.toMatch(/[\n\u001b]/);
      }
    }),
    { numRuns: 150 },
  );
});
