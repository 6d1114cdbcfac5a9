import { expect, it } from 'vitest';
import { sampleAnswer, sampleFailure } from '../../test/support/sample-record.ts';
import type { RunRecord } from '../contract/record.ts';
import { summarize } from '../metrics/summary.ts';
import { performanceCsv, performanceJson } from './csv.ts';
import { performanceTables } from './performance.ts';
import { renderTable } from './terminal.ts';
import { displayWidth } from './text.ts';

const call = (id: string, turn: number) => ({
  id,
  model: 'm',
  dataset: 'd',
  index: Number(id),
  repetition: 0,
  turn,
  turns: 2,
});
const answer = (id: string, turn: number, sent: number, first: number, last: number): RunRecord => ({
  ...sampleAnswer({
    sent,
    events: [
      ['content', first],
      ['content', last],
    ],
    input: 10 + 20 * turn,
    output: 2,
  }),
  call: call(id, turn),
});
const records = [
  answer('0', 0, 0, 30, 50),
  answer('0', 1, 60, 70, 100),
  answer('1', 0, 5, 45, 65),
  { ...sampleFailure({ kind: 'timeout', message: 'late' }, { sent: 80, done: 99 }), call: call('1', 1) },
];
const summary = await summarize(records, { concurrency: 2 });
const report = { model: 'm', dataset: 'd', summary };

it('a run of dialogues has two tables more', () => {
  const [, conversations, turns] = performanceTables(report);
  expect(renderTable(conversations!, { color: false })).toMatchInlineSnapshot(`
    "Conversations
    ───────────────────────────────────────────────────────────────────
    Metric                   Average Min Max Median   P75   P90   P99 N
    ───────────────────────────────────────────────────────────────────
    Conversation Latency, ms     100 100 100    100   100   100   100 1
    Turns Completed            1.500   1   2  1.500 1.750 1.900 1.990 2
    ───────────────────────────────────────────────────────────────────
    Conversations: 2; 1 completed, 1 broken off at a failed turn"
  `);
  expect(renderTable(turns!, { color: false })).toMatchInlineSnapshot(`
    "Turns
    ───────────────────────────────────────────────────────────────
    Turn N TTFT P50 TTFT P99 E2EL P50 E2EL P99 Input P50 Output P50
    ───────────────────────────────────────────────────────────────
       1 2       35    39.90       55    59.90        10          2
       2 1       10       10       40       40        30          2
    ───────────────────────────────────────────────────────────────
    Times in ms, of the turns that were answered without a retry"
  `);
  for (const table of performanceTables(report)) {
    for (const line of renderTable(table, { color: false }).split('\n')) {
      expect(displayWidth(line)).toBeLessThanOrEqual(80);
    }
  }
});

it('an example of a failure names its turn', () => {
  expect(renderTable(performanceTables(report).at(-1)!, { color: false })).toContain('d #1 turn 2');
});

it('the CSV has a stage for each turn and for conversations', () => {
  const lines = performanceCsv(summary).split('\n');
  expect(lines).toContain('E2EL,turn 1,55,50,60,55,57.5,59,59.9,2,ms,,');
  expect(lines).toContain('TTFT,turn 2,10,10,10,10,10,10,10,1,ms,,');
  expect(lines).toContain('Conversation Latency,conversation,100,100,100,100,100,100,100,1,ms,,');
  expect(lines.filter((line) => line.includes(',total,'))).toHaveLength(15);
});

it('the JSON has everything', () => {
  const { conversations } = JSON.parse(performanceJson(report)).summary;
  expect(conversations.counts).toEqual({ total: 2, completed: 1, brokenOff: 1, unfinished: 0 });
  expect(conversations.turns).toHaveLength(2);
});

it('a run without dialogues has neither', async () => {
  const plain = await summarize([sampleAnswer({})], { concurrency: 1 });
  expect(performanceTables({ ...report, summary: plain }).map(({ title }) => title)).toEqual([
    'Performance: m, d',
    'Common metrics',
  ]);
});
