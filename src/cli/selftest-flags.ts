import type { FlagSpec } from './flag-spec.ts';

export interface SelftestFlags {
  readonly quick?: boolean;
  readonly json?: boolean;
}

export const SELFTEST_FLAGS: readonly FlagSpec[] = [
  { flags: '--quick', meaning: 'a second for each measurement instead of three' },
  { flags: '--json', meaning: 'print the result as JSON' },
];
