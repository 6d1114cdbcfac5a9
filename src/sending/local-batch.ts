import type { LocalModelPlan } from '../config/plan.ts';
import {
  type BaseModel,
  type GenerateArgs,
  type Generated,
  type GeneratedText,
  type PromptLoss,
  toGeneratedText,
} from '../contract/base-model.ts';
import { AisBenchError } from '../contract/errors.ts';
import { listMedia, toText } from '../contract/prompt-list.ts';
import type { EventLog, Failure, TokenCount, Transcript } from '../contract/record.ts';
import { EventRecorder } from '../transport/event-log.ts';
import { modelBug } from '../transport/failure.ts';
import type { Clock } from '../transport/types.ts';
import { type ModelRequest, pickReference, type RequestResult, type SendRequest } from './model-request.ts';

/** An answer, or a score with its details. */
interface BatchText extends GeneratedText {
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The result of one batch: an answer for each prompt, or why there are none; ms on the run's clock. */
export interface BatchAnswer {
  readonly started: number;
  readonly done: number;
  readonly answers: readonly BatchText[] | Failure;
  /** For each prompt, when its answer grew; empty where the model does not say. */
  readonly growth: readonly EventLog[];
  /** The model is lost: why it answers nothing more. */
  readonly lost?: AisBenchError;
}

export interface LocalWire {
  readonly clock: Clock;
  /** Gives up the batch that is being answered. */
  readonly signal: AbortSignal;
}

/** A prompt that waits for its batch. */
export interface Waiting {
  readonly call: ModelRequest;
  readonly scheduled: number;
}

/** Takes the next batch from those that wait, oldest first: at most `size`, all of one kind. */
export function takeBatch<T extends Waiting>(waiting: T[], size: number): T[] {
  const first = waiting[0]?.call;
  const isAlike = ({ call }: T) =>
    call.maxOutLen === first?.maxOutLen && call.scoresPrompt === first.scoresPrompt;
  const batch = waiting.filter(isAlike).slice(0, size);
  const taken = new Set(batch);
  waiting.splice(0, waiting.length, ...waiting.filter((one) => !taken.has(one)));
  return batch;
}

type BatchCall = Pick<ModelRequest, 'prompt' | 'maxOutLen' | 'scoresPrompt'>;

/** Lets the model answer prompts together. Never throws: what goes wrong is the answer's failure. */
export async function answerBatch(
  model: BaseModel,
  calls: readonly BatchCall[],
  { clock, signal }: LocalWire,
): Promise<BatchAnswer> {
  const started = clock();
  const growing = calls.map(() => new EventRecorder());
  const onTokens = (index: number, tokens: number): void =>
    growing[index]?.add(clock(), 'content', tokens, false);
  const outcome = await answers(model, calls, { signal, onTokens });
  return { started, done: clock(), growth: growing.map((one) => one.toLog()), ...outcome };
}

async function answers(
  model: BaseModel,
  calls: readonly BatchCall[],
  args: Required<GenerateArgs>,
): Promise<Pick<BatchAnswer, 'answers' | 'lost'>> {
  const { signal } = args;
  if (signal.aborted) return { answers: CANCELLED };
  const method = calls[0]?.scoresPrompt === true ? 'getPpl' : 'generate';
  try {
    return { answers: await METHODS[method](model, calls, args) };
  } catch (thrown) {
    if (signal.aborted) return { answers: CANCELLED };
    const failure = modelBug(thrown, method);
    const isLost = thrown instanceof AisBenchError && thrown.code === 'MODEL-RUN-001';
    return isLost ? { answers: failure, lost: thrown } : { answers: failure };
  }
}

type Method = (
  model: BaseModel,
  calls: readonly BatchCall[],
  args: Required<GenerateArgs>,
) => Promise<BatchAnswer['answers']>;

const METHODS: Readonly<Record<'generate' | 'getPpl', Method>> = {
  generate: async (model, calls, args) => {
    const prompts = calls.map(({ prompt }) => prompt);
    const given: unknown = await orAborted(
      model.generate(prompts, calls[0]?.maxOutLen ?? 0, args),
      args.signal,
    );
    const isText = (answer: any) => typeof (answer?.text ?? answer) === 'string';
    const bug = whatIsWrong(given, prompts.length, { method: 'generate', noun: 'text', isRight: isText });
    return bug ?? (given as readonly Generated[]).map(toGeneratedText);
  },
  getPpl: async (model, calls, { signal }) => {
    const prompts = calls.map(({ prompt }) => prompt);
    const given: unknown = await orAborted(model.getPpl!(prompts, { signal }), signal);
    const isLoss = (answer: any) => Number.isFinite(answer?.loss);
    const bug = whatIsWrong(given, prompts.length, { method: 'getPpl', noun: 'loss', isRight: isLoss });
    return bug ?? (given as readonly PromptLoss[]).map(scored);
  },
};

function scored({ loss, tokens }: PromptLoss): BatchText {
  const details = { loss, perplexity: Math.exp(loss), ...(tokens === undefined ? {} : { tokens }) };
  return { text: String(loss), details };
}

const CANCELLED: Failure = { kind: 'cancelled', message: 'the run was stopped' };

/** What is awaited, or a rejection as soon as the signal aborts: a model may not listen to it. */
export function orAborted<T>(awaited: T | Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('the run was stopped'));
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    Promise.resolve(awaited)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop));
  });
}

