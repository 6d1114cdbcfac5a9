import type { FlagSpec } from './flag-spec.ts';

export const PULL_FLAGS: readonly FlagSpec[] = [
  {
    flags: '--into <dir>',
    meaning: 'folder of datasets (default: AIS_BENCH_DATASETS_CACHE, else ./datasets)',
  },
  {
    flags: '--mirror <url>',
    meaning: 'take the files from <url>/<folder>/<file>, not from their authors; checksums stay theirs',
  },
  { flags: '--force', meaning: 'replace files that are there and differ' },
];
