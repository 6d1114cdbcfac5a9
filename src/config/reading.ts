import type { RawEntry } from './validate.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a config's values are read with. */
export interface Reading {
  readonly entry: RawEntry;
  readonly env: Environment;
  /** Hears of every secret that was read. */
  keep(secret: string): void;
}
