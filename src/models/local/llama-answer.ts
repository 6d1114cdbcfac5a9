import type { GeneratedText } from '../../contract/base-model.ts';
import type { LlamaModel, LlamaSequence, Token } from './llama-peer.ts';
import { evaluateOptions, type LlamaSampling } from './llama-sampling.ts';
import { LlamaText } from './llama-text.ts';

export interface AnswerLimits {
  /** Most tokens of an answer; 1 or more. */
  readonly maxOutLen: number;
  readonly stopWords: readonly string[];
  readonly stopTokens: readonly number[];
  readonly sampling: LlamaSampling;
}

/** One answer as it grows, on a sequence that has read the prompt up to its last token. */
export class LlamaAnswer {
  readonly #model: LlamaModel;
  readonly #prompt: readonly Token[];
  readonly #limits: AnswerLimits;
  readonly #next: AsyncGenerator<Token, void>;
  readonly #letters: LlamaText<Token>;
  readonly #answered: Token[] = [];
  #text = '';
  #finishReason: 'stop' | 'length' | undefined;

  constructor(model: LlamaModel, sequence: LlamaSequence, prompt: readonly Token[], limits: AnswerLimits) {
    this.#model = model;
    this.#prompt = prompt;
    this.#limits = limits;
    const { sampling, maxOutLen } = limits;
    const options = evaluateOptions(sampling, prompt, this.#answered, maxOutLen);
    this.#next = sequence.evaluate(prompt.slice(sequence.nextTokenIndex), options);
    this.#letters = new LlamaText((tokens, before) => model.detokenize(tokens, false, before), prompt);
  }

  get isOver(): boolean {
    return this.#finishReason !== undefined;
  }

  /** Grows by one token, which may be its end. */
  async grow(): Promise<void> {
    const { value: token } = await this.#next.next();
    if (token === undefined) throw new Error('llama.cpp gave no further token');
    this.#answered.push(token);
    const isLast = this.#answered.length >= this.#limits.maxOutLen;
    if (this.#isEnd(token)) this.#finishReason = 'stop';
    else if (this.#addText(this.#letters.add(token, isLast))) this.#finishReason = 'stop';
    else if (isLast) this.#finishReason = 'length';
    if (this.isOver) await this.close();
  }

  result(): GeneratedText {
    return {
      text: this.#text,
      inputTokens: this.#prompt.length,
      outputTokens: this.#answered.length,
      ...(this.#finishReason === undefined ? {} : { finishReason: this.#finishReason }),
    };
  }

  /** Lets go of the sequence. */
  async close(): Promise<void> {
    await this.#next.return();
  }

  #isEnd(token: Token): boolean {
    const { sampling, stopTokens } = this.#limits;
    return stopTokens.includes(token) || (!sampling.ignoreEos && this.#model.isEogToken(token));
  }

  /** True where a stop word came: the text ends before the first of them. */
  #addText(piece: string): boolean {
    const { stopWords } = this.#limits;
    const longest = Math.max(0, ...stopWords.map((word) => word.length));
    const from = Math.max(0, this.#text.length - longest + 1);
    this.#text += piece;
    const ends = stopWords.map((word) => this.#text.indexOf(word, from)).filter((at) => at >= 0);
    if (ends.length === 0) return false;
    this.#text = this.#text.slice(0, Math.min(...ends));
    return true;
  }
}
