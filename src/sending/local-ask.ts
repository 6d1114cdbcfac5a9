import type { LocalModelPlan } from '../config/plan.ts';
import type { BaseModel } from '../contract/base-model.ts';
import type { AisBenchError } from '../contract/errors.ts';
import { listMedia, toText } from '../contract/prompt-list.ts';
import type { EventLog, Failure, TokenCount, Transcript } from '../contract/record.ts';
import { EventRecorder } from '../transport/event-log.ts';
import { modelBug } from '../transport/failure.ts';
import { type Answer, type Ask, type Call, referenceIn } from './calls.ts';
import {
  answerBatch,
  type BatchAnswer,
  type BatchText,
  type LocalWire,
  takeBatch,
  type Waiting,
} from './local-batch.ts';

interface Asked extends Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: AisBenchError) => void;
}

/**
 * Asks a model that is loaded in this process. What is asked in one turn of the event loop is gathered, and answered in
 * batches of at most `batch_size`, one after the other. Once the model is lost, whatever else is asked is rejected.
 */
export function localAsk(model: BaseModel, plan: LocalModelPlan, wire: LocalWire): Ask {
  const waiting: Asked[] = [];
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

/** By then, whoever waited for an answer has asked again. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function answerOf(model: BaseModel, { call, scheduled }: Waiting, batch: BatchAnswer, index: number): Answer {
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

interface Counts {
  readonly inputTokens?: TokenCount;
  readonly outputTokens?: TokenCount;
}

/** As the answer tells, which counted the very tokens; else by the model's own tokenizer, where it has one. */
function countTokens(model: BaseModel, { prompt, scoresPrompt }: Call, answer: BatchText): Counts | Failure {
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
  call: Call,
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
    ...referenceIn(call),
    ...end,
  };
}
