import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SampleEvent, sampleAnswer, sampleFailure } from '../../../test/support/sample-record.ts';
import type { OkRecord, RunRecord } from '../../contract/record.ts';
import { fourDecimals, stableStage } from './aisbench.ts';
import { Dialects } from './index.ts';
import { DIALECTS, type DialectName, type DialectReport } from './types.ts';

const content = (...at: number[]) => at.map((instant): SampleEvent => ['content', instant]);

/** `aisbench.md` C.1. */
const C1: OkRecord[] = [
  sampleAnswer({
    sent: 10_000,
    events: [...content(10_500, 10_600, 10_750), ['usage', 10_750]],
    input: 100,
    output: 4,
  }),
  sampleAnswer({ sent: 10_100, events: [...content(10_400), ['usage', 10_500]], input: 50, output: 1 }),
  sampleAnswer({ sent: 10_200, events: content(10_900, 11_012.3456, 11_200), input: 80, output: 6 }),
];

function counted(
  name: DialectName,
  records: readonly RunRecord[],
  options = { concurrency: 4 },
): DialectReport[] {
  const dialects = new Dialects([name], options);
  for (const record of records) dialects.add(record);
  return dialects.finish();
}
const commonOf = ({ common }: DialectReport) =>
  Object.fromEntries(common.map(({ name, value }) => [name, value]));
const rowOf = ({ rows }: DialectReport, wanted: string) => rows.find(({ name }) => name === wanted);

test.each([
  ['aisbench', ['AISBENCH-RETRIES']],
  ['vllm', ['VLLM-DURATION']],
  ['genai-perf', ['GENAI-PERF-TOKENIZER']],
  ['guidellm', ['GUIDELLM-RATES']],
] as const)('%s says what its own numbers may differ by', (name, codes) => {
  const retried = sampleAnswer({ sent: 0, events: content(5, 9), input: 1, output: 2, attempt: 2 });
  expect(counted(name, [retried])[0]!.findings.map(({ code }) => code)).toEqual(codes);
});

describe('aisbench', () => {
  const [total] = counted('aisbench', C1);

  test.each([
    ['E2EL', [716.7, 400, 1000, 750, 875, 950, 995], 3],
    ['TTFT', [500, 300, 700, 500, 600, 660, 696], 3],
    ['TPOT', [47.8, 0, 83.3, 60, 71.7, 78.7, 82.9], 3],
    ['ITL', [108.3, 0, 187.7, 106.2, 140.6, 168.8, 185.8], 3],
    ['OutputTokenThroughput', [4.6111, 2.5, 6, 5.3333, 5.6667, 5.8667, 5.9867], 3],
    ['PrefillTokenThroughput', [160.3175, 114.2857, 200, 166.6667, 183.3333, 193.3333, 199.3333], 3],
  ])('C.1: %s', (name, values, n) => {
    const row = rowOf(total!, name)!;
    expect(row.values.map((value) => Number(value!.toFixed(4)))).toEqual(values);
    expect(row.n).toBe(n);
  });

  test('C.1: common metrics', () => {
    expect(commonOf(total!)).toMatchObject({
      'Benchmark Duration': 1200,
      'Total Requests': 3,
      'Failed Requests': 0,
      Concurrency: 1.7917,
      'Max Concurrency': 4,
      'Request Throughput': 2.5,
      'Input Token Throughput': 191.6667,
      'Output Token Throughput': 9.1667,
      'Total Token Throughput': 200.8333,
    });
  });

  test('rows that are all zero are not printed, ITL hangs on the first answer', () => {
    const text = sampleAnswer({ sent: 0, done: 100, input: 5, output: 3 });
    expect(counted('aisbench', [text])[0]!.rows.map(({ name }) => name)).toEqual([
      'E2EL',
      'InputTokens',
      'OutputTokens',
      'OutputTokenThroughput',
    ]);
    const names = (records: RunRecord[]) => counted('aisbench', records)[0]!.rows.map(({ name }) => name);
    expect(names([C1[0]!, C1[1]!])).toContain('ITL');
    expect(names([sampleAnswer({ events: content(5), output: 1 }), C1[0]!])).not.toContain('ITL');
  });

  test('failures do not extend the run', () => {
    const failed = sampleFailure({ kind: 'timeout', message: 'm' }, { sent: 0, done: 99_000 });
    expect(commonOf(counted('aisbench', [...C1, failed])[0]!)).toMatchObject({
      'Benchmark Duration': 1200,
      'Total Requests': 4,
      'Failed Requests': 1,
    });
  });

  test('nothing but failures stops it', () => {
    const [report] = counted('aisbench', [sampleFailure({ kind: 'timeout', message: 'm' }, { sent: 0 })]);
    expect(report!.findings).toMatchObject([{ code: 'AISBENCH-NO-SUCCESS' }]);
  });

  test('rounds as numpy: four decimals, halves to even', () => {
    expect([0.00005, 0.00025, 0.00035, 0.12344, 0.12346, 2.5].map(fourDecimals)).toEqual([
      0, 0.0002, 0.0004, 0.1234, 0.1235, 2.5,
    ]);
  });
});

