import { type Finding, finding } from '../contract/finding.ts';
import type { RequestOutput } from '../contract/output.ts';
import { type Failure, PAYLOAD_KINDS } from '../contract/record.ts';
import { payloadOf } from '../metrics/payload.ts';
import {
  countsIn,
  finishReasonIn,
  leavesOf,
  reasoningPlaces,
  type TextPlace,
  textPlaces,
} from '../sending/leaves.ts';
import { isLongerThanToken } from '../sending/token-counts.ts';
import type { Attempt } from '../transport/call-service.ts';
import { bodyAsText, type HttpRequest } from '../transport/types.ts';
import type { RequestObservation } from './observe.ts';

/** What is looked at: the output, the JSON that the parser was shown, and how both are called. */
interface Subject {
  readonly output: RequestOutput;
  readonly data: readonly unknown[];
  readonly parser: string;
  /** What carries the JSON. */
  readonly where: 'stream' | 'text';
}

/** Finds what is wrong with one request and its reply, and what is worth knowing. `chunksAreTokens`: as its class says. */
export function diagnose(
  observation: RequestObservation,
  maxOutLen: number,
  chunksAreTokens = true,
): Finding[] {
  const { attempt, stream } = observation;
  const findings = limitInBody(observation, maxOutLen);
  if (attempt.failure !== undefined && !isEmptyReply(observation)) {
    return [...findings, failureFinding(attempt.failure, observation)];
  }
  const subject: Subject = {
    output: attempt.output,
    data: observation.events.flatMap(({ data }) => jsonOf(data)),
    parser: parserOf(stream),
    where: stream ? 'stream' : 'text',
  };
  return [
    ...findings,
    ...aboutText(subject),
    ...aboutReasoning(subject),
    ...aboutFirstToken(observation),
    ...(stream ? [...aboutStream(attempt), ...(chunksAreTokens ? aboutChunks(attempt) : [])] : []),
    ...aboutFinish(subject),
    ...aboutCounts(subject),
  ];
}

export function parserOf(stream: boolean): 'parseStreamResponse' | 'parseTextResponse' {
  return stream ? 'parseStreamResponse' : 'parseTextResponse';
}

function jsonOf(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}

/** Returns a request's body as data, where it is JSON. */
export function bodyOf(request: Pick<HttpRequest, 'body'>): unknown[] {
  return jsonOf(bodyAsText(request) ?? '');
}

function limitInBody({ request }: RequestObservation, maxOutLen: number): Finding[] {
  const [body] = request === undefined ? [] : bodyOf(request);
  if (body === undefined || leavesOf(body).some(({ value }) => value === maxOutLen)) return [];
  return [finding('LIMIT-NOT-SENT', { limit: maxOutLen })];
}

function aboutText({ output, data, parser, where }: Subject): Finding[] {
  const { content, reasoningContent, toolCalls } = output;
  const [place] = textPlaces(data);
  if (content === '') {
    if (place !== undefined) return [finding('NO-CONTENT', { parser, where, path: place.path })];
    const answered = reasoningContent !== '' || toolCalls.length > 0;
    return answered ? [] : [finding('NO-TEXT', { parser })];
  }
  const taken = place === undefined ? [] : textTaking(content, place, parser);
  const nonsense = /undefined|\[object Object\]|NaN/.exec(content)?.[0];
  if (nonsense === undefined || JSON.stringify(data).includes(nonsense)) return taken;
  return [...taken, finding('NOT-TEXT', { nonsense, parser })];
}

function aboutReasoning({ output, data, parser, where }: Subject): Finding[] {
  const [place] = reasoningPlaces(data);
  if (place === undefined || output.reasoningContent !== '') return [];
  return [finding('NO-REASONING', { parser, where, path: place.path })];
}

/** The event that counts as the first token; -1: none did. */
export function firstTokenOf({ events }: RequestObservation): number {
  return events.findIndex(({ kind }) => kind !== undefined && PAYLOAD_KINDS.has(kind));
}

/** Text that is read later than it came makes every time wrong, though the answer is right. */
function aboutFirstToken(observation: RequestObservation): Finding[] {
  const { events, stream, attempt } = observation;
  const first = firstTokenOf(observation);
  if (!stream || first < 0) return [];
  const early = events.slice(0, first).flatMap(({ data }) => jsonOf(data));
  const { content } = attempt.output;
  const place = textPlaces(early).find(({ texts }) => texts.length > 1 && content.includes(texts.join('')));
  if (place === undefined) return [];
  return [finding('LATE-FIRST-TOKEN', { event: first + 1, path: place.path })];
}