interface Expected {
  readonly method: string;
  readonly noun: string;
  readonly isRight: (answer: unknown) => boolean;
}

function whatIsWrong(
  given: unknown,
  expected: number,
  { method, noun, isRight }: Expected,
): Failure | undefined {
  const many = noun === 'loss' ? 'losses' : `${noun}s`;
  const bug = (message: string): Failure => ({ kind: 'model-bug', message: `${method} returned ${message}` });
  if (!Array.isArray(given)) return bug(`${nameOf(given)} where a list of ${expected} ${many} belongs`);
  if (given.length !== expected) return bug(`${given.length} ${many} for ${expected} prompts`);
  const index = given.findIndex((answer) => !isRight(answer));
  return index < 0 ? undefined : bug(`${nameOf(given[index])} where ${noun} ${index} belongs`);
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

interface BatchedRequest extends Waiting {
  readonly resolve: (answer: RequestResult) => void;
  readonly reject: (error: AisBenchError) => void;
}

/**
 * Sends requests to a model that is loaded in this process. Those of one turn of the event loop are gathered, and answered in
 * batches of at most `batch_size`, one after the other. Once the model is lost, every further request is rejected.
 */
export function localAsk(model: BaseModel, plan: LocalModelPlan, wire: LocalWire): SendRequest {
  const waiting: BatchedRequest[] = [];
  let working = false;
  let lost: AisBenchError | undefined;
  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = takeBatch(waiting, plan.concurrency);
      const answer = await answerBatch(
        model,
        batch.map(({ call }) => call),
        wire,
      );
      for (const [index, asked] of batch.entries()) asked.resolve(answerOf(model, asked, answer, index));
      lost = answer.lost;
      if (lost !== undefined) for (const asked of waiting.splice(0)) asked.reject(lost);
      await nextTurn();
    }
    working = false;
  };
  return (call, scheduled) =>
    new Promise((resolve, reject) => {
      if (lost !== undefined) return reject(lost);
      waiting.push({ call, scheduled, resolve, reject });
      if (working) return;
      working = true;
      void nextTurn().then(work);
    });
}

/** By then, those that waited for an answer have sent their next request. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function answerOf(
  model: BaseModel,
  { call, scheduled }: Waiting,
  batch: BatchAnswer,
  index: number,
): RequestResult {
  const { started, done, answers } = batch;
  const growth = batch.growth[index]!;
  const answer = 'kind' in answers ? undefined : answers[index]!;
  const counted = answer === undefined ? (answers as Failure) : countTokens(model, call, answer);
  const failed = 'kind' in counted;
  const { finishReason, details } = answer ?? {};
  const end = finishReason === undefined ? {} : { finishReason };
  const streamed = growth.at.length > 0;
  const common = { call: call.ref, attempt: 1, earlier: [], streamed };
  const events = streamed || failed ? growth : wholeAnswerAt(done);
  const times = { scheduled, sent: started, events, done };
  return {
    record: failed
      ? { ...common, outcome: 'failed', times, failure: counted }
      : { ...common, outcome: 'ok', times, ...counted, ...end },
    transcript: transcriptOf(call, answer?.text ?? '', {
      ...(failed ? { failure: counted } : end),
      ...(details === undefined ? {} : { details }),
    }),
  };
}

function wholeAnswerAt(done: number): EventLog {
  const events = new EventRecorder();
  events.add(done, 'content', 0, false);
  return events.toLog();
}

interface BatchTokenCounts {
  readonly inputTokens?: TokenCount;
  readonly outputTokens?: TokenCount;
}

/** Takes the counts of the answer, which are of the very tokens; else counts with the model's own tokenizer, where it has one. */
function countTokens(
  model: BaseModel,
  { prompt, scoresPrompt }: ModelRequest,
  answer: BatchText,
): BatchTokenCounts | Failure {
  // A score is no text of the model's.
  if (scoresPrompt === true) return {};
  const { text, inputTokens, outputTokens } = answer;
  const count = (told: number | undefined, given: string | undefined): TokenCount | undefined => {
    if (told !== undefined) return { value: told, source: 'token-ids' };
    if (given === undefined) return undefined;
    const value = model.getTokenLen?.(given);
    return value === undefined ? undefined : { value, source: 'tokenizer' };
  };
  try {
    // A tokenizer cannot count images.
    const asked = listMedia(prompt).length > 0 ? undefined : toText(prompt);
    const [input, output] = [count(inputTokens, asked), count(outputTokens, text)];
    return {
      ...(input === undefined ? {} : { inputTokens: input }),
      ...(output === undefined ? {} : { outputTokens: output }),
    };
  } catch (thrown) {
    return modelBug(thrown, 'getTokenLen');
  }
}

function transcriptOf(
  call: ModelRequest,
  content: string,
  end: Pick<Transcript, 'failure' | 'finishReason' | 'details'>,
): Transcript {
  return {
    call: call.ref,
    success: end.failure === undefined,
    prompt: call.prompt,
    content,
    reasoningContent: '',
    toolCalls: [],
    ...pickReference(call),
    ...end,
  };
}
