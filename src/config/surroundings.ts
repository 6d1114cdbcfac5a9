export type Environment = Readonly<Record<string, string | undefined>>;

/** What of its surroundings a config may read. */
export interface Surroundings {
  readonly env: Environment;
  /** The folder, absolute, that relative paths begin at. */
  readonly cwd: string;
}
