import type { FlagSpec } from './flag-spec.ts';

export const IMPORT_FLAGS: readonly FlagSpec[] = [
  { flags: '-w, --work-dir <dir>', meaning: 'folder of the results (default: outputs/default)' },
  {
    flags: '--datasets <names...>',
    meaning:
      'dataset configs that say how answers are judged, found by abbr (default: the config of the run)',
  },
  { flags: '--config-dir <dir>', meaning: 'folder that is searched for configs first', fallback: 'configs' },
];
