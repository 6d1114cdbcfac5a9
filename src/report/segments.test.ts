import { expect, it } from 'vitest';
import { sampleAnswer, sampleFailure } from '../../test/support/sample-record.ts';
import { summarize } from '../metrics/summary.ts';
import { segmentTable } from './breakdowns.ts';
import { plainTable } from './table.ts';

it('has a row a segment with verdict, requests and failures, and the reasons below', async () => {
  const answer = (sent: number) =>
    sampleAnswer({
      sent,
      events: [
        ['content', sent + 5],
        ['content', sent + 100],
      ],
      input: 1,
      output: 2,
    });
  const first = await summarize([answer(0), answer(100)], { concurrency: 1 });
  const second = await summarize(
    [answer(300), sampleFailure({ kind: 'timeout', message: 'no reply' }, { sent: 350, done: 360 })],
    { concurrency: 1 },
  );
  const { rows, columns, footnotes } = plainTable(segmentTable([first, second]));
  expect(columns.slice(0, 4).map(({ head }) => head)).toEqual(['Segment', 'Verdict', 'Requests', 'Failed']);
  expect(rows.map((row) => [row[0], row[2], row[3]])).toEqual([
    ['1', '2', '0'],
    ['2', '2', '1'],
  ]);
  expect(rows[0]![1]).toBe(first.validity.verdict);
  expect(rows[0]![4]).toBe('200');
  expect(footnotes.every((note) => /^segment [12]: /.test(note))).toBe(true);
  expect(footnotes).toHaveLength(first.validity.findings.length + second.validity.findings.length);
});
