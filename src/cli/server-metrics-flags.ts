export type { ServerMetricsFlags } from './args/flag-values.ts';
