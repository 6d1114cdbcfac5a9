import { InvalidArgumentError } from 'commander';
import type { FlagSpec } from './flag-spec.ts';

/** What is read of the service's own metrics. */
export interface ServerMetricsFlags {
  /** A URL; true: `metrics` below the base URL; false: nothing; absent: as true in performance runs, without complaint. */
  readonly scrapeMetrics?: string | boolean;
  readonly specDecode?: boolean;
}

export const SERVER_METRICS_FLAGS: readonly FlagSpec[] = [
  {
    flags: '--scrape-metrics [url]',
    meaning: "read the service's own metrics there (default in perf mode: /metrics of its base URL)",
    parse: httpUrl,
  },
  { flags: '--no-scrape-metrics', meaning: "leave the service's own metrics alone" },
  {
    flags: '--spec-decode',
    meaning: 'report the acceptance of speculative decoding, also where there is none',
  },
];

function httpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('It is no http or https URL.');
}
