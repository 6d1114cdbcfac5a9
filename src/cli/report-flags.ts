export { type ReportFlags, slosOf as slosIn } from './args/flag-values.ts';
