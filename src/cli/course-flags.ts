export type { CourseFlags } from './args/flag-values.ts';
