export type { AnyRunFlags } from './args/flag-values.ts';
