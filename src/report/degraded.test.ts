import { expect, it } from 'vitest';
import { said } from '../../test/support/said.ts';
import { sampleAnswer, sampleFailure } from '../../test/support/sample-record.ts';
import { finding } from '../contract/finding.ts';
import type { RunRecord } from '../contract/record.ts';
import { summarize } from '../metrics/summary.ts';
import type { AccuracyReport } from './accuracy.ts';
import { degradedFindings, degradedTable, taskNotes } from './degraded.ts';
import { plainTable } from './table.ts';

const RESET = { kind: 'connect', message: 'reset' } as const;

const answer = (own: object): RunRecord => ({
  ...sampleAnswer({
    events: [
      ['content', 10],
      ['content', 20],
    ],
    input: 3,
    output: 2,
  }),
  ...own,
});

async function degraded(records: readonly RunRecord[], texts: readonly string[], card: object = {}) {
  const warnings = texts.map((text) => finding('NOTE', { text }));
  const whole = {
    metric: 'accuracy',
    value: 50,
    n: 4,
    correct: 2,
    wrong: 2,
    unextractable: 0,
    truncated: 0,
    failed: 0,
    ...card,
  };
  const accuracy = [{ model: 'm', dataset: 'd', card: whole, simulated: false } as unknown as AccuracyReport];
  const performance = [{ model: 'm', dataset: 'd', summary: await summarize(records, { concurrency: 8 }) }];
  return degradedFindings({ warnings, performance, accuracy });
}

it('a whole run has nothing', async () => {
  expect(await degraded([answer({}), answer({})], [])).toEqual([]);
  expect(degradedTable([], 'file')).toBeUndefined();
});

it('what was warned, retried, failed, counted elsewhere and cut stands in one place', async () => {
  const records = [
    answer({}),
    answer({ attempt: 2, earlier: [RESET] }),
    answer({ outputTokens: { value: 2, source: 'tokenizer' } }),
    answer({ outputTokens: undefined }),
    sampleFailure(RESET, { sent: 0, done: 5 }),
  ];
  const found = await degraded(records, ['pred_postprocessor has no effect', 'half a line'], {
    failed: 1,
    truncated: 1,
  });
  expect(said(found)).toEqual([
    'NOTE: pred_postprocessor has no effect',
    'NOTE: half a line',
    expect.stringMatching(/^REQUESTS-FAILED: 1 of 5 requests failed/),
    expect.stringMatching(/^RETRIED: 1 request needed a retry/),
    expect.stringMatching(/^NO-TOKEN-COUNT: 1 of 4 answers has no output token count/),
    'COUNTED-HERE: output tokens were not all counted by the server: server usage 2, tokenizer 1',
    'UNSCORED-ANSWERS: of 4 answers: 1 failed, 1 cut at the length limit; none of them counts as correct; 25 % were cut: a larger --max-out-len lets answers end',
  ]);
  expect(found.map(({ scope }) => scope.model)).toEqual([undefined, undefined, ...Array(5).fill('m')]);
  expect(new Set(found.map((one) => JSON.stringify(one))).size).toBe(found.length);
});

it('is shown as a table of twenty lines, which says where the others are', () => {
  const many = Array.from({ length: 25 }, (_, n) => finding('NOTE', { text: `lost\u001b ${n}` }));
  const table = plainTable(degradedTable(many, 'summary/degraded.json')!);
  expect(table.rows).toHaveLength(20);
  expect(table.rows[3]).toEqual([expect.stringMatching(/^lost\S* 3$/), 'the run']);
  expect(table.footnotes).toEqual(['and 5 more, all of them in summary/degraded.json']);
});

it('takes out of the notes of a task what the table shows, and nothing of other tasks or beyond its last line', async () => {
  const records = [answer({}), answer({ attempt: 2, earlier: [RESET] }), sampleFailure(RESET, { sent: 0 })];
  const summary = await summarize(records, { concurrency: 8 });
  const task = { model: 'm', dataset: 'd', summary };
  const codes = (degraded: Parameters<typeof taskNotes>[1]) =>
    taskNotes(task, degraded).map((one) => one.code);
  const all = summary.findings.map(({ code }) => code);
  expect(all).toEqual(expect.arrayContaining(['REQUESTS-FAILED', 'RETRIED']));
  const degraded = degradedFindings({ warnings: [], performance: [task], accuracy: [] });
  expect(codes(degraded)).toEqual(
    summary.findings.filter(({ level }) => level === 'fact').map(({ code }) => code),
  );
  expect(codes(degraded.map((one) => ({ ...one, scope: { model: 'm', dataset: 'other' } })))).toEqual(all);
  const before = Array.from({ length: 20 }, (_, n) => finding('NOTE', { text: `${n}` }));
  expect(codes([...before, ...degraded])).toEqual(all);
});
