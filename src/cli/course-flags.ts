import type { FlagSpec } from './flag-spec.ts';
import { whole } from './parse-number.ts';

/** How a command goes about a run, apart from what is run. */
export interface CourseFlags {
  readonly dryRun?: boolean;
  readonly debug?: boolean;
  readonly strict?: boolean;
  readonly live?: number;
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
  {
    flags: '--live <port>',
    meaning: 'serve a page that follows the run, to this machine alone; 0 picks a free port',
    parse: whole(0, 65_535),
  },
  { flags: '--strict', meaning: 'exit with 3 when the verdict on a load test is not VALID' },
];
