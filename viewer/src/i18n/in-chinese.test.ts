import { describe, expect, it } from 'vitest';
import { type NoteFacts, notesOf } from '../../../src/metrics/notes.ts';
import { judge, type ValidityFacts } from '../../../src/metrics/validity.ts';
import { degradedTable } from '../../../src/report/degraded.ts';
import { failureTable } from '../../../src/report/failures.ts';
import { clientTables, intervalTable } from '../../../src/report/full.ts';
import { groupScoreTables } from '../../../src/report/group-scores.ts';
import type { Table } from '../../../src/report/table.ts';
import type { SearchResult } from '../../../src/search/capacity.ts';
import { cureOf } from '../../../src/search/cure.ts';
import { type PointRow, pointTables } from '../../../src/search/point-table.ts';
import { capacityLines } from '../../../src/search/verdict.ts';
import { inChinese } from './in-chinese.ts';

const isChinese = (text: string | undefined) => /\p{Script=Han}/u.test(text ?? '');
const english = (texts: readonly string[]) => texts.filter((text) => !isChinese(inChinese(text)));

const LOAD: ValidityFacts['load'] = {
  loop: 'open',
  ...{ askedRate: 100, scheduledRate: 100, achievedRate: 50, askedConcurrency: 8, heldConcurrency: 2 },
  ...{ lag: { p99: 9 }, lateThreshold: 1, late: 5, heldBack: 0 },
};
const STEADY = { steady: true, reasons: [], trends: [] };
const busy = [
  {
    process: 'worker 1',
    ...{ memoryLimit: 100, descriptorLimit: 10 },
    samples: [
      {
        ...{ at: 0, span: 1000, loopUtilization: 0.9, loopLagP99: 90, gc: 500 },
        ...{ cpuUser: 990, cpuSystem: 10, rss: 99, openSockets: 10 },
      },
    ],
  },
];
const facts = { load: LOAD, timescale: 50, sent: 100, answered: 99, steady: STEADY };
const call = { id: '', model: 'm', dataset: 'd', index: 0, repetition: 0 };

it('reasons of verdicts', () => {
  const failures = [{ kind: 'connect', message: 'refused', count: 60, example: call }] as const;
  const judged = [
    judge(facts, busy),
    judge({ ...facts, load: { ...LOAD, heldBack: 5 } }, []),
    judge({ ...facts, load: { ...LOAD, achievedRate: 99, lag: { p99: 0.5 } } }, []),
    judge({ ...facts, answered: 0, failures }, []),
    judge({ ...facts, answered: 0, sent: 1, failures }, []),
    judge({ ...facts, sent: 0 }, []),
    judge({ ...facts, lostSenders: 2 }, []),
  ];
  const reasons = judged.flatMap((one) => one.reasons);
  expect(reasons.length).toBeGreaterThan(12);
  expect(english(reasons)).toEqual([]);
});

it('notes of a run', () => {
  const common = [
    { name: 'Benchmark Duration', value: 1000, unit: 'ms' },
    { name: 'Success Requests', value: 90, unit: '' },
  ];
  const tokens = { unknown: 1, total: 5, counts: {}, label: '' };
  const summary = {
    ...{ common, retried: { count: 1 }, failures: [{ kind: 'timeout', count: 9 }] },
    ...{ tokens: { input: tokens, output: tokens }, load: { lag: {}, sharedReadShare: 0.8 } },
    conversations: { counts: { total: 5, brokenOff: 2 } },
    lengths: { wanted: 9, exact: 1, meanAsked: 64, meanGot: 20.5, tooLong: 1 },
  } as unknown as NoteFacts['summary'];
  const facts = {
    ...{ summary, concurrency: 8, total: 100, sent: 90, failed: 10, cancelled: 1, planned: 100 },
    ...{ interrupted: true, buffered: true, failureTail: 500, countedAsNothing: 3, askedAgain: 50 },
    earlyEnds: [['abort', 2]] as const,
  };
  const cold = notesOf({ ...facts, servedFromCache: undefined });
  const warm = notesOf({ ...facts, servedFromCache: 0.5, buffered: false });
  expect(cold).toHaveLength(14);
  const notes = [...cold, ...warm];
  expect(english(notes)).toEqual([]);
});

it('what to do about failures', () => {
  const group = { message: 'no event stream came', count: 1, example: call };
  const groups = [401, 404, 429, 302].map((status) => ({ ...group, kind: 'http-status' as const, status }));
  const kinds = (['connect', 'timeout', 'bad-reply'] as const).map((kind) => ({ ...group, kind }));
  const { footnotes } = failureTable('', [...groups, ...kinds]);
  expect(footnotes).toHaveLength(7);
  expect(english(footnotes)).toEqual([]);
});

