/** What pages hold, said in Chinese: no English sentence is left. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { finding } from '../../../src/contract/finding.ts';
import { judge } from '../../../src/metrics/validity.ts';
import { groupTables } from '../../../src/report/breakdowns.ts';
import CHINESE from '../../../src/report/chinese.json' with { type: 'json' };
import type { RunComparison } from '../../../src/report/compare/types.ts';
import { degradedTable } from '../../../src/report/degraded.ts';
import { clientTables, intervalTable } from '../../../src/report/full.ts';
import { type ComparePage, comparePage } from '../../../src/report/page/compare-page.ts';
import { groupScoreTables } from '../../../src/report/summary-groups.ts';
import { plainTable, type Table } from '../../../src/report/table.ts';
import { say, type Text } from '../../../src/report/words.ts';
import { capacityLines, type PointRow, pointTables } from '../../../src/search/point-table.ts';
import { compareStates, comparisons } from '../../../test/support/compare-states.ts';
import { en } from './en.ts';
import { zh } from './zh.ts';

/** Three English words in a row are a sentence; names, metrics and what a model said may be shorter. */
const SENTENCE = /[a-z]+ [a-z]+ [a-z]+/i;

/** Every text of some data, in Chinese: findings and phrases said, strings as they are. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  if ('phrase' in value || ('code' in value && 'params' in value)) return [say(value as Text, 'zh')];
  return Object.values(value).flatMap(textsIn);
}

const english = (data: unknown) => textsIn(data).filter((text) => SENTENCE.test(text));
const heads = (table: Table) => plainTable(table, 'zh').columns.map(({ head }) => head);

describe('the comparison page', () => {
  it.each(Object.entries(compareStates()))('%s has no English sentence', (_, { payload }) => {
    const texts = textsIn(payload);
    expect(texts.length).toBeGreaterThan(40);
    expect(texts.filter((text) => SENTENCE.test(text))).toEqual([]);
  });

  it('has none where everything differs and nothing is known', () => {
    const [one] = comparisons;
    const [task] = one!.tasks;
    const [number] = task!.numbers;
    const strange: RunComparison = {
      ...one!,
      config: [{ key: 'models.0.concurrency', before: '4', inRequest: true }],
      alone: [{ run: 'A', task: 'm × d' }],
      findings: [
        finding('RUN-IMPORTED', { run: 'A' }),
        finding('RUN-NOT-A-LOAD-TEST', { run: 'B' }),
        finding('RUN-CONTINUED', { run: 'B' }),
        finding('CONFIG-UNKNOWN', {}),
      ],
      tasks: [
        {
          ...task!,
          pairing: { sameId: 1, samePrompt: 1, otherPrompt: 1, onlyBefore: 1, onlyAfter: 1 },
          numbers: [
            { ...number!, difference: undefined, reason: finding('NUMBER-UNKNOWN', { run: 'either' }) },
            { ...number!, difference: undefined, reason: finding('NUMBER-ZERO', {}) },
          ] as never,
        },
        { ...task!, pairing: { sameId: 0, samePrompt: 0, otherPrompt: 0, onlyBefore: 0, onlyAfter: 0 } },
      ],
    };
    expect(english(comparePage([strange], '0'))).toEqual([]);
  });

  it('shows no text that is not in its data or in the words of the page', () => {
    const { comparisons: parts } = compareStates()['compare']!.payload as ComparePage;
    const { intro, gates, tasks } = parts[0]!;
    expect(heads(intro)).toEqual(['', 'A', 'B', '随请求发送']);
    expect(heads(gates!.table)).toEqual(['规则', '位置', '实测', 'p', '结果']);
    expect(heads(tasks[0]!.flips!)).toEqual([
      '数据行',
      '之前',
      '现在',
      '之前的答案',
      '现在的答案',
      '参考答案',
    ]);
    expect(plainTable(gates!.table, 'zh').rows.map((row) => row[4])).toEqual(
      expect.arrayContaining(['未通过：超过阈值，且显著']),
    );
    const label = tasks[0]!.numbers.find(({ id }) => id === 'ttft.mean')!.label;
    expect(say(label, 'zh')).toBe('TTFT 均值');
  });

  it('is drawn by views that hold no English of their own', () => {
    for (const view of ['compare-view', 'numbers-table']) {
      const code = readFileSync(new URL(`../compare/${view}.tsx`, import.meta.url), 'utf8');
      expect(code.replace(/\/\*\*.*?\*\/|\/\/.*$/gms, '')).not.toMatch(/>\s*[A-Z]?[a-z]+ [a-z]+[^<]*</);
    }
  });
});

describe('tables of a run', () => {
  it('have none: groups, what was lost, the client, intervals, servers', () => {
    const score = {
      model: 'm',
      group: 'g',
      kind: 'weighted_average',
      value: 1,
      datasets: 2,
      byCharacter: 1,
    } as const;
    const interval = { low: 0, high: 1, level: 0.95, method: 'x' };
    const many = Array.from({ length: 21 }, (_, n) => finding('RETRIED', { count: n + 1 }));
    const { client } = judge(
      {
        load: { loop: 'closed', askedConcurrency: 1, lateThreshold: 1, late: 0, heldBack: 0 },
        ...{ timescale: 1, sent: 9, steady: { steady: true, reasons: [], trends: [] } },
      },
      [{ process: 'main', samples: [{ at: 0, span: 1000, loopUtilization: 0.9 }] }],
    );
    const summary = { validity: { client }, rows: [], further: [] } as unknown as Parameters<
      typeof clientTables
    >[0];
    const server = { name: '', requests: 1, failed: 0 };
    const tables = [
      ...groupScoreTables([{ ...score, interval }]),
      degradedTable(many, 'summary/degraded.json')!,
      ...clientTables(summary),
      intervalTable(summary),
      ...groupTables({ servers: [server], adapters: Array.from({ length: 60 }, () => server) } as never),
    ];
    expect(english(tables)).toEqual([]);
    expect(plainTable(tables[0]!, 'zh').rows[0]![1]).toBe('加权平均（按字符）');
  });

  it('have none: points of a sweep, and what a search found', () => {
    const late = finding('LATE-REQUESTS', { late: 2, sent: 64, lag: 4.29, limit: 3 });
    const row = {
      ...{ model: 'm', dataset: 'd', asked: 4, requests: 10, failed: 0, folder: 'f' },
      ...{ verdict: 'CLIENT-LIMITED', findings: [late], quality: { metric: 'accuracy' } },
    } as PointRow;
    const stopped = ['over-saturated', 'enough-seen', 'interrupted', 'gave-up'].map((one) => ({
      ...row,
      stopped: one,
    }));
    const [table] = pointTables([row, ...stopped], 'rate', 200);
    expect(english(table)).toEqual([]);
    expect(plainTable(table!, 'zh').footnotes[1]).toBe(
      '4：CLIENT-LIMITED，64 个请求中 2 个发送过晚：滞后 P99 4.29 ms > 3 ms',
    );
    const objectives = [{ name: 'ttft.p99=2s', limits: {}, share: 0.99 }];
    const cost = { points: [], requests: 5 };
    const capacity = { load: 1, low: 1, high: 2, steepness: 40 };
    const lines = [
      ...capacityLines({ ...cost, end: 'budget', binding: 0, capacity }, objectives, 'rate'),
      ...capacityLines(
        {
          ...{ ...cost, end: 'invalid', cure: finding('MORE-ROOM', { processes: 2 }) },
          reason: finding('POINT-CLIENT-LIMITED', { why: late }),
        },
        objectives,
        'concurrency',
      ),
    ].map((line) => say(line, 'zh'));
    expect(lines.filter((line) => SENTENCE.test(line))).toEqual([]);
    expect(lines).toContain(
      '结束原因：有一个测点没有测到服务本身：瓶颈是客户端：64 个请求中 2 个发送过晚：滞后 P99 4.29 ms > 3 ms',
    );
    expect(lines).toContain(
      '怎么办：用更多进程发送（--workers 2）；或结束本机上的其他程序，或用 taskset 让服务与客户端各占自己的核；或让其他机器发送（--workers GROUP:N），或降低最高负载（--to）',
    );
  });
});

it.each(Object.entries(CHINESE))('%s is said in Chinese with the same parameters', (id, chinese) => {
  const names = (text: string) => [...new Set([...text.matchAll(/\{(\w+)/g)].map(([, name]) => name))].sort();
  expect(names(chinese)).toEqual(names(id));
  expect(chinese).toMatch(/\p{Script=Han}|：|，/u);
});

it('the words of the page are the same in number in both languages', () => {
  expect(Object.keys(zh)).toEqual(Object.keys(en));
});
