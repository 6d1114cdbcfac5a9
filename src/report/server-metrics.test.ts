import { describe, expect, it } from 'vitest';
import type { ServerMetricsSummary } from '../scrape/summary.ts';
import { serverMetricsTables } from './server-metrics.ts';
import { plainTable } from './table.ts';

const summary: ServerMetricsSummary = {
  backend: 'vllm',
  from: 0,
  to: 10_000,
  readings: 12,
  counted: { requests: 40, promptTokens: 4000, generatedTokens: 800, preemptions: 0, drafts: 3 },
  histograms: { ttft: { count: 40, mean: 20, p50: 18, p90: 30, p99: 100, limit: 100 } },
  curves: {
    running: { points: [], min: 0, mean: 3.5, max: 8 },
    kvCache: { points: [], min: 0, mean: 0.25, max: 0.5 },
  },
  prefixHitRate: { value: 0.5 },
  speculation: {
    acceptanceRate: { reason: 'nothing was drafted' },
    acceptanceLength: { reason: 'nothing was drafted' },
    byPosition: [],
  },
};
const report = { summary, failures: 0, speculation: false };
const cells = (tables: ReturnType<typeof serverMetricsTables>, name: string) =>
  tables.flatMap(({ rows }) => rows).find(([head]) => head === name);

describe("the server's own numbers", () => {
  it('are counts, shares in percent and curves', () => {
    const tables = serverMetricsTables(report);
    expect(tables).toHaveLength(1);
    expect(plainTable(tables[0]!).title).toMatch(/vLLM/);
    expect(cells(tables, 'Prompt tokens')).toEqual(['Prompt tokens', '4000', '', '', '']);
    expect(cells(tables, 'Preemptions')?.[1]).toBe('0');
    expect(cells(tables, 'Prefix cache hit rate, %')?.[1]).toBe('50');
    expect(cells(tables, 'KV cache in use, %')).toEqual(['KV cache in use, %', '', '0', '25', '50']);
    expect(cells(tables, 'Waiting requests')).toBeUndefined();
    expect(cells(tables, 'Draft acceptance rate, %')).toBeUndefined();
  });

  it('say n/a and why where --spec-decode asked and there is nothing, and show what there is', () => {
    const asked = serverMetricsTables({ ...report, speculation: true });
    expect(cells(asked, 'Draft acceptance rate, %')?.[1]).toBe('n/a');
    expect(plainTable(asked[0]!).footnotes.join()).toMatch(/Draft acceptance rate.*nothing was drafted/);
    const speculation = {
      acceptanceRate: { value: 0.6 },
      acceptanceLength: { value: 2.2 },
      byPosition: [0.8, 0.4],
    };
    const shown = serverMetricsTables({ ...report, summary: { ...summary, speculation } });
    expect(cells(shown, 'Acceptance length, tokens')?.[1]).toBe('2.200');
    expect(cells(shown, 'Accepted at position 1, %')?.[1]).toBe('40');
  });

  it('hold the times with full, and which of them lie beyond the buckets', () => {
    const [, times] = serverMetricsTables({ ...report, failures: 2 }, { full: true });
    expect(cells([times!], 'TTFT, ms')).toEqual(['TTFT, ms', '20', '18', '30', '100', '40']);
    expect(plainTable(times!).footnotes.join()).toMatch(/TTFT, ms: P99 lies beyond/);
    expect(plainTable(serverMetricsTables({ ...report, failures: 2 })[0]!).footnotes.join()).toMatch(
      /2 looks failed/,
    );
  });

  it('are means of times where the server counts no more', () => {
    const counted = { requests: 4, queueTime: 10, serviceTime: 100 };
    const triton = serverMetricsTables({ ...report, summary: { ...summary, backend: 'triton', counted } });
    expect(cells(triton, 'Queue, mean ms')?.[1]).toBe('2.500');
    expect(cells(triton, 'E2EL, mean ms')?.[1]).toBe('25');
  });
});