/** A load test has no times to a first token of answers that come at one instant. */
function aboutStream({ output, events }: Attempt): Finding[] {
  const payload = payloadOf(events);
  if (payload === undefined || payload.first < payload.last) return [];
  const { count } = payload;
  const isSeveral = (output.outputTokens ?? 0) > 1 || isLongerThanToken(output);
  if (count > 1) return [finding('STREAM-IN-ONE-READ', { events: count })];
  return [isSeveral ? finding('STREAM-IN-ONE-EVENT', {}) : finding('STREAM-NOT-SHOWN', {})];
}

/** How far events and tokens may be apart: ends and marks of reasoning are tokens without an event. */
const CHUNK_TOLERANCE = { factor: 1.25, tokens: 2 };

/** What the server counts shows whether events could stand for tokens where it counts nothing. */
function aboutChunks({ output: { outputTokens: tokens = 0 }, events }: Attempt): Finding[] {
  const { count = 0 } = payloadOf(events) ?? {};
  const [few, many] = [Math.min(count, tokens), Math.max(count, tokens)];
  const isAlike = many <= CHUNK_TOLERANCE.factor * few || many - few <= CHUNK_TOLERANCE.tokens;
  return tokens === 0 || count < 2 || isAlike
    ? []
    : [finding('CHUNKS-NOT-TOKENS', { events: count, tokens })];
}

function aboutFinish({ output, data, parser, where }: Subject): Finding[] {
  if (typeof output.finishReason === 'string') return [];
  const reason = finishReasonIn(data);
  if (reason !== undefined) {
    const { path, value } = reason;
    return [finding('NO-FINISH-REASON', { parser, where, path, value: String(value) })];
  }
  return [finding('FINISH-REASON-ABSENT', {})];
}

function aboutCounts({ output, data, parser, where }: Subject): Finding[] {
  const { input, output: generated } = countsIn(data);
  const pairs = [
    ['inputTokens', output.inputTokens, input],
    ['outputTokens', output.outputTokens, generated],
  ] as const;
  const findings = pairs.flatMap(([field, read, there]) => {
    if (there === undefined || read === there.value) return [];
    const known = { parser, field, where, path: there.path, value: String(there.value) };
    return [
      read === undefined ? finding('COUNT-NOT-READ', known) : finding('COUNT-WRONG', { ...known, read }),
    ];
  });
  if (findings.length > 0 || pairs.every(([, read]) => read !== undefined)) return findings;
  return [finding('COUNTS-ABSENT', {})];
}

/**
 * Finds where a parser took the pieces of a stream wrongly. A service sends either pieces, to be put together, or
 * the whole text so far, to be taken as it is.
 */
function textTaking(content: string, { path, texts }: TextPlace, parser: string): Finding[] {
  const [joined, last] = [texts.join(''), texts.at(-1)];
  if (isCumulative(texts)) {
    if (content !== joined) return [];
    return [finding('TEXT-REPEATED', { parser, path })];
  }
  if (texts.length < 2 || content === joined || content !== last) return [];
  return [finding('TEXT-LOST', { parser, path, events: texts.length })];
}

/** Each text goes on where the one before it stopped. Two may do so by chance. */
function isCumulative(texts: readonly string[]): boolean {
  const goesOn = (text: string, index: number) => {
    const before = texts[index - 1];
    return before === undefined || (text.startsWith(before) && text !== before);
  };
  return texts.length > 2 && texts.every(goesOn);
}

/** Puts a failure into a finding for the person who writes the class. */
export function failureFinding(
  { kind, message, bodyExcerpt }: Failure,
  observation?: RequestObservation,
): Finding {
  switch (kind) {
    case 'connect':
      return finding('UNREACHABLE', { url: observation?.request?.url, message });
    case 'http-status':
      return finding('REQUEST-REFUSED', { message });
    case 'server-error':
      return finding('SERVICE-ERROR', { message });
    case 'model-bug':
      return finding('CLASS-THREW', { message, line: ownLine(bodyExcerpt) });
    default:
      return observation?.stream === false && isEventStream(observation)
        ? finding('STREAM-FOR-JSON', {})
        : finding('REQUEST-FAILED', { message });
  }
}

function isEventStream({ events }: RequestObservation): boolean {
  return /^(data|event|id|:)/.test(events[0]?.data ?? '');
}

/** The first line of a stack that is in no package. */
function ownLine(stack: string | undefined): string | undefined {
  const lines = stack?.split('\n').filter((line) => /^\s*at .*:\d+:\d+\)?$/.test(line)) ?? [];
  return lines.find((line) => !/node:|node_modules/.test(line))?.trim();
}

/** The engine calls a reply empty where the class read nothing from it: the events show why. */
function isEmptyReply({ events, attempt: { failure, output } }: RequestObservation): boolean {
  const wasParsed = events.some(({ added }) => added !== undefined && added.threw === undefined);
  const isEmpty = output.content === '' && output.reasoningContent === '' && output.error === undefined;
  return failure?.kind === 'bad-reply' && wasParsed && isEmpty;
}
