import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SampleEvent, sampleAnswer, sampleFailure } from '../../test/support/sample-record.ts';
import { finding } from '../contract/finding.ts';
import { summarize } from '../metrics/summary.ts';
import { type AccuracyReport, accuracyTables } from './accuracy.ts';
import { accuracyCsv, accuracyJson, csvText, performanceCsv, performanceJson } from './csv.ts';
import { markdownPage } from './markdown.ts';
import { type PerformanceReport, performanceTables } from './performance.ts';
import { renderTable, renderTerminal } from './terminal.ts';
import { displayWidth } from './text.ts';

const PLAIN = { color: false };
const events: SampleEvent[] = [
  ['content', 123.456789],
  ['content', 223.456789],
];
const records = [
  sampleAnswer({ events, input: 10, output: 2 }),
  sampleAnswer({ sent: 20, events: [['content', 70]], input: 12, output: 1 }),
  sampleFailure(
    {
      kind: 'http-status',
      status: 503,
      message: 'Service\x1b[31m Unavailable',
      bodyExcerpt: '{"error": "busy"}',
    },
    { sent: 0, done: 5 },
  ),
];
const summary = await summarize(records, { concurrency: 8 });
const report: PerformanceReport = { model: 'vllm-api-stream-chat', dataset: 'synthetic', summary };

const card = {
  metric: 'accuracy',
  value: 62.5,
  n: 8,
  correct: 5,
  wrong: 2,
  unextractable: 0,
  truncated: 1,
  failed: 0,
  interval: { low: 30.57, high: 86.32, level: 0.95, method: 'Wilson' },
};
const scored: AccuracyReport = { model: 'vllm-api-stream-chat', dataset: 'demo_gsm8k', card };
const repeated: AccuracyReport = {
  ...scored,
  card: {
    ...card,
    questions: 4,
    interval: { low: 22.1, high: 90.6, level: 0.95, method: 'Wilson, clustered', clusters: 4 },
    metrics: {
      'pass@2': {
        value: 75,
        n: 4,
        interval: { low: 30.1, high: 95.4, level: 0.95, method: 'Wilson' },
        compat: 75,
      },
      'cons@2': { value: 50, n: 4, compat: 25 },
    },
  },
};

