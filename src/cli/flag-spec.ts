/** A flag as data. */
export interface FlagSpec {
  /** As commander reads it: `--host-port <port>`. */
  readonly flags: string;
  readonly meaning: string;
  readonly fallback?: unknown;
  readonly choices?: readonly string[];
  /** Throws InvalidArgumentError saying what the text is not. */
  readonly parse?: (text: string) => unknown;
  /** May be given several times: the values become a list. */
  readonly repeatable?: boolean;
  /** Variable of the environment that stands for it where it is not given. */
  readonly env?: string;
  /** Not shown to users. */
  readonly hidden?: boolean;
}
