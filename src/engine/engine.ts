/**
 * The contract between protocols and engines: protocols know HTTP and no model, engines know a model and no HTTP.
 */

/** One message of a chat. */
export interface ChatMessage {
  readonly role: string;
  readonly content: string;
}

/** What to continue. */
export type Prompt =
  | { readonly kind: 'chat'; readonly messages: readonly ChatMessage[] }
  | { readonly kind: 'text'; readonly text: string };

/** How to continue a prompt, with every default filled in. */
export interface Sampling {
  /** Tokens, at least 1. */
  readonly maxTokens: number;
  /** Neither the end of text nor a stop string ends the reply before this many tokens. */
  readonly minTokens: number;
  readonly stop: readonly string[];
  readonly keepStop: boolean;
  readonly ignoreEos: boolean;
  /** 0 = always the likeliest token. */
  readonly temperature: number;
  /** In (0, 1]. */
  readonly topP: number;
  /** 0 = the whole vocabulary. */
  readonly topK: number;
  readonly seed: number | undefined;
}

/** Why a reply ended. */
export interface Finish {
  readonly reason: 'stop' | 'length';
  /** The stop string that ended the text, null when none did. */
  readonly stop: string | null;
}

/** A part of the reply. Text may be empty: a token can be half a letter, or be held back as the start of a stop string. */
export interface ReplyPiece {
  readonly text: string;
  /** Tokens that the engine generated since the piece before. */
  readonly tokens: number;
  /** On the last piece, and only there. */
  readonly finish: Finish | undefined;
}

/** Receives a reply's pieces. */
export type Sink = (piece: ReplyPiece) => void;

/**
 * Gives a reply to `sink`, piece by piece. Resolves after the last piece, or without one once the signal is aborted.
 * Rejects when the engine fails.
 */
export type Generate = (sampling: Sampling, sink: Sink, signal: AbortSignal) => Promise<void>;

/** A function that a model may call. */
export interface Tool {
  readonly name: string;
  /** JSON Schema of the arguments; undefined: none are described. */
  readonly parameters: unknown;
}

/** A function that the model decided to call. */
export interface ModelCall {
  readonly name: string;
  /** Gives the arguments, a JSON text. */
  readonly generate: Generate;
}

/** A possible token at a position, with its natural-log probability there. */
export interface Candidate {
  readonly id: number;
  readonly text: string;
  readonly logprob: number;
}

/** A token of a given text. */
export interface ScoredToken {
  readonly id: number;
  readonly text: string;
  /**
   * Undefined for a first token: nothing precedes it. `rank`: 1 = the likeliest at its position, undefined when the
   * engine does not know. `best`: the likeliest tokens at its position, best first.
   */
  readonly score:
    | {
        readonly logprob: number;
        readonly rank: number | undefined;
        readonly best: readonly Candidate[];
      }
    | undefined;
}

/** A prompt in the engine's own tokens. */
export interface ReadPrompt {
  /** At most one more than the context length: an engine may stop counting there. */
  readonly tokens: number;
  readonly generate: Generate;
  /**
   * Scores the prompt's own tokens, and those of a text that follows it. `best`: candidates to return for each
   * position. Absent: the engine gives no probabilities.
   */
  score?(continuation: string, best: number, signal: AbortSignal): Promise<readonly ScoredToken[]>;
  /**
   * The call that the model makes of these functions; undefined when it rather answers in words, which it never does
   * with `must`. Absent: the engine calls no functions.
   */
  callTool?(tools: readonly Tool[], must: boolean): ModelCall | undefined;
}

/** Requests in progress at this moment. */
export interface EngineLoad {
  readonly running: number;
  readonly waiting: number;
}

/** A model, real or simulated. */
export interface InferenceEngine {
  /** The name that requests use. */
  readonly model: string;
  /** Value of `owned_by` in `/v1/models`. */
  readonly owner: string;
  /** True when answers and times are made up. */
  readonly simulated: boolean;
  /** Tokens of prompt and reply together. */
  readonly contextLength: number;
  /** It takes images, video and audio; absent: it does not. */
  readonly takesMedia?: boolean;
  /** Describes the engine in one line for the log. */
  describe(): string;
  load(): EngineLoad;
  /** Throws PromptRefused when the engine cannot take such a prompt. */
  read(prompt: Prompt): ReadPrompt;
  close(): Promise<void>;
}