describe('stable_stage', () => {
  const spans = [
    [0, 4],
    [1, 3],
    [3.5, 6],
    [4.5, 8],
    [6.5, 9],
    [8.5, 10],
  ].map(([begin, end]) => ({ begin: begin!, end: end! }));

  test('C.5', () => {
    expect(stableStage(spans, 2)).toEqual({ begin: 3.5, end: 8.5, selected: [2, 3, 4, 5] });
  });

  test('C.5 by its records', () => {
    const records = spans.map(({ begin, end }) =>
      sampleAnswer({ sent: 1000 * begin, events: content(1000 * end), input: 1, output: 10 }),
    );
    const [, stable] = counted('aisbench', records, { concurrency: 2 });
    expect(commonOf(stable!)).toMatchObject({
      'Benchmark Duration': 5000,
      'Success Requests': 4,
      Concurrency: 2,
      'Output Token Throughput': 8,
    });
  });

  test('never full for a second time', () => {
    expect(stableStage(spans, 3)).toBeUndefined();
    const [, stable] = counted('aisbench', C1, { concurrency: 9 });
    expect(stable!.findings).toMatchObject([{ code: 'AISBENCH-NOT-STABLE' }]);
  });
});

/** Role at 110, tokens at 200, 240 and 300, finish at 310, usage at 400, end of the body at 410. */
const FULL = sampleAnswer({
  sent: 100,
  done: 410,
  events: [['role', 110], ...content(200, 240, 300), ['finish', 310], ['usage', 400]],
  input: 7,
  output: 5,
});

describe('one stream, counted by each', () => {
  const compared = (name: DialectName) => counted(name, [FULL])[0]!.compared;

  test('aisbench: from the first event to the last', () => {
    expect(compared('aisbench')).toMatchObject({ 'TTFT mean': 10, 'E2EL mean': 300, 'TPOT mean': 72.5 });
    expect(compared('aisbench')['ITL mean']).toBeCloseTo(290 / 5, 6);
  });

  test('vllm: the chunks with choices', () => {
    expect(compared('vllm')).toMatchObject({
      'TTFT mean': 10,
      'E2EL mean': 210,
      'TPOT mean': 50,
      'ITL mean': 50,
    });
  });

  test('genai-perf: the responses with text', () => {
    expect(compared('genai-perf')).toMatchObject({ 'TTFT mean': 100, 'E2EL mean': 200, 'ITL mean': 25 });
    expect(compared('genai-perf')['TPOT mean']).toBeUndefined();
  });

  test('guidellm: iterations with text, the body for the whole, the first token in TPOT', () => {
    expect(compared('guidellm')).toMatchObject({
      'TTFT mean': 100,
      'E2EL mean': 310,
      'ITL mean': 25,
      'TPOT mean': 40,
    });
  });
});

describe('what each makes of the odd ones', () => {
  const one = sampleAnswer({ events: content(50), output: 1 });
  const two = sampleAnswer({ events: content(50, 70), output: 2 });
  const failed = sampleFailure({ kind: 'timeout', message: 'm' }, { sent: 0, done: 1000 });

  test('an answer of one token is 0 in the average of aisbench only', () => {
    expect(rowOf(counted('aisbench', [two, one])[0]!, 'TPOT')!.values[0]).toBeCloseTo(10, 6);
    expect(counted('vllm', [two, one])[0]!.compared['TPOT mean']).toBe(20);
    expect(counted('genai-perf', [two, one])[0]!.compared['ITL mean']).toBe(20);
  });

  test('a failed request prolongs the run of vllm only', () => {
    const duration = (name: DialectName) => counted(name, [two, failed])[0]!.compared.Duration;
    expect(
      ['aisbench', 'vllm', 'genai-perf', 'guidellm'].map((name) => duration(name as DialectName)),
    ).toEqual([70, 1000, 70, 70]);
  });

  test('guidellm weighs by tokens and takes a value that occurred', () => {
    const long = sampleAnswer({ events: content(100, 1000), output: 91 });
    const { compared } = counted('guidellm', [two, long])[0]!;
    expect(compared['ITL mean']).toBeCloseTo((20 + 900) / 91, 9);
    expect(compared['TTFT P99']).toBe(100);
  });

  test('vllm counts goodput from the sending', () => {
    const late = sampleAnswer({ scheduled: 0, sent: 1000, events: content(1050, 1070), output: 2 });
    const dialects = new Dialects(['vllm'], { concurrency: 1, slos: { ttft: 60 } });
    dialects.add(late);
    expect(commonOf(dialects.finish()[0]!)['Request goodput']).toBeCloseTo(1000 / 70, 6);
  });
});

test.each(DIALECTS)('%s: any records give finite numbers, also none at all', (name) => {
  const gap = fc.nat(300);
  const record = fc
    .record({
      sent: fc.nat(5000),
      gaps: fc.array(gap, { maxLength: 5 }),
      output: fc.option(fc.nat(20)),
      failed: fc.boolean(),
      streamed: fc.boolean(),
    })
    .map(({ sent, gaps, output, failed, streamed }): RunRecord => {
      let at = sent;
      const events = gaps.map((one, i): SampleEvent => {
        at += one;
        return [i === 0 ? 'role' : 'content', at];
      });
      if (failed) return sampleFailure({ kind: 'timeout', message: 'm' }, { sent, done: at });
      return sampleAnswer({
        sent,
        done: at,
        ...(streamed ? { events } : {}),
        ...(output === null ? {} : { output }),
      });
    });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 10 }), (records) => {
      for (const { rows, common, statistics } of counted(name, records)) {
        for (const { value } of common) expect(Number.isFinite(value)).toBe(true);
        for (const { values } of rows) {
          expect(values).toHaveLength(statistics.length);
          for (const value of values) expect(value === undefined || Number.isFinite(value)).toBe(true);
        }
      }
    }),
  );
});
