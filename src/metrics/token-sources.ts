import { defined } from '../basics/defined.ts';
import type { TokenCount, TokenSource } from '../contract/record.ts';
import type { EventTokenSource } from './event-tokens.ts';
import type { MetricRow, RowName } from './rows.ts';

/** Where the token counts of a run come from. */
export interface TokenSources {
  /** Answers that each source counted. */
  readonly counts: Readonly<Record<TokenSource, number>>;
  /** Answers that nobody counted. */
  readonly unknown: number;
  /** Tokens of the counted answers; undefined when none was counted. */
  readonly total: number | undefined;
  /** Where the replies hold counts that the model class did not read; absent where it read them, or there are none. */
  readonly unread?: string;
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
  #unread: string | undefined;

  add(tokens: TokenCount | undefined, unread?: string): void {
    this.#unread ??= unread;
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
    const label = labelOf(counts, this.#unknown);
    return { counts, unknown: this.#unknown, total, label, ...defined({ unread: this.#unread }) };
  }
}

/** What a person reads for each way of knowing the tokens of single events. */
const EVENT_LABELS: Readonly<Record<EventTokenSource, string>> = {
  events: 'told by the server',
  spread: 'spread evenly',
  unknown: 'not known',
};

const COUNTED: Readonly<Partial<Record<RowName, 'input' | 'output' | 'events'>>> = {
  InputTokens: 'input',
  PrefillTokenThroughput: 'input',
  TPOT: 'output',
  OutputTokens: 'output',
  OutputTokenThroughput: 'output',
  DecodeTokenThroughput: 'output',
  'Token ITL': 'events',
  Fluidity: 'events',
};

/** The row with the source of the tokens that its metric needs; as it is where it needs none or has no value. */
export function withTokenSource(
  row: MetricRow,
  labels: Readonly<Record<'input' | 'output' | 'events', string>>,
): MetricRow {
  const side = COUNTED[row.name];
  return side === undefined || row.stats === undefined ? row : { ...row, tokenSource: labels[side] };
}

/** `told by the server (8), spread evenly (2)`. */
export function eventTokenLabel(counts: Readonly<Record<EventTokenSource, number>>): string {
  const sources = Object.keys(EVENT_LABELS) as EventTokenSource[];
  return joined(sources.map((source) => [EVENT_LABELS[source], counts[source]]));
}

function labelOf(counts: Readonly<Record<TokenSource, number>>, unknown: number): string {
  const sources = Object.keys(SOURCE_LABELS) as TokenSource[];
  const parts: [string, number][] = sources.map((source) => [SOURCE_LABELS[source], counts[source]]);
  return joined([...parts, ['not counted', unknown]]);
}

/** The one that there is, or each with its number. */
function joined(parts: readonly (readonly [label: string, count: number])[]): string {
  const used = parts.filter(([, count]) => count > 0);
  if (used.length === 0) return 'none';
  if (used.length === 1) return used[0]![0];
  return used.map(([label, count]) => `${label} (${count})`).join(', ');
}
