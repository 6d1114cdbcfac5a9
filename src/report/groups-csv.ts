import type { GroupRow, Groups } from '../metrics/groups.ts';
import { csvText } from './csv.ts';

/** One line per server, adapter and worker, raw numbers; undefined where the run had only one of each. */
export function groupsCsv({ servers = [], adapters = [], workers = [] }: Groups): string | undefined {
  if (servers.length + adapters.length + workers.length === 0) return undefined;
  const lines = (kind: string, rows: readonly GroupRow[]) =>
    rows.map(({ name, requests, failed, ttft, e2el, outputTokenThroughput }) => [
      kind,
      name,
      requests,
      failed,
      ttft?.median,
      ttft?.p99,
      e2el?.median,
      e2el?.p99,
      outputTokenThroughput,
    ]);
  return csvText([
    [
      'kind',
      'name',
      'requests',
      'failed',
      'ttft_median_ms',
      'ttft_p99_ms',
      'e2el_median_ms',
      'e2el_p99_ms',
      'output_tokens_per_s',
    ],
    ...lines('server', servers),
    ...lines('adapter', adapters),
    ...lines('worker', workers),
  ]);
}