/** The engine cannot take this prompt, for a reason that the client can understand. */
export class PromptRefused extends Error {
  override readonly name = 'PromptRefused';
}

/** A reply in one piece. */
export interface WholeReply {
  readonly text: string;
  readonly tokens: number;
  readonly finish: Finish;
}

/** Waits for the whole reply; undefined when the client left before. */
export async function collect(
  generate: Generate,
  sampling: Sampling,
  signal: AbortSignal,
): Promise<WholeReply | undefined> {
  const texts: string[] = [];
  let tokens = 0;
  let finish: Finish | undefined;
  await generate(
    sampling,
    (piece) => {
      texts.push(piece.text);
      tokens += piece.tokens;
      finish = piece.finish;
    },
    signal,
  );
  return finish && { text: texts.join(''), tokens, finish };
}

/** Turns an engine's tokens into pieces: counts them, and knows when a reply is over. */
export class ReplyWriter {
  readonly #sampling: Sampling;
  readonly #sink: Sink;
  readonly #filter: StopFilter;
  #tokens = 0;

  constructor(sampling: Sampling, sink: Sink) {
    this.#sampling = sampling;
    this.#sink = sink;
    this.#filter = new StopFilter(sampling.stop, sampling.keepStop);
  }

  /** True while the end of text must be passed over. */
  get mustGoOn(): boolean {
    return this.#sampling.ignoreEos || this.#tokens < this.#sampling.minTokens;
  }

  /** True when the next token is the last one that `maxTokens` allows. */
  get atLastToken(): boolean {
    return this.#tokens + 1 >= this.#sampling.maxTokens;
  }

  /** Writes one token; true when the reply ends with it. */
  token(text: string): boolean {
    this.#tokens++;
    const mayStop = this.#tokens > this.#sampling.minTokens;
    const { text: ready, stop } = mayStop ? this.#filter.push(text) : { text, stop: null };
    if (stop !== null) return this.#last(ready, 1, { reason: 'stop', stop });
    if (this.#tokens >= this.#sampling.maxTokens) {
      return this.#last(ready + this.#filter.flush(), 1, { reason: 'length', stop: null });
    }
    this.#sink({ text: ready, tokens: 1, finish: undefined });
    return false;
  }

  /** Ends the reply because the text is over. `tokens`: 1 when an end-of-text token was generated, which counts. */
  endOfText(tokens: 0 | 1): void {
    this.#last(this.#filter.flush(), tokens, { reason: 'stop', stop: null });
  }

  #last(text: string, tokens: number, finish: Finish): true {
    this.#sink({ text, tokens, finish });
    return true;
  }
}

/** What a filter lets through of a piece. */
interface Filtered {
  /** Text that may be shown now. */
  readonly text: string;
  /** The stop string that ended the text, or null. */
  readonly stop: string | null;
}

/**
 * Finds stop strings in a text that arrives in pieces. Text that may still become a stop string is held back, so a
 * client never sees the beginning of one.
 */
export class StopFilter {
  readonly #stops: readonly string[];
  readonly #keepStop: boolean;
  #held = '';

  /** `keepStop`: show the stop string itself too (vLLM's `include_stop_str_in_output`). */
  constructor(stops: readonly string[], keepStop: boolean) {
    this.#stops = stops.filter((stop) => stop !== '');
    this.#keepStop = keepStop;
  }

  push(text: string): Filtered {
    if (this.#stops.length === 0) return { text, stop: null };
    const seen = this.#held + text;
    const found = this.#earliest(seen);
    if (found !== undefined) {
      this.#held = '';
      return { text: seen.slice(0, found.at + (this.#keepStop ? found.stop.length : 0)), stop: found.stop };
    }
    const ready = seen.length - this.#unfinished(seen);
    this.#held = seen.slice(ready);
    return { text: seen.slice(0, ready), stop: null };
  }

  /** What was held back, when the text ended without a stop string. */
  flush(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }

  #earliest(seen: string): { at: number; stop: string } | undefined {
    let best: { at: number; stop: string } | undefined;
    for (const stop of this.#stops) {
      const at = seen.indexOf(stop);
      if (at >= 0 && (best === undefined || at < best.at)) best = { at, stop };
    }
    return best;
  }

  /** Length of the longest end of `seen` with which a stop string begins. */
  #unfinished(seen: string): number {
    let longest = 0;
    for (const stop of this.#stops) {
      for (let length = Math.min(stop.length - 1, seen.length); length > longest; length--) {
        if (seen.endsWith(stop.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}