describe('terminal', () => {
  test('the per-request table', () => {
    expect(renderTable(performanceTables(report)[0]!, PLAIN)).toMatchInlineSnapshot(`
      "Performance: vllm-api-stream-chat, synthetic
      NOT STEADY: 3 requests are too few to show a steady state (at least 30)
      ────────────────────────────────────────────────────────────────────────────
      Metric                        Average   Min   Max Median   P75   P90   P99 N
      ────────────────────────────────────────────────────────────────────────────
      E2EL, ms                        136.7    50 223.5  136.7 180.1 206.1 221.7 2
      TTFT, ms                        86.73    50 123.5  86.73 105.1 116.1 122.7 2
      TPOT, ms                        100.0 100.0 100.0  100.0 100.0 100.0 100.0 1
      ITL, ms                         100.0 100.0 100.0  100.0 100.0 100.0 100.0 1
      InputTokens                        11    10    12     11 11.50 11.80 11.98 2
      OutputTokens                    1.500     1     2  1.500 1.750 1.900 1.990 2
      OutputTokenThroughput, tok/s    14.48 8.950    20  14.48 17.24 18.90 19.89 2
      PrefillTokenThroughput, tok/s   160.5 81.00   240  160.5 200.3 224.1 238.4 2
      ────────────────────────────────────────────────────────────────────────────
      ITL pools the gaps between events: 1 in 1 request"
    `);
  });

  test('the whole page holds failures, notes and no control characters', () => {
    const page = renderTerminal(performanceTables(report), summary.findings, PLAIN);
    expect(page).toContain('Service Unavailable');
    expect(page).toContain('note: 1 of 3 requests failed (33.3 %), most often http-status (1)');
    expect(page).toContain('Token counts: input server usage; output server usage');
    expect(page).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
    for (const line of page.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  });

  test('colours only when asked, and they change nothing else', () => {
    const draw = (color: boolean) => renderTerminal(performanceTables(report), summary.findings, { color });
    expect(draw(true)).toContain('\x1b[1m');
    expect(draw(true).replace(/\x1b\[\d+m/g, '')).toBe(draw(false));
  });

  test('shows the statistics that a summarizer asks for', async () => {
    const records = [10, 20, 30].map((done) => sampleAnswer({ done }));
    const own = await summarize(records, { concurrency: 1, statistics: ['P50', 'P95', 'Average'] });
    const page = renderTerminal(performanceTables({ ...report, summary: own }), [], PLAIN);
    expect(page).toMatch(/^Metric\s+P50\s+P95\s+Average\s+N$/m);
    expect(performanceCsv(own).split('\n')[0]).toBe(
      'Performance Parameters,Stage,P50,P95,Average,N,Unit,Gaps,Reason',
    );
    expect(own.rows[0]!.stats!.others).toEqual({ P50: 20, P95: 29 });
  });

  test('a table from an accuracy run says so', () => {
    const page = renderTerminal(performanceTables({ ...report, accuracyBatchSize: 8 }), [], PLAIN);
    expect(page).toContain('taken at this concurrency (batch_size 8), not a load test');
  });

  test('what nobody has is n/a with its reason below', async () => {
    const text = await summarize([sampleAnswer({ done: 5 })], { concurrency: 1 });
    const page = renderTerminal(performanceTables({ ...report, summary: text }), [], PLAIN);
    expect(page).toContain('TTFT, TPOT, ITL, PrefillTokenThroughput: not streamed');
    expect(page).toMatch(/^TTFT, ms +n\/a/m);
  });

  test('the per-request table fits 80 columns whatever the numbers', async () => {
    const time = fc.double({ min: 0, max: 1e10, noNaN: true });
    const count = fc.integer({ min: 0, max: 2_000_000_000 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(time, time, count), { maxLength: 8 }), async (raw) => {
        const answers = raw.map(([first, gap, tokens]) =>
          sampleAnswer({
            events: [
              ['content', first],
              ['content', first + gap],
            ],
            input: tokens,
            output: tokens,
          }),
        );
        const any = { ...report, summary: await summarize(answers, { concurrency: 1 }) };
        const [table] = performanceTables(any);
        for (const line of renderTable(table!, PLAIN).split('\n')) {
          expect(displayWidth(line)).toBeLessThanOrEqual(80);
        }
      }),
    );
  });
});

describe('the verdict', () => {
  const judged = (reasons: string[], verdict: 'VALID' | 'CLIENT-LIMITED' = 'CLIENT-LIMITED') => ({
    ...report,
    summary: {
      ...summary,
      validity: { verdict, findings: reasons.map((text) => finding('NOTE', { text })), client: [] },
    },
  });

  test('comes before every number, its reasons below it', () => {
    const page = renderTerminal(performanceTables(judged(['loop busy', 'lag'])), [], PLAIN);
    expect(page.split('\n').slice(0, 3)).toEqual([
      'Performance: vllm-api-stream-chat, synthetic',
      'CLIENT-LIMITED: loop busy',
      'also: lag',
    ]);
  });

  test('of a valid run says on one line what speaks for it', () => {
    const page = renderTerminal(performanceTables(judged(['lag ok', 'steady'], 'VALID')), [], PLAIN);
    expect(page.split('\n')[1]).toBe('VALID: lag ok; steady');
  });

  test('is first in Markdown too', () => {
    const page = markdownPage({ title: 'Run', accuracy: [], performance: [judged(['5 % > 4 %'])] });
    expect(page.split('\n').slice(0, 5)).toEqual([
      '# Run',
      '',
      '## Performance: vllm-api-stream-chat, synthetic',
      '',
      '**CLIENT-LIMITED: 5 % \\> 4 %**',
    ]);
  });

  test('is not said of an accuracy run', () => {
    const page = renderTerminal(performanceTables({ ...judged(['x']), accuracyBatchSize: 8 }), [], PLAIN);
    expect(page).not.toContain('CLIENT-LIMITED');
    expect(JSON.parse(performanceJson({ ...judged(['x']), accuracyBatchSize: 8 })).verdict).toBeUndefined();
  });
});

describe('what only some runs show', () => {
  const paced = Array.from({ length: 400 }, (_, n) => {
    const sent = 10 * n + (n % 3);
    const events: SampleEvent[] = [
      ['content', sent + 20],
      ['content', sent + 45],
    ];
    return sampleAnswer({ scheduled: 10 * n, sent, events, input: 4, output: 2 });
  });
  const options = { concurrency: 50, ratePerSecond: 100, slos: { ttft: 21.5, tpot: 30 } };
  const draw = async (records: Parameters<typeof summarize>[0], full = false) => {
    const own = { ...report, summary: await summarize(records, options) };
    return renderTerminal(performanceTables(own, { full }), [], PLAIN);
  };

  test('an open loop shows both clocks', async () => {
    const page = await draw(paced);
    expect(page).toMatch(/^E2EL, ms .*\nTTFT, ms .*\nResponse E2EL, ms .*\nResponse TTFT, ms .*\nTPOT, ms /m);
    expect(page).toMatch(/^Load: asked 100, scheduled 100, achieved 1?[\d.]+ req\/s; lag mean/m);
  });

  test('a closed loop without waiting shows one', async () => {
    const page = renderTerminal(performanceTables(report), [], PLAIN);
    expect(page).not.toContain('Response');
  });

  test('a steady window stands beside the whole run', async () => {
    const page = await draw(paced);
    expect(page).toMatch(/^Common Metric +Value +Steady Unit$/m);
    expect(page).toMatch(
      /^Steady: [\d.]+\.\.[\d.]+ s of the run, \d+ requests due inside, throughputs of what\s+ended inside; TTFT P50 20, P99 20 ms;/m,
    );
  });

  test('goodput says what was asked and how sure it is', async () => {
    const page = (await draw(paced)).replace(/\s+/g, ' ');
    expect(page).toMatch(/Goodput 66\.\d+ req\/s/);
    expect(page).toMatch(
      /Goodput \(ttft ≤ 21\.5 ms, tpot ≤ 30 ms from the schedule\): 267 of 400 requests, 66\.8 % \(95 %: 62\.\.71\.2\)/,
    );
  });

  test('failures stay in a latency of their own', async () => {
    const failed = sampleFailure({ kind: 'timeout', message: 'm' }, { scheduled: 0, sent: 0, done: 9 });
    const page = (await draw([...paced.slice(0, 98), failed, failed])).replace(/\s+/g, ' ');
    expect(page).toMatch(
      /With failures in, E2EL from the schedule: P50 46 ms, P90 47 ms, P99 failed \(2 of 100 failed\)/,
    );
  });

  test('the full report has every metric, intervals and the far tail, in 80 columns', async () => {
    const page = await draw(paced, true);
    for (const name of ['TTFAT, ms', 'Token ITL, ms', 'Largest Gap, ms', 'Fluidity']) {
      expect(page).toMatch(new RegExp(`^${name} `, 'm'));
    }
    expect(page).toContain('P99.9 needs 3688 values');
    expect(page).toMatch(/^TTFT, ms +20\.\.20 /m);
    for (const line of page.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
    expect(await draw(paced)).not.toContain('Further metrics');
  });
});

describe('accuracy tables', () => {
  const long: AccuracyReport = {
    model: 'vllm-api-general-chat-with-a-long-name',
    dataset: 'ceval-中国近现代史纲要-长数据集名称',
    card: { ...card, value: undefined, interval: undefined },
  };

  test('value, interval, counts', () => {
    const page = renderTerminal(accuracyTables([scored]), [], PLAIN);
    expect(page).toMatchInlineSnapshot(`
      "Accuracy, in percent
      ───────────────────────────────────────────────────────────
      Dataset    Metric   Model                Value n   Interval
      ───────────────────────────────────────────────────────────
      demo_gsm8k accuracy vllm-api-stream-chat 62.50 8 30.6..86.3
      ───────────────────────────────────────────────────────────
      Interval: 95 %, Wilson

      Verdicts
      ────────────────────────────────────────────────────────────────────────────
      Dataset    Model                Correct Wrong Unextractable Truncated Failed
      ────────────────────────────────────────────────────────────────────────────
      demo_gsm8k vllm-api-stream-chat       5     2             0         1      0
      ────────────────────────────────────────────────────────────────────────────
      "
    `);
  });

  test("AISBench's value has a column only where it differs", () => {
    const heads = (reports: AccuracyReport[]) => accuracyTables(reports)[0]!.columns.map(({ head }) => head);
    expect(heads([{ ...scored, compatValue: 62.5 }])).not.toContain('AISBench');
    expect(heads([{ ...scored, compatValue: 37.5 }])).toContain('AISBench');
  });

  test('every number has a line with its interval, and the methods are named', () => {
    const page = renderTerminal(accuracyTables([repeated]).slice(0, 1), [], PLAIN);
    expect(page).toMatchInlineSnapshot(`
      "Accuracy, in percent
      ────────────────────────────────────────────────────────────────────
      Dataset    Metric   Model                Value AISBench n   Interval
      ────────────────────────────────────────────────────────────────────
      demo_gsm8k accuracy vllm-api-stream-chat 62.50          8 22.1..90.6
      demo_gsm8k pass@2   vllm-api-stream-chat 75.00          4 30.1..95.4
      demo_gsm8k cons@2   vllm-api-stream-chat 50.00    25.00 4        n/a
      ────────────────────────────────────────────────────────────────────
      Interval of accuracy: 95 %, Wilson, clustered
      Interval of pass@2: 95 %, Wilson
      clustered: answers to one question, turns of a dialogue and questions of one
        source count as one group
      cons@2: no interval, all answers are of one group
      demo_gsm8k: 8 answers to 4 questions
      AISBench: the value by AISBench's own rules, where it differs
      "
    `);
  });

  test('a method that not every number of a metric has is told with the dataset', () => {
    const other = { ...scored, dataset: 'other', card: { ...card, interval: repeated.card.interval } };
    const notes = accuracyTables([scored, other])[0]!.footnotes;
    expect(notes.slice(0, 2)).toEqual([
      'Interval of demo_gsm8k accuracy: 95 %, Wilson',
      'Interval of other accuracy: 95 %, Wilson, clustered',
    ]);
  });

  test('an answer worth a part has a column of verdicts', () => {
    const heads = (report: AccuracyReport) => accuracyTables([report])[1]!.columns.map(({ head }) => head);
    expect(heads({ ...scored, card: { ...card, partial: 1 } })).toContain('Partial');
    expect(heads(scored)).not.toContain('Partial');
  });

  test('long and Chinese names wrap inside 80 columns, columns stay aligned', () => {
    const page = renderTerminal(accuracyTables([{ ...scored, compatValue: 37.5 }, long]), [], PLAIN);
    for (const line of page.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
    const ends = page.split('\n').filter((line) => /86\.3$|n\/a$/.test(line));
    expect(new Set(ends.map(displayWidth)).size).toBe(1);
  });

  test('no score cards, no tables', () => {
    expect(accuracyTables([])).toEqual([]);
  });
});

describe('files', () => {
  test("CSV: AISBench's columns first, raw numbers, units apart", () => {
    const [head, e2el, , , itl] = performanceCsv(summary).split('\n');
    expect(head).toBe('Performance Parameters,Stage,Average,Min,Max,Median,P75,P90,P99,N,Unit,Gaps,Reason');
    expect(e2el!.split(',').slice(0, 5)).toEqual([
      'E2EL',
      'total',
      String((223.456789 + 50) / 2),
      '50',
      '223.456789',
    ]);
    expect(itl).toMatch(/^ITL,total,99\.9+,.*,1,ms,1,$/);
  });

  test('a judge that was asked twice: a column for what did not hold, and a line on agreement', () => {
    const agreement = { n: 7, agreed: 6, onlyFirst: 1, onlySwapped: 0, kappa: 0.5882 };
    const card = { ...scored.card, inconsistent: 1, agreement };
    const [scores, verdicts] = accuracyTables([{ ...scored, card }]);
    expect(scores!.footnotes).toContain(
      "demo_gsm8k, vllm-api-stream-chat: the judge said the same of 6 of 7 answers when swapped (Cohen's kappa 0.59; called right first only 1, swapped only 0)",
    );
    expect(verdicts!.columns.map(({ head }) => head)).toContain('Inconsistent');
    const { kappa: _none, ...unanimous } = agreement;
    const [other] = accuracyTables([{ ...scored, card: { ...card, agreement: unanimous } }]);
    expect(other!.footnotes.join()).toContain('no kappa: all verdicts are the same');
    expect(accuracyTables([scored])[1]!.columns.map(({ head }) => head)).not.toContain('Inconsistent');
  });

  test('CSV quotes what needs it', () => {
    expect(csvText([['a,b', 'say "x"', 'two\nlines', undefined, 1.5]])).toBe(
      '"a,b","say ""x""","two\nlines",,1.5\n',
    );
    expect(accuracyCsv([scored]).split('\n')).toEqual([
      'dataset,model,metric,value,n,low,high,correct,partial,wrong,unextractable,inconsistent,truncated,failed,aisbench_value,interval',
      'demo_gsm8k,vllm-api-stream-chat,accuracy,62.5,8,30.57,86.32,5,0,2,0,0,1,0,,Wilson',
      '',
    ]);
    expect(accuracyCsv([repeated]).split('\n').slice(2)).toEqual([
      'demo_gsm8k,vllm-api-stream-chat,pass@2,75,4,30.1,95.4,,,,,,,,75,Wilson',
      'demo_gsm8k,vllm-api-stream-chat,cons@2,50,4,,,,,,,,,,25,',
      '',
    ]);
  });

  test('JSON: raw numbers, units in their own field, the version of the formulas', () => {
    const parsed = JSON.parse(performanceJson(report));
    expect(parsed['Request Throughput']).toEqual({ total: 2000 / 223.456789, unit: 'req/s' });
    expect(parsed.definitions).toBe(2);
    expect(Object.keys(parsed)[0]).toBe('verdict');
    expect(parsed.summary.validity.verdict).toBe(parsed.verdict);
    expect(parsed.summary.rows[0].stats.max).toBe(223.456789);
    expect(JSON.parse(accuracyJson([scored]))).toEqual([scored]);
  });

  test('every surface shows the same number', () => {
    const { max } = summary.rows[0]!.stats!;
    expect(performanceCsv(summary)).toContain(String(max));
    expect(performanceJson(report)).toContain(String(max));
    const shown = `E2EL, ms`;
    const page = markdownPage({ title: 'Run', accuracy: [scored], performance: [report] });
    const cell = performanceTables(report)[0]!.rows[0]![3]!;
    expect(page).toMatch(new RegExp(`\\| ${shown} \\|.*\\| ${cell} \\|`));
    expect(Number(cell)).toBeCloseTo(max, 0);
  });

  test('Markdown: foreign text becomes neither column nor tag', () => {
    const nasty = { ...scored, dataset: 'a|b<img>', model: 'x_y*z' };
    const page = markdownPage({ title: 'Run', accuracy: [nasty], performance: [] });
    expect(page).toContain('| a\\|b\\<img\\> | accuracy | x\\_y\\*z | 62.50 | 8 | 30.6..86.3 |');
    expect(page.startsWith('# Run\n\n## Accuracy, in percent\n\n| Dataset |')).toBe(true);
  });
});
