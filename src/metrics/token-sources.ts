import type { TokenCount, TokenSource } from '../record.ts';

/** Where the token counts of a run come from. */
export interface TokenSources {
  /** Answers that each source counted. */
  readonly counts: Readonly<Record<TokenSource, number>>;
  /** Answers that nobody counted. */
  readonly unknown: number;
  /** Tokens of the counted answers; undefined when none was counted. */
  readonly total: number | undefined;
  /** `server usage`, or `server usage (198), tokenizer (2)`. */
  readonly label: string;
}

/** What a person reads for each source. */
export const SOURCE_LABELS: Readonly<Record<TokenSource, string>> = {
  server: 'server usage',
  'token-ids': 'token ids',
  tokenizer: 'tokenizer',
  chunks: 'chunks',
};

/** Counts token counts by their source. */
export class TokenTally {
  readonly #counts: Record<TokenSource, number> = { server: 0, 'token-ids': 0, tokenizer: 0, chunks: 0 };
  #unknown = 0;
  #total = 0;

  add(tokens: TokenCount | undefined): void {
    if (tokens === undefined) this.#unknown++;
    else {
      this.#counts[tokens.source]++;
      this.#total += tokens.value;
    }
  }

  sources(): TokenSources {
    const counts = { ...this.#counts };
    const known = Object.values(counts).some((count) => count > 0);
    const total = known ? this.#total : undefined;
    return { counts, unknown: this.#unknown, total, label: labelOf(counts, this.#unknown) };
  }
}

function labelOf(counts: Readonly<Record<TokenSource, number>>, unknown: number): string {
  const sources = Object.keys(SOURCE_LABELS) as TokenSource[];
  const parts: [string, number][] = sources.map((source) => [SOURCE_LABELS[source], counts[source]]);
  const used = [...parts, ['not counted', unknown] as const].filter(([, count]) => count > 0);
  if (used.length === 0) return 'none';
  if (used.length === 1) return used[0]![0];
  return used.map(([label, count]) => `${label} (${count})`).join(', ');
}
