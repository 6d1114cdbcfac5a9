/** One request to the model and server of its sample, with further attempts. */
import { defined } from '../basics/defined.ts';
import { seededRandom } from '../basics/random.ts';
import type { BaseAPIModel } from '../contract/base-api-model.ts';
import type { RequestOutput } from '../contract/output.ts';
import {
  type CallRef,
  type Failure,
  isTokenCount,
  type OkRecord,
  type RunRecord,
  requestKey,
  type TokenCount,
  type Transcript,
} from '../contract/record.ts';
import { type Attempt, callService, type Wire } from '../transport/call-service.ts';
import { isWorthRetrying } from '../transport/failure.ts';
import type { CountWatch } from './count-watch.ts';
import { type ModelRequest, pickReference, type RequestResult, requestArgs } from './model-request.ts';
import { PromptScorer } from './prompt-scorer.ts';
import { tokenCounts } from './token-counts.ts';

/** The server and model that answer one sample. */
export interface Target {
  readonly model: BaseAPIModel;
  /** Base URL, where there are several. */
  readonly server?: string;
  /** LoRA adapter or model, where there are several. */
  readonly adapter?: string;
  /** Whether an event may stand for a token where the service gives no counts; absent: true. */
  readonly chunksAreTokens?: boolean;
  /** Knows where the service's replies hold token counts. */
  readonly watch?: CountWatch;
  /** The sample is over: the server has one less to do. */
  release(): void;
}

/** A model's service, ready for requests. */
export interface Service {
  readonly wire: Wire;
  /** Chooses the target of a sample; all turns of a dialogue go to the same. */
  pick(ref: CallRef): Target;
}

/** Returns the target as a request sees it. */
export function seenBy(
  { scoresPrompt }: ModelRequest,
  { release: _release, ...target }: Target,
): Omit<Target, 'release'> {
  return scoresPrompt === true ? { ...target, model: new PromptScorer(target.model) } : target;
}

type AddressedModel = ReturnType<typeof seenBy>;

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8000;
/** A request is not sent again to a server that wants a longer pause. */
const LONGEST_WAIT_MS = 120_000;

/** Sends a request until an attempt succeeds, fails for good, or the attempts are used up; makes its one record. */
export async function sendRequest(
  target: Target,
  call: ModelRequest,
  wire: Wire,
  limits: { readonly attempts: number; readonly scheduled: number },
): Promise<RequestResult> {
  const asked = seenBy(call, target);
  const earlier: Failure[] = [];
  const first = await sendOnce(asked, call, wire);
  let last = first;
  for (let sent = 1; sent < limits.attempts; sent++) {
    const failure = failureWorthRetrying(last);
    if (failure === undefined) break;
    if ((last.retryAfterMs ?? 0) > LONGEST_WAIT_MS) break;
    await pause(pauseMs(call.ref, sent, last.retryAfterMs), wire.signal);
    if (wire.signal.aborted) break;
    earlier.push(failure);
    last = await sendOnce(asked, call, wire);
  }
  const record = makeRecord(asked, call, last, { earlier, scheduled: limits.scheduled, sent: first.sent });
  return { record, transcript: makeTranscript(call, last) };
}

/**
 * Returns the pause before an attempt: twice as long each time, or as long as the server wants; up to half as long again, so that
 * requests that failed together do not come back together. How much longer is the request's own: a run that is repeated pauses alike.
 */
export function pauseMs(ref: CallRef, sent: number, wanted = 0): number {
  const backOff = Math.min(FIRST_PAUSE_MS * 2 ** (sent - 1), LONGEST_PAUSE_MS);
  return Math.max(backOff, wanted) * (1 + seededRandom(`${requestKey(ref)}:${sent}`)() / 2);
}

/** What the server finished does not change when it is sent again. */
function failureWorthRetrying({ failure, output }: Attempt): Failure | undefined {
  if (failure === undefined || finishReasonOf(output) !== undefined) return undefined;
  return isWorthRetrying(failure) ? failure : undefined;
}

/** A class may pass on the null that events before the last one have. */
function finishReasonOf({ finishReason }: RequestOutput): string | undefined {
  return typeof finishReason === 'string' ? finishReason : undefined;
}

function sendOnce(target: AddressedModel, call: ModelRequest, wire: Wire): Promise<Attempt> {
  const { prompt, maxOutLen } = call;
  return callService(target.model, { prompt, maxOutLen, args: requestArgs(call, target.adapter) }, wire);
}

interface Course {
  readonly earlier: readonly Failure[];
  readonly scheduled: number;
  /** When the first attempt left: latency of a retried request runs from there. */
  readonly sent: number;
}

function makeRecord(target: AddressedModel, call: ModelRequest, last: Attempt, course: Course): RunRecord {
  const { headers, done, events, output, failure } = last;
  const common = {
    call: call.ref,
    attempt: course.earlier.length + 1,
    earlier: course.earlier,
    streamed: target.model.options.stream,
    ...(target.server === undefined ? {} : { server: target.server }),
    ...(target.adapter === undefined ? {} : { adapter: target.adapter }),
  };
  const times = {
    scheduled: course.scheduled,
    sent: course.sent,
    ...(headers === undefined ? {} : { headers }),
    events,
    done,
  };
  if (failure !== undefined) return { ...common, outcome: 'failed', times, failure };
  const { chunksAreTokens = true, watch } = target;
  const { stream } = target.model.options;
  const places = watch?.places ?? {};
  const counts = tokenCounts(last, { streamed: stream, chunksAreTokens, places });
  return {
    ...common,
    outcome: 'ok',
    times,
    ...defined({ finishReason: finishReasonOf(output) }),
    ...counts,
    ...(isTokenCount(output.cachedTokens) ? { cachedTokens: output.cachedTokens } : {}),
    ...(isTokenCount(output.reasoningTokens) ? { reasoningTokens: output.reasoningTokens } : {}),
    ...lengthOf(target, call, counts.outputTokens),
  };
}

/** Returns what the request said about the answer's length, where a reader of the record has to know it. */
function lengthOf(
  { model: { options } }: AddressedModel,
  { maxOutLen, fixedLength, scoresPrompt }: ModelRequest,
  tokens: TokenCount | undefined,
): Pick<OkRecord, 'exactLength' | 'lengthLimit'> {
  if (scoresPrompt === true) return {};
  const isExact = fixedLength ?? options.generationKwargs['ignore_eos'] === true;
  return {
    ...(isExact ? { exactLength: maxOutLen } : {}),
    ...((tokens?.value ?? 0) > maxOutLen ? { lengthLimit: maxOutLen } : {}),
  };
}

function makeTranscript(call: ModelRequest, { output, failure }: Attempt): Transcript {
  return {
    call: call.ref,
    success: failure === undefined,
    prompt: output.input ?? call.prompt,
    content: output.content,
    reasoningContent: output.reasoningContent,
    toolCalls: output.toolCalls,
    ...pickReference(call),
    ...defined({ finishReason: finishReasonOf(output) }),
    ...(failure === undefined ? {} : { failure }),
    ...detailsOf(output),
  };
}

function detailsOf({ extraDetailsData, extraPerfData }: RequestOutput): Pick<Transcript, 'details'> {
  const details = { ...extraPerfData, ...extraDetailsData };
  return Object.keys(details).length === 0 ? {} : { details };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', over);
      resolve();
    };
    const timer = setTimeout(over, milliseconds);
    signal.addEventListener('abort', over);
    if (signal.aborted) over();
  });
}
