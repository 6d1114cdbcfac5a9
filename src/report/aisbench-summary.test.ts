import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type MatrixResult, matrixOf, summaryCsv, summaryMarkdown, summaryText } from './matrix.ts';

const TIME = '20261124_102327';
const recorded = (ending: string) =>
  readFileSync(`test/fixtures/aisbench-run/accuracy/summary/summary_${TIME}.${ending}`, 'utf8');

const RESULTS: MatrixResult[] = [
  {
    model: 'vllm-api-stream-chat',
    dataset: 'demo_gsm8k',
    version: 'f588a9',
    mode: 'gen',
    scores: { accuracy: 37.5 },
  },
];

describe('the summary that AISBench wrote of a recorded run', () => {
  const matrix = matrixOf(RESULTS);

  it('comes out the same as CSV and as Markdown', () => {
    expect(summaryCsv(matrix)).toBe(recorded('csv'));
    expect(summaryMarkdown(matrix)).toBe(recorded('md'));
  });

  it('comes out the same as text', () => {
    expect(summaryText(TIME, matrix, RESULTS)).toBe(recorded('txt'));
  });
});

it('keeps columns apart whatever a name holds', () => {
  const matrix = matrixOf([{ ...RESULTS[0]!, model: 'a|b,"c"' }]);
  expect(summaryCsv(matrix).split('\n')[0]).toBe('dataset,version,metric,mode,"a|b,""c"""');
  expect(summaryMarkdown(matrix).split('\n')[0]).toBe('| dataset | version | metric | mode | a\\|b,"c" |');
});
