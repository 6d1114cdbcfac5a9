import { AisBenchError } from '../contract/errors.ts';
import { answerBook, choiceBook } from './answers.ts';
import type { Generate, InferenceEngine, Prompt, ReadPrompt } from './engine.ts';
import { ReplyWriter } from './reply-writer.ts';
import { type Sequence, SimBatcher, type SimClock, type StepTimes, systemClock } from './sim-batcher.ts';
import {
  countPieces,
  fillerReply,
  lookUp,
  PieceSource,
  promptText,
  type ReplyLength,
  replySeed,
  scoreText,
} from './sim-reply.ts';
import { drawToolCall } from './sim-tool.ts';

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
    describe: () => describe(options),
    read: (prompt) => read(prompt, options, batcher, books),
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

function read(prompt: Prompt, options: SimOptions, batcher: SimBatcher, books: Books): ReadPrompt {
  const text = promptText(prompt);
  const tokens = countPieces(text, options.contextLength + 1);
  const say =
    (replyOf: (seed: number) => string): Generate =>
    (sampling, sink, signal) => {
      const seed = replySeed(text, options.seed, sampling.seed);
      const source = new PieceSource(replyOf(seed), seed);
      return run(batcher, tokens, source, new ReplyWriter(sampling, sink), signal);
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

function run(
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

function describe(options: SimOptions): string {
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
