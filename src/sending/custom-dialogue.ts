/** The shape of samples whose dialogue a function of the user's leads (`contract/inferencer.ts`). */
import { defined } from '../basics/defined.ts';
import { messageOf } from '../contract/errors.ts';
import {
  type Ask,
  AskError,
  type DialogueAnswer,
  type DialogueOptions,
  type DialogueSample,
  type DialogueTranscript,
  type Inferencer,
} from '../contract/inferencer.ts';
import type { PromptType } from '../contract/prompt-list.ts';
import type { CallRef, Failure, Transcript } from '../contract/record.ts';
import { promptRenderer } from '../prompt/render.ts';
import { fixedLengthOf, lengthLimit, makeReference, mediaOption, toolsOf } from './inferencers.ts';
import {
  failedTranscript,
  type ModelRequest,
  pickReference,
  type SendRequest,
  sampleRef,
} from './model-request.ts';
import type { PickedRow, SampleContext, SampleRun, Shape, ShapeOptions } from './shape.ts';

/** An inferencer of the user's own: a dialogue whose requests are known when it is over. Throws as the prompt's renderer does. */
export function customDialogue(
  { model, dataset, train, mediaRoots = [] }: ShapeOptions,
  inferencer: Inferencer,
): Shape {
  const { infer_cfg, reader_cfg } = dataset.config;
  const { type, ...options } = infer_cfg.inferencer;
  const render = promptRenderer(infer_cfg, reader_cfg, model.metaTemplate, train);
  return {
    isOpenEnded: true,
    countRequests: () => 1,
    makeRun: (picked, repetition) => {
      const { index, row } = picked;
      const asked = {
        prompt: render(row),
        maxOutLen: lengthLimit(row, model),
        ...toolsOf(row, model),
        ...fixedLengthOf(row, model),
      };
      // What else is sent the function makes of the row.
      const content = ['dialogue', type, options, row, ...Object.values(asked)];
      const ref = sampleRef(model, { dataset: dataset.abbr, index, repetition }, content);
      const first = {
        ...{ ref: { ...ref, turn: 0 }, ...asked, mediaRoots },
        ...mediaOption(row),
        ...makeReference(row, dataset),
      };
      const sample = sampleOf(picked, repetition, { prompt: asked.prompt, options });
      return { ref, first, run: dialogueRun(sample, { ref, first, inferencer, streams: streams(model) }) };
    },
  };
}

function streams({ options }: ShapeOptions['model']): boolean {
  return (options as { readonly stream?: boolean }).stream === true;
}

function sampleOf(
  { index, row }: PickedRow,
  repetition: number,
  rest: Pick<DialogueSample, 'prompt' | 'options'>,
): DialogueSample {
  return { row, index, repetition, ...rest };
}

interface OwnDialogue {
  readonly ref: CallRef;
  readonly first: ModelRequest;
  readonly inferencer: Inferencer;
  readonly streams: boolean;
}

/** The run was stopped: nothing more is sent. */
const STOPPED: Failure = { kind: 'cancelled', message: 'the run was stopped' };

/**
 * Lets the function lead the dialogue. One transcript holds what is scored, and in its details every request. Where the function throws,
 * the sample failed; a sample without a failed request gets the record of one, so that a load test counts it too.
 */
function dialogueRun(
  sample: DialogueSample,
  { ref, first, inferencer, streams: streamed }: OwnDialogue,
): SampleRun['run'] {
  return async (scheduled, send, tell, context) => {
    const dialogue = new LiveDialogue(first, send, context);
    const end = await dialogue.lead((ask) => inferencer(sample, ask), scheduled);
    if (dialogue.isStopped) return;
    const kept = { ref, prompt: first.prompt, ...pickReference(first) };
    const details = { ...(end.result?.details ?? {}), ...dialogue.details(end.result) };
    if (end.result !== undefined)
      return tell({
        call: ref,
        success: true,
        prompt: first.prompt,
        content: end.result.prediction,
        reasoningContent: '',
        toolCalls: [],
        ...pickReference(first),
        ...defined({ finishReason: dialogue.last?.finishReason }),
        details,
      });
    tell({ ...failedTranscript(kept, end.failure), details });
    if (dialogue.hasFailed) return;
    context.fail({
      call: { ...ref, turn: dialogue.count },
      attempt: 1,
      earlier: [],
      streamed,
      outcome: 'failed',
      times: { scheduled },
      failure: end.failure,
    });
  };
}

