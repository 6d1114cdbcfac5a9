import { describe, expect, test } from 'vitest';
import { said } from '../../test/support/said.ts';
import { type SampleEvent, sampleAnswer, sampleFailure } from '../../test/support/sample-record.ts';
import type { Finding } from '../contract/finding.ts';
import type { RunRecord } from '../contract/record.ts';
import { DifferenceFinder } from '../metrics/dialects/differences.ts';
import { Dialects } from '../metrics/dialects/index.ts';
import { DIALECTS } from '../metrics/dialects/types.ts';
import { summarize } from '../metrics/summary.ts';
import { dialectTables, explainTable } from './dialects.ts';
import { renderTable } from './terminal.ts';
import { displayWidth } from './text.ts';

async function explained(records: readonly RunRecord[]) {
  const dialects = new Dialects(DIALECTS, { concurrency: 4 });
  const finder = new DifferenceFinder();
  for (const record of records) {
    dialects.add(record);
    finder.add(record);
  }
  const reports = dialects.finish().filter(({ stage = 'total' }) => stage === 'total');
  return {
    reports,
    table: explainTable('m, d', await summarize(records, { concurrency: 4 }), reports, finder.found()),
  };
}

const tokens = (at: number): SampleEvent[] => [0, 40, 100].map((after) => ['content', at + after]);
const full = sampleAnswer({
  scheduled: 50,
  sent: 100,
  done: 410,
  events: [['role', 110], ...tokens(200), ['finish', 310], ['usage', 400]],
  input: 7,
  output: 6,
});

describe('explain', () => {
  test('shows the same records by every definition', async () => {
    const { table } = await explained([full]);
    expect(renderTable(table, { color: false })).toMatchInlineSnapshot(`
      "m, d
      ──────────────────────────────────────────────────────────────────────
      Metric                    ais_bench aisbench  vllm genai-perf guidellm
      ──────────────────────────────────────────────────────────────────────
      TTFT mean, ms                   100       10    10        100      100
      TTFT P99, ms                    100       10    10        100      100
      TPOT mean, ms                    20       58    40        n/a    33.33
      ITL mean, ms                     50       58    50         20       20
      ITL P99, ms                   59.80       90 89.10         20       20
      E2EL mean, ms                   200      300   210        200      310
      E2EL P99, ms                    200      300   210        200      310
      Requests counted                  1        1     1          1        1
      Duration, ms                    310      300   310        200      310
      Request throughput, req/s     3.226    3.333 3.226          5    3.226
      Output throughput, tok/s      19.35       20 19.35         30    19.35
      ──────────────────────────────────────────────────────────────────────
      TTFT: aisbench and vllm stop at the first event of any kind; in 100 % of the
        answers one came 90 ms before the first token
      E2EL: aisbench ends at the last event of any kind, vllm at the last but usage;
        in 100 % of the answers one came 100 ms after the last token
      E2EL: guidellm ends with the body; it ended 110 ms after the last token
      ITL: aisbench and vllm count the gaps to events without tokens too; genai-perf
        and guidellm have one mean a request, guidellm weighs it by tokens
      ITL is a gap between events in ais_bench, aisbench and vllm, and time a token
        in the others: an event brought 2 tokens on average
      TPOT: guidellm divides the whole time from sending, first token included;
        genai-perf calls it Inter Token Latency
      No other tool counts from the schedule: requests left 50 ms late on average,
        which Response E2EL and Response TTFT include
      P99: guidellm takes a value that occurred, the others interpolate; aisbench
        rounds to 0.1 ms"
    `);
    expect((table.footnotes as Finding[]).map(({ code }) => code)).toEqual([
      'DIALECT-EARLY-EVENTS',
      'DIALECT-LATE-EVENTS',
      'DIALECT-BODY-END',
      'DIALECT-EMPTY-EVENTS',
      'DIALECT-EVENT-TOKENS',
      'DIALECT-TPOT',
      'DIALECT-LAG',
      'DIALECT-PERCENTILES',
    ]);
    for (const line of renderTable(table, { color: false }).split('\n')) {
      expect(displayWidth(line)).toBeLessThanOrEqual(80);
    }
  });

  test('names only what happened', async () => {
    const plain = sampleAnswer({ sent: 0, events: tokens(10), input: 1, output: 3 });
    const { table } = await explained([plain]);
    const words = said(table.footnotes as Finding[]).join('\n');
    expect(words).not.toMatch(/first event of any kind|failed|retried|schedule|tokens on average/);
    expect(words).toContain('DIALECT-TPOT: TPOT: guidellm divides the whole time');
    expect(words).toContain('DIALECT-PERCENTILES: ');
  });

  test('failures, retries and answers of one token are named with their numbers', async () => {
    const one = sampleAnswer({ events: [['content', 5]], output: 1, attempt: 2 });
    const failed = sampleFailure({ kind: 'timeout', message: 'm' }, { sent: 0, done: 9 });
    const words = said((await explained([one, failed, failed])).table.footnotes as Finding[]).join('\n');
    expect(words).toContain('DIALECT-ONE-TOKEN: TPOT: 1 of 1 answer has one token at most');
    expect(words).toContain('DIALECT-FAILURES: Duration: 2 failed requests count in ais_bench and vllm');
    expect(words).toContain('DIALECT-RETRIES: 1 request was retried');
  });
});

test('the tables of each dialect fit 80 columns', async () => {
  const { reports } = await explained([full, full]);
  for (const table of reports.flatMap(dialectTables)) {
    for (const line of renderTable(table, { color: false }).split('\n')) {
      expect(displayWidth(line)).toBeLessThanOrEqual(80);
    }
  }
});
