import type { FlagSpec } from './flag-spec.ts';

/** How a command goes about a run, apart from what is run. */
export interface CourseFlags {
  readonly dryRun?: boolean;
  readonly debug?: boolean;
  readonly strict?: boolean;
}

export const COURSE_FLAGS: readonly FlagSpec[] = [
  {
    flags: '--dry-run',
    meaning: 'print the plan with the origin of every value; send nothing, write nothing',
  },
  {
    flags: '--debug',
    meaning: 'tell more on standard error: every failed request, where errors arose; one process sends',
  },
  { flags: '--strict', meaning: 'exit with 3 when the verdict on a load test is not VALID' },
];
