import type { RawEntry } from './validate.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What of its surroundings a config may read. */
export interface Surroundings {
  readonly env: Environment;
  /** The folder, absolute, that relative paths begin at. */
  readonly cwd: string;
}

/** What a config's values are read with. */
export interface Reading extends Surroundings {
  readonly entry: RawEntry;
  /** Hears of every secret that was read. */
  keep(secret: string): void;
}
