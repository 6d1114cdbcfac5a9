import { seededRandom } from '../basics/random.ts';
import { AisBenchError } from '../contract/errors.ts';
import { type Generate, type InferenceEngine, type Prompt, type ReadPrompt, ReplyWriter } from './engine.ts';
import {
  answerBook,
  choiceBook,
  countPieces,
  drawToolCall,
  fillerReply,
  lookUp,
  PieceSource,
  promptText,
  type ReplyLength,
  replySeed,
  scoreText,
} from './sim-reply.ts';

/** What the simulated engine answers, and how fast. */
export interface SimOptions extends StepTimes {
  /** The name that requests use. */
  readonly model: string;
  /** Tokens of prompt and reply together. */
  readonly contextLength: number;
  /** Same seed, same requests: same replies, and same step times in the same order of arrival. */
  readonly seed: number;
  /** Share of the demo's questions that are answered right, 0 to 1. */
  readonly accuracy: number;
  readonly replyTokens: ReplyLength;
}

/** Times of a small model on a small GPU service. */
const SIM_DEFAULTS: SimOptions = {
  model: 'ais-bench-sim',
  contextLength: 32_768,
  seed: 1,
  accuracy: 0.75,
  replyTokens: { min: 32, max: 256 },
  baseStepMs: 8,
  perSequenceMs: 0.15,
  perPrefillTokenMs: 0.05,
  jitter: 0.05,
  maxBatch: 32,
  prefillBudget: 2048,
};

/**
 * Creates an engine without a model: answers come from a table or are filler, times from a step model. Temperature and its like
 * are accepted and change nothing. Throws ENGINE-PARAM-001 for settings that make no sense.
 */
export function createSimEngine(
  given: Partial<SimOptions> = {},
  clock: SimClock = systemClock,
): InferenceEngine {
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const options: SimOptions = { ...SIM_DEFAULTS, ...set };
  checkOptions(options);
  const batcher = new SimBatcher(options, options.seed, clock);
  const books: Books = {
    answers: answerBook(options.accuracy, options.seed),
    choices: choiceBook(options.accuracy, options.seed),
  };
  return {
    model: options.model,
    owner: 'ais-bench-sim',
    simulated: true,
    takesMedia: true,
    contextLength: options.contextLength,
    load: () => ({ running: batcher.running, waiting: batcher.waiting }),
    describe: () => describeSim(options),
    read: (prompt) => readPromptText(prompt, options, batcher, books),
    async close() {
      batcher.close();
    },
  };
}

/** The engine's known answers, by fingerprint. */
interface Books {
  readonly answers: ReadonlyMap<string, string>;
  readonly choices: ReadonlyMap<string, string>;
}

function readPromptText(prompt: Prompt, options: SimOptions, batcher: SimBatcher, books: Books): ReadPrompt {
  const text = promptText(prompt);
  const tokens = countPieces(text, options.contextLength + 1);
  const say =
    (replyOf: (seed: number) => string): Generate =>
    (sampling, sink, signal) => {
      const seed = replySeed(text, options.seed, sampling.seed);
      const source = new PieceSource(replyOf(seed), seed);
      return runSequence(batcher, tokens, source, new ReplyWriter(sampling, sink), signal);
    };
  return {
    tokens,
    generate: say((seed) => lookUp(prompt, books.answers) ?? fillerReply(seed, options.replyTokens)),
    score: async (continuation, best) => scoreText(text, continuation, books.choices, options.seed, best),
    callTool(tools, must) {
      const call = drawToolCall(prompt, tools, must, replySeed(text, options.seed, undefined));
      return call && { name: call.name, generate: untilItsEnd(say(() => call.text)) };
    },
  };
}

/** Stops at the end of the JSON text, which anything after it would break. */
function untilItsEnd(generate: Generate): Generate {
  return (sampling, sink, signal) =>
    generate({ ...sampling, ignoreEos: false, minTokens: 0, stop: [] }, sink, signal);
}

function runSequence(
  batcher: SimBatcher,
  promptTokens: number,
  source: PieceSource,
  writer: ReplyWriter,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: unknown): void => {
      signal.removeEventListener('abort', abort);
      if (error === undefined) resolve();
      else reject(error);
    };
    const sequence: Sequence = {
      promptTokens,
      emit() {
        if (!emitPiece(source, writer)) return false;
        settle();
        return true;
      },
      fail: settle,
    };
    const abort = (): void => {
      batcher.remove(sequence);
      settle();
    };
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', abort);
    batcher.add(sequence);
  });
}

/** True when the reply is over. */
function emitPiece(source: PieceSource, writer: ReplyWriter): boolean {
  if (writer.token(source.take())) return true;
  if (!source.used || writer.mustGoOn) return false;
  writer.endOfText(0);
  return true;
}

function describeSim(options: SimOptions): string {
  const { baseStepMs, perSequenceMs, perPrefillTokenMs, maxBatch, accuracy, seed } = options;
  return (
    `SIMULATED answers and times, no model is running: a step takes ${baseStepMs} ms + ${perSequenceMs} ms a sequence` +
    ` + ${perPrefillTokenMs} ms a prompt token, at most ${maxBatch} sequences at once; ` +
    `${Math.round(accuracy * 1000) / 10}% of the demo questions are answered right; seed ${seed}`
  );
}