/** What of a table is sentences: its title, heads and footnotes. Names and metrics are the same in both languages. */
const KEPT = /^(N|GC|CPU|TTFT|TPOT|ITL|E2EL|tok\/s|P[\d.]+)$/;
const textsOf = ({ title, columns, footnotes }: Table) =>
  [title, ...columns.map(({ head }) => head), ...footnotes].filter((text) => !KEPT.test(text));

const row: PointRow = {
  ...{ model: 'm', dataset: 'd', asked: 4, requests: 10, failed: 0, folder: 'f' },
  ...{ verdict: 'CLIENT-LIMITED', reasons: ['main: event loop busy 82 % > 70 %'] },
  ...{ goodput: { perSecond: 1, share: 0.5 }, quality: { metric: 'accuracy' } },
} as PointRow;

describe('tables', () => {
  it('of groups, of what was lost, of the client, of intervals', () => {
    const score = {
      model: 'm',
      group: 'g',
      kind: 'weighted_average',
      value: 1,
      datasets: 2,
      byCharacter: 1,
    } as const;
    const [groups] = groupScoreTables([
      { ...score, interval: { low: 0, high: 1, level: 0.95, method: 'x' } },
    ]);
    const lost = degradedTable(
      Array.from({ length: 21 }, (_, n) => ({ what: `SIMULATED ${n}` })),
      'summary/degraded.json',
    )!;
    const { client } = judge(facts, busy);
    const summary = { validity: { client }, rows: [], further: [] } as unknown as Parameters<
      typeof clientTables
    >[0];
    const tables = [groups!, lost, ...clientTables(summary), intervalTable(summary)];
    expect(english(tables.flatMap(textsOf))).toEqual([]);
    expect(inChinese(groups!.rows[0]![1]!)).toBe('加权平均（按字符）');
  });

  it('of the points of a sweep, and what a search found', () => {
    const stopped = ['over-saturated', 'enough-seen', 'interrupted', 'gave-up'].map((one) => ({
      ...row,
      stopped: one,
    }));
    const [table] = pointTables([row, ...(stopped as PointRow[])], 'rate', 200);
    expect(english(textsOf({ ...table!, title: '' }).filter((text) => text !== ''))).toEqual([]);
    const sender = { cores: 8, byAgents: false, heldBack: 0, askedConcurrency: 9, requests: 5, failed: 0 };
    const validity = { verdict: 'CLIENT-LIMITED', reasons: [], client: [] } as const;
    const found: SearchResult = {
      end: 'budget',
      points: [],
      requests: 1,
      binding: 0,
      capacity: { load: 1, low: 1, high: 2, steepness: 40 },
    };
    const spoilt: SearchResult = {
      ...{ end: 'invalid', points: [], requests: 5, cure: cureOf(validity, sender)! },
      reason: 'the client is the limit: main: event loop busy 82 % > 70 %',
    };
    const objectives = [{ name: 'ttft.p99=2s', limits: {}, share: 0.99 }];
    const lines = [found, spoilt].flatMap((one) => capacityLines(one, objectives, 'rate'));
    expect(english(lines)).toEqual([]);
    expect(inChinese(lines.at(-2)!)).toBe(
      '怎么办：用更多进程发送（--workers 2）；或结束本机上的其他程序，或用 taskset 让服务与客户端各占自己的核；或让其他机器发送（--workers GROUP:N），或降低最高负载（--to）',
    );
  });
});

it.each([
  [
    'Ended: a point was no measurement of the service: the client is the limit: 2 of 64 requests left late: lag P99 4.29 ms > 3 ms',
    '结束原因：有一个测点没有测到服务本身：瓶颈是客户端：64 个请求中 2 个发送过晚：滞后 P99 4.29 ms > 3 ms',
  ],
  [
    'Ended: a point was no measurement of the service: the client is the limit: main: event loop busy 82 % > 70 %',
    '结束原因：有一个测点没有测到服务本身：瓶颈是客户端：main：事件循环占用 82 % > 70 %',
  ],
  [
    '120.2: CLIENT-LIMITED, 2 of 64 requests left late: lag P99 4.29 ms > 3 ms',
    '120.2：CLIENT-LIMITED，64 个请求中 2 个发送过晚：滞后 P99 4.29 ms > 3 ms',
  ],
  [
    'all 8 requests failed: connect ECONNREFUSED 127.0.0.1:1 (connect)',
    '全部 8 个请求失败：connect ECONNREFUSED 127.0.0.1:1 (connect)',
  ],
  [
    '1 of 2 requests failed (50.0 %), most often timeout (1)',
    '2 个请求中 1 个失败（50.0 %），最多的是 timeout（1）',
  ],
  ['TTFT, TPOT: P99 lies beyond the last bucket', 'TTFT, TPOT：P99 超出最后一个桶'],
])('%s', (english, chinese) => {
  expect(inChinese(english)).toBe(chinese);
});

it('leaves alone what it does not know', () => {
  for (const text of ['', 'vllm-api-stream-chat', 'the server said: no', '{}', 'x'.repeat(5000)])
    expect(inChinese(text)).toBeUndefined();
});