type DialogueEnd =
  | { readonly result: DialogueTranscript; readonly failure?: never }
  | { readonly result?: never; readonly failure: Failure };

/** The requests of one dialogue, in the order in which they are sent. */
class LiveDialogue {
  isStopped = false;
  hasFailed = false;
  /** Requests that were sent. */
  count = 0;
  readonly #first: ModelRequest;
  readonly #send: SendRequest;
  readonly #clock: SampleContext['clock'];
  readonly #sent: Transcript[] = [];
  /** Ends when every request that the function made has ended. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(first: ModelRequest, send: SendRequest, { clock }: SampleContext) {
    this.#first = first;
    this.#send = send;
    this.#clock = clock;
  }

  /** The last answer, or failed request. */
  get last(): Transcript | undefined {
    return this.#sent.at(-1);
  }

  /**
   * Calls the function. A request that it makes at once is due when its sample is; what it does before a later one is its own time, and
   * that request is due when it is made.
   */
  async lead(inferencer: (ask: Ask) => Promise<DialogueTranscript>, scheduled: number): Promise<DialogueEnd> {
    let isAtOnce = true;
    const ask: Ask = (prompt, options = {}) => {
      const due = isAtOnce ? scheduled : undefined;
      isAtOnce = false;
      const own = this.#queue.then(() => this.#ask(prompt, options, due));
      this.#queue = own.catch(() => undefined);
      return own;
    };
    try {
      const pending = inferencer(ask);
      isAtOnce = false;
      return { result: requirePrediction(await pending) };
    } catch (error) {
      if (error instanceof AskError) return { failure: error.failure };
      return { failure: { kind: 'model-bug', message: `the inferencer threw: ${messageOf(error)}` } };
    } finally {
      await this.#queue;
    }
  }

  /** What is kept of the dialogue beside the prediction. */
  details(result: DialogueTranscript | undefined): Readonly<Record<string, unknown>> {
    const requests = this.#sent.map(
      ({ prompt, content, reasoningContent, toolCalls, finishReason, failure }) =>
        defined({
          prompt,
          content,
          reasoning_content: reasoningContent === '' ? undefined : reasoningContent,
          tool_calls: toolCalls.length === 0 ? undefined : toolCalls,
          finish_reason: finishReason,
          failure,
        }),
    );
    return defined({ requests, messages: result?.messages });
  }

  async #ask(
    prompt: PromptType,
    { maxOutLen, tools }: DialogueOptions,
    due: number | undefined,
  ): Promise<DialogueAnswer> {
    if (this.isStopped) throw new AskError(STOPPED);
    const ref = { ...this.#first.ref, turn: this.count };
    const request = { ...this.#first, ref, prompt, ...defined({ maxOutLen, tools }) };
    const answer = await this.#send(request, due ?? this.#clock());
    if (answer === undefined) {
      this.isStopped = true;
      throw new AskError(STOPPED);
    }
    this.count += 1;
    const { record, transcript } = answer;
    this.#sent.push(transcript);
    if (record.outcome === 'failed') {
      this.hasFailed = true;
      throw new AskError(record.failure);
    }
    const { content, reasoningContent, toolCalls, finishReason } = transcript;
    return { content, reasoningContent, toolCalls, ...defined({ finishReason }) };
  }
}

/** Rejects with an Error where the function returned nothing that can be scored. */
function requirePrediction(result: unknown): DialogueTranscript {
  const { prediction } = (result ?? {}) as Partial<DialogueTranscript>;
  if (typeof prediction === 'string') return result as DialogueTranscript;
  throw new Error(`it returned ${JSON.stringify(result)?.slice(0, 200)}, and no { prediction: "…" }`);
}
