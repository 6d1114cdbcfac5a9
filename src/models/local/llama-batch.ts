/** Texts that are computed together: in steps, each of which gives llama.cpp something of every text at once. */

import { randomInt } from 'node:crypto';
import { defined } from '../../basics/defined.ts';
import type { GenerateArgs, GeneratedText } from '../../contract/base-model.ts';
import type { LlamaModel, LlamaSequence, LlamaToken, LoadedLlama } from './llama-load.ts';

type LoadedSequences = Pick<LoadedLlama, 'model' | 'batchTokens' | 'sequences'>;

/**
 * Answers as many prompts as there are sequences, at most. All answers grow by a token in each step, so that the same batch is
 * computed in the same way every time, and none waits for another that is out of step. Throws the signal's reason.
 */
export async function answerTogether(
  llama: LoadedSequences,
  prompts: readonly (readonly LlamaToken[])[],
  limits: AnswerLimits,
  { signal, onTokens }: GenerateArgs,
): Promise<readonly GeneratedText[]> {
  const sequences = await chooseSequences(llama.sequences, prompts);
  await readTogether(
    llama,
    sequences.map((sequence, index) => ({
      sequence,
      unread: prompts[index]!.slice(sequence.nextTokenIndex, -1),
    })),
    signal,
  );
  const answers = sequences.map(
    (sequence, index) => new LlamaAnswer(llama.model, sequence, prompts[index]!, limits),
  );
  try {
    for (let growing = [...answers.keys()]; growing.length > 0; ) {
      signal.throwIfAborted();
      await Promise.all(growing.map((index) => answers[index]!.grow()));
      for (const index of growing) onTokens?.(index, 1);
      growing = growing.filter((index) => !answers[index]!.isOver);
    }
  } finally {
    await Promise.all(answers.map((answer) => answer.close()));
  }
  return answers.map((answer) => answer.result());
}

/** For each prompt the sequence that holds most of its beginning, and now nothing else; at least a token is left to read. */
async function chooseSequences(
  sequences: readonly LlamaSequence[],
  prompts: readonly (readonly LlamaToken[])[],
): Promise<LlamaSequence[]> {
  const free = [...sequences];
  const chosen: LlamaSequence[] = [];
  for (const prompt of prompts) {
    const held = free.map((sequence) => sequence.compareContextTokens(prompt).firstDifferentIndex);
    const [sequence] = free.splice(held.indexOf(Math.max(...held)), 1);
    await keepBeginning(sequence!, prompt);
    chosen.push(sequence!);
  }
  return chosen;
}

/** Makes the sequence hold the beginning that it shares with `ids`, and nothing else: all but one of them at most. */
export async function keepBeginning(sequence: LlamaSequence, ids: readonly LlamaToken[]): Promise<void> {
  const shared = Math.min(sequence.compareContextTokens(ids).firstDifferentIndex, ids.length - 1);
  if (shared === 0) await sequence.clearHistory();
  else await sequence.adaptStateToTokens(ids.slice(0, shared), false);
}

/** Reads prompts in parts that llama.cpp computes at once, and stops between them when the run does. */
async function readTogether(
  { batchTokens }: LoadedSequences,
  readers: { readonly sequence: LlamaSequence; unread: readonly LlamaToken[] }[],
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const reading = readers.filter(({ unread }) => unread.length > 0);
    if (reading.length === 0) return;
    signal.throwIfAborted();
    const part = Math.max(1, Math.floor(batchTokens / reading.length));
    await Promise.all(
      reading.map(async (reader) => {
        const now = reader.unread.slice(0, part);
        reader.unread = reader.unread.slice(part);
        await reader.sequence.evaluateWithoutGeneratingNewTokens(now);
      }),
    );
  }
}

/** How to sample an answer, and where it ends. */
export interface AnswerLimits {
  /** Most tokens of an answer; 1 or more. */
  readonly maxOutLen: number;
  readonly stopWords: readonly string[];
  readonly stopTokens: readonly number[];
  readonly sampling: LlamaSampling;
}

