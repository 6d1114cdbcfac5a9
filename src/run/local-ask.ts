import type { LocalModelPlan } from '../config/plan.ts';
import type { BaseModel } from '../models/base-model.ts';
import { toText } from '../models/prompt-list.ts';
import type { Failure, TokenCount, Transcript } from '../record.ts';
import { EventRecorder } from '../transport/event-log.ts';
import { modelBug } from '../transport/model-bug.ts';
import type { Answer, Ask, Call } from './calls.ts';
import { answerBatch, type BatchAnswer, type LocalWire, takeBatch, type Waiting } from './local-batch.ts';

interface Asked extends Waiting {
  readonly resolve: (answer: Answer) => void;
}

/**
 * Asks a model that is loaded in this process. What is asked in one turn of the event loop is gathered, and answered in
 * batches of at most `batch_size`, one after the other.
 */
export function localAsk(model: BaseModel, plan: LocalModelPlan, wire: LocalWire): Ask {
  const waiting: Asked[] = [];
  let working = false;
  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = takeBatch(waiting, plan.concurrency);
      const answer = await answerBatch(
        model,
        batch.map(({ call }) => call),
        wire,
      );
      for (const [index, asked] of batch.entries()) asked.resolve(answerOf(model, asked, answer, index));
      await nextTurn();
    }
    working = false;
  };
  return (call, scheduled) =>
    new Promise((resolve) => {
      waiting.push({ call, scheduled, resolve });
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
  const { started, done, texts } = batch;
  const counted = 'kind' in texts ? texts : countTokens(model, call, texts[index] as string);
  const failed = 'kind' in counted;
  const events = new EventRecorder();
  if (!failed) events.add(done, 'content', 0, false);
  const common = { call: call.ref, attempt: 1, earlier: [], streamed: false };
  const times = { scheduled, sent: started, events: events.toLog(), done };
  return {
    record: failed
      ? { ...common, outcome: 'failed', times, failure: counted }
      : { ...common, outcome: 'ok', times, ...counted },
    transcript: transcriptOf(
      call,
      'kind' in texts ? '' : (texts[index] as string),
      failed ? counted : undefined,
    ),
  };
}

interface Counts {
  readonly inputTokens?: TokenCount;
  readonly outputTokens?: TokenCount;
}

/** By the model's own tokenizer, where it has one. */
function countTokens(model: BaseModel, { prompt }: Call, text: string): Counts | Failure {
  try {
    const count = (given: string): TokenCount => ({
      value: model.getTokenLen?.(given) as number,
      source: 'tokenizer',
    });
    if (model.getTokenLen === undefined) return {};
    return { inputTokens: count(toText(prompt)), outputTokens: count(text) };
  } catch (thrown) {
    return modelBug(thrown, 'getTokenLen');
  }
}

function transcriptOf(call: Call, content: string, failure: Failure | undefined): Transcript {
  return {
    call: call.ref,
    success: failure === undefined,
    prompt: call.prompt,
    content,
    reasoningContent: '',
    toolCalls: [],
    gold: call.gold,
    ...(failure === undefined ? {} : { failure }),
  };
}