function checkOptions(options: SimOptions): void {
  const { accuracy, jitter, maxBatch, prefillBudget, contextLength, replyTokens } = options;
  requireThat(accuracy >= 0 && accuracy <= 1, `accuracy is ${accuracy}`, 'give a share from 0 to 1');
  requireThat(jitter >= 0 && jitter < 1, `jitter is ${jitter}`, 'give a share from 0 to below 1');
  for (const key of ['baseStepMs', 'perSequenceMs', 'perPrefillTokenMs'] as const) {
    requireThat(options[key] >= 0, `${key} is ${options[key]}`, 'give milliseconds, 0 or more');
  }
  for (const [key, value] of Object.entries({ maxBatch, prefillBudget, contextLength })) {
    requireThat(
      Number.isInteger(value) && value >= 1,
      `${key} is ${value}`,
      'give a whole number, 1 or more',
    );
  }
  const { min, max } = replyTokens;
  requireThat(min >= 1 && max >= min, `replyTokens is ${min} to ${max}`, 'give 1 <= min <= max');
}

function requireThat(holds: boolean, message: string, cure: string): void {
  if (!holds) throw new AisBenchError('ENGINE-PARAM-001', message, { where: 'sim engine', cure });
}

/** Times of the step model. */
export interface StepTimes {
  /** Milliseconds of an empty step. */
  readonly baseStepMs: number;
  /** Milliseconds that each running sequence adds. */
  readonly perSequenceMs: number;
  /** Milliseconds that each prompt token read in the step adds. */
  readonly perPrefillTokenMs: number;
  /** Each step is up to this share longer or shorter. */
  readonly jitter: number;
  /** Sequences that run at the same time. */
  readonly maxBatch: number;
  /** Prompt tokens that one step reads at most; longer prompts take several steps. */
  readonly prefillBudget: number;
}

/** A clock that can be simulated. */
export interface SimClock {
  /** Milliseconds. */
  now(): number;
  /** Calls back once, at `time` or soon after; returns how to call it off. */
  at(time: number, callback: () => void): () => void;
}

/** One request in the batch. */
export interface Sequence {
  readonly promptTokens: number;
  /** Emits one token; true when it was the last. An exception ends this sequence alone. */
  emit(): boolean;
  fail(error: unknown): void;
}

interface RunningSequence {
  readonly sequence: Sequence;
  prefillLeft: number;
}

/** Behind by more than this, the schedule restarts instead of catching up in a burst. */
const MAX_LAG_MS = 100;

const systemClock: SimClock = {
  now: () => performance.now(),
  at(time, callback) {
    const delay = time - performance.now();
    if (delay < 0.5) {
      const immediate = setImmediate(callback);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(callback, delay);
    return () => clearTimeout(timer);
  },
};

/**
 * The clockwork of the simulated engine: continuous batching, as servers of large models do it. Time passes in steps. In a step
 * every running sequence gets one token and waiting prompts are read (prefill), within a budget of tokens; the step lasts longer
 * the more it has to do. A sequence that finds the batch full waits, first come, first served.
 */
export class SimBatcher {
  readonly #times: StepTimes;
  readonly #clock: SimClock;
  readonly #random: () => number;
  readonly #waiting = new Set<Sequence>();
  #running: RunningSequence[] = [];
  #callOff: (() => void) | undefined;

  constructor(times: StepTimes, seed: number, clock: SimClock = systemClock) {
    this.#times = times;
    this.#clock = clock;
    this.#random = seededRandom(seed);
  }

  get running(): number {
    return this.#running.length;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  add(sequence: Sequence): void {
    this.#waiting.add(sequence);
    if (this.#callOff === undefined) this.#startStep(this.#clock.now());
  }

  /** Takes a sequence out, wherever it is; its place is free for the next step. */
  remove(sequence: Sequence): void {
    this.#waiting.delete(sequence);
    this.#running = this.#running.filter((running) => running.sequence !== sequence);
  }

  close(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#waiting.clear();
    this.#running = [];
  }

  // The next step starts where this one should have ended, not where the timer fired: lateness does not add up.
  #startStep(start: number): void {
    this.#admit();
    if (this.#running.length === 0) {
      this.#callOff = undefined;
      return;
    }
    const batch = this.#running;
    const end = start + this.#stepLength(batch.length, this.#prefill(batch));
    this.#callOff = this.#clock.at(end, () => this.#endStep(batch, end));
  }

  #endStep(batch: readonly RunningSequence[], end: number): void {
    for (const running of batch) {
      if (running.prefillLeft === 0 && this.#running.includes(running)) this.#emit(running.sequence);
    }
    const now = this.#clock.now();
    this.#startStep(now - end > MAX_LAG_MS ? now : end);
  }

  #emit(sequence: Sequence): void {
    try {
      if (sequence.emit()) this.remove(sequence);
    } catch (error) {
      this.remove(sequence);
      sequence.fail(error);
    }
  }

  #admit(): void {
    for (const sequence of this.#waiting) {
      if (this.#running.length >= this.#times.maxBatch) return;
      this.#waiting.delete(sequence);
      this.#running = [...this.#running, { sequence, prefillLeft: Math.max(1, sequence.promptTokens) }];
    }
  }

  /** Shares the budget out in order of arrival; returns the prompt tokens that this step reads. */
  #prefill(batch: readonly RunningSequence[]): number {
    let budget = this.#times.prefillBudget;
    for (const running of batch) {
      const part = Math.min(budget, running.prefillLeft);
      running.prefillLeft -= part;
      budget -= part;
    }
    return this.#times.prefillBudget - budget;
  }

  #stepLength(batch: number, prefillTokens: number): number {
    const { baseStepMs, perSequenceMs, perPrefillTokenMs, jitter } = this.#times;
    const length = baseStepMs + perSequenceMs * batch + perPrefillTokenMs * prefillTokens;
    return length * (1 + jitter * (2 * this.#random() - 1));
  }
}