/** One answer as it grows, on a sequence that has read the prompt up to its last token. */
class LlamaAnswer {
  readonly #model: LlamaModel;
  readonly #prompt: readonly LlamaToken[];
  readonly #limits: AnswerLimits;
  readonly #next: AsyncGenerator<LlamaToken, void>;
  readonly #letters: LlamaText<LlamaToken>;
  readonly #answered: LlamaToken[] = [];
  #text = '';
  #finishReason: 'stop' | 'length' | undefined;

  constructor(
    model: LlamaModel,
    sequence: LlamaSequence,
    prompt: readonly LlamaToken[],
    limits: AnswerLimits,
  ) {
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
    return defined({
      text: this.#text,
      inputTokens: this.#prompt.length,
      outputTokens: this.#answered.length,
      finishReason: this.#finishReason,
    });
  }

  /** Lets go of the sequence. */
  async close(): Promise<void> {
    await this.#next.return();
  }

  #isEnd(token: LlamaToken): boolean {
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

/** Tokens of a reply, as text: a token may be half a letter, which then waits for the other half. */
export class LlamaText<Token> {
  readonly #decode: (tokens: readonly Token[], before: readonly Token[]) => string;
  #before: readonly Token[];
  #pending: Token[] = [];

  /** `decode` turns tokens into text, given the tokens before them; `before`: the prompt's tokens. */
  constructor(
    decode: (tokens: readonly Token[], before: readonly Token[]) => string,
    before: readonly Token[],
  ) {
    this.#decode = decode;
    this.#before = before.slice(-LOOK_BACK);
  }

  /** The text that can be shown now, '' while a letter is unfinished. `last`: show what there is. */
  add(token: Token, last: boolean): string {
    this.#pending.push(token);
    const text = this.#decode(this.#pending, this.#before);
    // A letter has at most 4 bytes, so after 4 tokens the mark is what the model really wrote.
    if (text.endsWith('\uFFFD') && !last && this.#pending.length < 4) return '';
    this.#before = [...this.#before, ...this.#pending].slice(-LOOK_BACK);
    this.#pending = [];
    return text;
  }
}

/** Tokens before the text that a tokenizer may look at to decide about a leading space. */
const LOOK_BACK = 4;

/** How to choose the next token. */
export interface LlamaSampling {
  /** 0: always the likeliest token. */
  readonly temperature: number;
  /** 0: all tokens. */
  readonly topK: number;
  readonly topP: number;
  readonly minP: number;
  /** Undefined: another one for every answer. */
  readonly seed: number | undefined;
  /** Factor on tokens that the prompt or the answer has already; 1 changes nothing. */
  readonly repetitionPenalty: number;
  readonly frequencyPenalty: number;
  readonly presencePenalty: number;
  /** Go on behind the end of the text. */
  readonly ignoreEos: boolean;
}

/** The same in node-llama-cpp's words, for an answer of at most `maxOutLen` tokens that has `answered` so far. */
export function evaluateOptions(
  sampling: LlamaSampling,
  prompt: readonly LlamaToken[],
  answered: readonly LlamaToken[],
  maxOutLen: number,
): object {
  const { temperature, topK, topP, minP, seed = randomInt(2 ** 32) } = sampling;
  const repeatPenalty = penalties(sampling, prompt, answered);
  return {
    ...{ temperature, topK, topP, minP, seed, yieldEogToken: true },
    // Room for all of them from the start: a sampler that has to grow is made again.
    ...(repeatPenalty && {
      repeatPenalty: { ...repeatPenalty, maxPunishTokens: prompt.length + maxOutLen },
    }),
  };
}

function penalties(
  { repetitionPenalty: penalty, frequencyPenalty, presencePenalty }: LlamaSampling,
  prompt: readonly LlamaToken[],
  answered: readonly LlamaToken[],
): object | undefined {
  if (penalty !== 1) return { penalty, punishTokens: () => [...prompt, ...answered] };
  if (frequencyPenalty === 0 && presencePenalty === 0) return undefined;
  return { penalty, frequencyPenalty, presencePenalty, punishTokens: () => answered };
}
