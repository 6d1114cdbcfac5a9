import { describe, expect, it } from 'vitest';
import { sampleAnswer } from '../../test/support/sample-record.ts';
import { finding, findingText } from '../contract/finding.ts';
import { commonValue, metricRow, metricStats } from './by-id.ts';
import type { MissingReason } from './definitions.ts';
import { MetricRows } from './rows.ts';
import { summarize } from './summary.ts';

const NONE = finding('NO-SUCCESS', {});

describe('a row without values', () => {
  it.each([
    ['not-streamed', 'NOT-STREAMED'],
    ['no-payload', 'NO-PAYLOAD'],
    ['unknown-events', 'EVENTS-NOT-KEPT'],
    ['no-schedule', 'SCHEDULE-NOT-KEPT'],
    ['one-event', 'ONE-EVENT'],
    ['whole-event', 'WHOLE-EVENT'],
    ['one-read', 'ONE-READ'],
    ['first-event-only', 'FIRST-EVENT-ONLY'],
    ['no-token-count', 'TOKENS-NOT-COUNTED'],
    ['count-not-read', 'USAGE-NOT-READ'],
    ['no-time', 'NO-TIME'],
    ['no-answer', 'REASONING-ONLY'],
    ['no-deadline', 'NO-DEADLINE'],
  ] as const)('says why: %s', (missing, code) => {
    const rows = new MetricRows();
    rows.miss('TTFT', missing);
    expect(metricRow({ rows: rows.rows(NONE) }, 'ttft')?.reason).toMatchObject({ code, params: {} });
  });

  it('names every reason with its requests where there are several', () => {
    const rows = new MetricRows();
    const reasons: MissingReason[] = ['one-event', 'not-streamed', 'not-streamed'];
    for (const reason of reasons) rows.miss('TPOT', reason);
    const { reason } = metricRow({ rows: rows.rows(NONE) }, 'tpot')!;
    expect(reason?.code).toBe('SEVERAL-REASONS');
    expect(findingText(reason!)).toBe('not streamed (2); every answer had one event (1)');
    expect(findingText(reason!, 'zh')).toBe('原因：非流式（2）；每个回答只有一个事件（1）');
  });

  it('says that every answer was retried, and that no time passed', async () => {
    const retried = sampleAnswer({ sent: 0, done: 0, output: 1, attempt: 2 });
    const summary = await summarize([retried], { concurrency: 1 });
    expect(metricRow(summary, 'e2el')?.reason?.code).toBe('ALL-RETRIED');
    expect(summary.common.find(({ id }) => id === 'request_throughput')?.reason?.code).toBe('NO-TIME');
  });
});

it('rows and values are found by id', async () => {
  const answer = sampleAnswer({
    events: [
      ['content', 10],
      ['content', 30],
    ],
    output: 2,
  });
  const summary = await summarize([answer], { concurrency: 1 });
  expect(commonValue(summary, 'total_requests')).toBe(1);
  expect(metricStats(summary, 'ttft')?.median).toBe(10);
  expect(metricRow(summary, 'token_itl')?.name).toBe('Token ITL');
  expect(metricStats(summary, 'turns_completed')).toBeUndefined();
});
