import { expect, it } from 'vitest';
import type { RunRecord } from '../contract/record.ts';
import { summarize } from '../metrics/summary.ts';
import { sampleAnswer, sampleFailure } from '../testing/sample-record.ts';
import type { AccuracyReport } from './accuracy.ts';
import { degradedIn, degradedTable } from './degraded.ts';

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

async function told(records: readonly RunRecord[], warnings: readonly string[], card: object = {}) {
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
  return degradedIn({ warnings, performance, accuracy });
}

it('a whole run has nothing', async () => {
  expect(await told([answer({}), answer({})], [])).toEqual([]);
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
  const found = await told(records, ['pred_postprocessor has no effect', 'half a line'], {
    failed: 1,
    truncated: 1,
  });
  const task = 'm × d';
  expect(found).toEqual(
    expect.arrayContaining([
      { what: 'pred_postprocessor has no effect' },
      { what: 'half a line' },
      { what: expect.stringMatching(/^1 of 5 requests failed/), task },
      { what: expect.stringMatching(/^1 request needed a retry/), task },
      { what: expect.stringMatching(/^1 of 4 answers has no output token count/), task },
      { what: 'output tokens were not all counted by the server: server usage 2, tokenizer 1', task },
      {
        what: 'of 4 answers: 1 failed, 1 cut at the length limit; none of them counts as correct; a larger --max-out-len lets answers end',
        task,
      },
    ]),
  );
  expect(new Set(found.map((one) => JSON.stringify(one))).size).toBe(found.length);
});

it('is shown as a table of twenty lines, which says where the others are', () => {
  const degraded = Array.from({ length: 25 }, (_, n) => ({ what: `lost\u001b ${n}` }));
  const table = degradedTable(degraded, 'summary/degraded.json')!;
  expect(table.rows).toHaveLength(20);
  expect(table.rows[3]).toEqual([expect.stringMatching(/^lost\S* 3$/), 'the run']);
  expect(table.footnotes).toEqual(['and 5 more, all of them in summary/degraded.json']);
});
