/** A llama.cpp whose tokens are characters' codes, and whose next token a function of the tests tells. */
import type { LlamaModel, LlamaSequence, LlamaToken, NextLogits } from '../../src/models/local/llama-load.ts';

/** Ends a text. */
export const END = 0;

export const tokensOf = (text: string): LlamaToken[] => [...text].map((letter) => letter.codePointAt(0)!);

export const fakeModel = {
  trainContextSize: 4096,
  fileInfo: { metadata: {} },
  tokens: { bos: null, bosString: null, eosString: null, shouldPrependBosToken: false },
  tokenize: tokensOf,
  detokenize: (tokens) => String.fromCodePoint(...tokens),
  isEogToken: (token) => token === END,
  createContext: () => Promise.reject(new Error('there is one already')),
} as const satisfies LlamaModel;

interface FakeLogits {
  readonly logits: ReadonlyMap<LlamaToken, number>;
}

export class FakeSequence implements LlamaSequence {
  /** What it holds. */
  held: LlamaToken[] = [];
  /** Tokens that it was given, a list a call. */
  readonly given: LlamaToken[][] = [];
  readonly options: Record<string, any>[] = [];
  /** Generators that are neither over nor let go. */
  open = 0;
  readonly #next: (held: readonly LlamaToken[]) => LlamaToken;
  readonly #logits: (held: readonly LlamaToken[]) => FakeLogits;

  constructor(
    next: (held: readonly LlamaToken[]) => LlamaToken,
    logits: (held: readonly LlamaToken[]) => FakeLogits = () => ({ logits: new Map() }),
  ) {
    this.#next = next;
    this.#logits = logits;
  }

  get nextTokenIndex(): number {
    return this.held.length;
  }

  compareContextTokens(tokens: readonly LlamaToken[]): { firstDifferentIndex: number } {
    const different = this.held.findIndex((token, index) => token !== tokens[index]);
    return { firstDifferentIndex: different < 0 ? this.held.length : different };
  }

  async adaptStateToTokens(tokens: readonly LlamaToken[]): Promise<void> {
    this.held = [...tokens];
  }

  async clearHistory(): Promise<void> {
    this.held = [];
  }

  async evaluateWithoutGeneratingNewTokens(tokens: readonly LlamaToken[]): Promise<void> {
    await this.#take(tokens);
  }

  async *evaluate(tokens: readonly LlamaToken[], options: object): AsyncGenerator<LlamaToken, void> {
    this.options.push(options);
    this.open += 1;
    try {
      for (let unread = tokens; ; ) {
        await this.#take(unread);
        const next = this.#next(this.held);
        yield next;
        unread = [next];
      }
    } finally {
      this.open -= 1;
    }
  }

  async controlledEvaluate(
    asked: readonly (readonly [LlamaToken, any])[],
  ): Promise<readonly ({ readonly next: NextLogits } | undefined)[]> {
    await this.#take(asked.map(([token]) => token));
    const from = this.held.length - asked.length;
    return asked.map(([, { generateNext }], index) => {
      const { logits } = this.#logits(this.held.slice(0, from + index + 1));
      const highest = Math.max(...logits.values());
      const { tokens, includeTop } = generateNext.logits.filter;
      const ranked = [...logits].sort(([, one], [, other]) => other - one);
      const kept = ranked.filter(([token], rank) => rank < includeTop || tokens.includes(token));
      const totalLogitWeight = ranked.reduce((sum, [, logit]) => sum + Math.exp(logit - highest), 0);
      return { next: { logits: new Map(kept), totalLogitWeight } };
    });
  }

  async #take(tokens: readonly LlamaToken[]): Promise<void> {
    this.given.push([...tokens]);
    this.held.push(...tokens);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
