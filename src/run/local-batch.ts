import { AisBenchError } from '../errors.ts';
import { type BaseModel, type Generated, type GeneratedText, toGeneratedText } from '../models/base-model.ts';
import type { Failure } from '../record.ts';
import { modelBug } from '../transport/model-bug.ts';
import type { Clock } from '../transport/types.ts';
import type { Call } from './calls.ts';

/** What one batch came to: an answer for each prompt, or why there are none; ms on the run's clock. */
export interface BatchAnswer {
  readonly started: number;
  readonly done: number;
  readonly answers: readonly GeneratedText[] | Failure;
  /** The model is lost: why nothing more can be asked of it. */
  readonly lost?: AisBenchError;
}

export interface LocalWire {
  readonly clock: Clock;
  /** Gives up the batch that is being answered. */
  readonly signal: AbortSignal;
}

/** A prompt that waits for its batch. */
export interface Waiting {
  readonly call: Call;
  readonly scheduled: number;
}

/** Takes the next batch from those that wait, oldest first: at most `size`, all with the same limit of tokens. */
export function takeBatch<T extends Waiting>(waiting: T[], size: number): T[] {
  const limit = waiting[0]?.call.maxOutLen;
  const batch = waiting.filter(({ call }) => call.maxOutLen === limit).slice(0, size);
  const taken = new Set(batch);
  waiting.splice(0, waiting.length, ...waiting.filter((one) => !taken.has(one)));
  return batch;
}

/** Lets the model answer prompts together. Never throws: what goes wrong is the answer's failure. */
export async function answerBatch(
  model: BaseModel,
  calls: readonly Pick<Call, 'prompt' | 'maxOutLen'>[],
  { clock, signal }: LocalWire,
): Promise<BatchAnswer> {
  const started = clock();
  const prompts = calls.map(({ prompt }) => prompt);
  const outcome = await generate(model, prompts, calls[0]?.maxOutLen ?? 0, signal);
  return { started, done: clock(), ...outcome };
}

async function generate(
  model: BaseModel,
  prompts: Parameters<BaseModel['generate']>[0],
  maxOutLen: number,
  signal: AbortSignal,
): Promise<Pick<BatchAnswer, 'answers' | 'lost'>> {
  if (signal.aborted) return { answers: CANCELLED };
  try {
    const given: unknown = await orAborted(model.generate(prompts, maxOutLen, { signal }), signal);
    const bug = whatIsWrong(given, prompts.length);
    return { answers: bug ?? (given as readonly Generated[]).map(toGeneratedText) };
  } catch (thrown) {
    if (signal.aborted) return { answers: CANCELLED };
    const answers = modelBug(thrown, 'generate');
    const isLost = thrown instanceof AisBenchError && thrown.code === 'MODEL-RUN-001';
    return isLost ? { answers, lost: thrown } : { answers };
  }
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

function whatIsWrong(given: unknown, expected: number): Failure | undefined {
  const bug = (message: string): Failure => ({ kind: 'model-bug', message: `generate returned ${message}` });
  if (!Array.isArray(given)) return bug(`${nameOf(given)} where a list of ${expected} texts belongs`);
  if (given.length !== expected) return bug(`${given.length} texts for ${expected} prompts`);
  const index = given.findIndex((answer) => typeof (answer?.text ?? answer) !== 'string');
  return index < 0 ? undefined : bug(`${nameOf(given[index])} where text ${index} belongs`);
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
