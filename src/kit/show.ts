/** A check as lines of text that fit a terminal: what was sent, what came, what the class made of it. */
import { plural } from '../basics/plural.ts';
import { findingText } from '../contract/finding.ts';
import { toText } from '../contract/prompt-list.ts';
import { clip, displayWidth, oneLine, wrap } from '../report/text.ts';
import { isSecretName, MASK, maskSecrets } from '../store/redact.ts';
import { bodyAsText } from '../transport/types.ts';
import type { LocalCheck } from './check-local.ts';
import type { CheckFinding } from './check-service.ts';
import { firstTokenOf, parserOf } from './diagnose.ts';
import type { Added, Change, ObservedEvent, ObservedRequest, RequestObservation } from './observe.ts';

/** Where what belongs to a time starts. */
const INDENT = 12;
const MOST_BODY_LINES = 40;
/** Lines of a whole reply, or of a stream's first event; of a further event only what is new is shown, on one. */
const MOST_DATA_LINES = 6;
/** Events shown from the start and from the end of a long stream. */
const [HEAD, TAIL] = [10, 6];

/** One request and its reply. */
export function showObservation(observation: RequestObservation, width: number): string[] {
  const { stream, request, attempt } = observation;
  return [
    rule(stream ? 'stream' : 'text', width),
    ...(request === undefined ? [] : showRequest(request, width)),
    '',
    ...showReply(observation, width),
    ...wrap(totals(observation), width),
    ...(attempt.failure === undefined ? [] : wrap(`failed: ${attempt.failure.kind}`, width)),
    '',
  ];
}

/** `== text ====` */
function rule(title: string, width: number): string {
  return `== ${title} ${'='.repeat(Math.max(0, width - title.length - 4))}`;
}

function showRequest(request: ObservedRequest, width: number): string[] {
  const { method = 'exchange with', url, headers } = request;
  const shown = Object.entries(headers).map(
    ([name, value]) => `${name}: ${isSecretName(name) ? MASK : value}`,
  );
  return [`${method} ${url}`, ...shown, ...bodyLines(request)].map((line) => cutTo(line, width));
}

function bodyLines(request: ObservedRequest): string[] {
  const text = bodyAsText(request);
  if (text === undefined) return [`(${plural(request.body!.length, 'byte')} that are no text)`];
  if (text === '') return [];
  const lines = readable(text).split('\n');
  if (lines.length <= MOST_BODY_LINES) return lines;
  return [...lines.slice(0, MOST_BODY_LINES), `… ${plural(lines.length - MOST_BODY_LINES, 'more line')}`];
}

function readable(body: string): string {
  try {
    return JSON.stringify(maskSecrets(JSON.parse(body)), null, 2);
  } catch {
    return body;
  }
}

function showReply(observation: RequestObservation, width: number): string[] {
  const { status, contentType, events, attempt, stream } = observation;
  if (status === undefined && events.length === 0) return [];
  const head = [
    status === undefined ? plural(events.length, 'message') : `HTTP ${status} ${contentType}`.trim(),
    ...(attempt.headers === undefined ? [] : [`headers after ${ms(attempt.headers - attempt.sent)}`]),
    ...(events.some(({ added }) => added !== undefined) ? [`below: what ${parserOf(stream)} added`] : []),
  ].join(', ');
  const first = firstTokenOf(observation);
  const shown = events.flatMap((event, index) => {
    if (isLeftOut(index, events.length) && index !== first)
      return index === HEAD ? [leftOut(events.length)] : [];
    const before = index === 0 || isLeftOut(index - 1, events.length) ? undefined : events[index - 1];
    const lines =
      before === undefined ? allOf(event, width - INDENT) : [newIn(event, before, width - INDENT)];
    return [...followUp(event, width), ...timed(event.at, lines), ...notesOn(event, index === first, width)];
  });
  return [...wrap(head, width), ...shown];
}

/** Names the request that an event answers, where it followed another reply. */
function followUp({ request }: ObservedEvent, width: number): string[] {
  if (request === undefined) return [];
  return [cutTo(`${' '.repeat(INDENT)}then ${request.method} ${request.url}`, width)];
}

function isLeftOut(index: number, count: number): boolean {
  return count > HEAD + TAIL && index >= HEAD && index < count - TAIL;
}

function leftOut(count: number): string {
  return `${' '.repeat(INDENT)}… ${plural(count - HEAD - TAIL, 'more event')}`;
}

function timed(at: number, lines: readonly string[]): string[] {
  return lines.map((line, n) => `${(n === 0 ? ms(at) : '').padStart(INDENT - 2)}  ${line}`);
}

function dataOf({ type, data }: ObservedEvent): string {
  return `${type === undefined ? '' : `event: ${type} `}${oneLine(data)}`;
}

function allOf(event: ObservedEvent, room: number): string[] {
  const data = dataOf(event);
  const lines = pieces(data, room);
  if (lines.length <= MOST_DATA_LINES) return lines;
  return [...lines.slice(0, MOST_DATA_LINES), `… ${displayWidth(data)} characters`];
}

/** Events repeat ids and names: what the one before said in the same words is left out. */
function newIn(event: ObservedEvent, before: ObservedEvent, room: number): string {
  const [data, known] = [dataOf(event), dataOf(before)];
  let same = 0;
  while (same < data.length && data[same] === known[same]) same += 1;
  const start = Math.max(...['{', '[', ','].map((sign) => data.lastIndexOf(sign, same))) + 1;
  return cutTo(start > 8 ? `…${data.slice(start)}` : data, room);
}

function notesOn({ added }: ObservedEvent, isFirst: boolean, width: number): string[] {
  if (added === undefined) return [];
  const notes = [describe(added), ...(isFirst ? ['<- first token'] : [])];
  return notes
    .flatMap((text) => wrap(text, width - INDENT - 2))
    .map((line) => `${' '.repeat(INDENT)}> ${line}`);
}

/** JSON is cut where the line ends: breaking it at spaces would hide those. */
function pieces(text: string, width: number): string[] {
  const lines: string[] = [];
  for (let rest = text; rest !== ''; ) {
    const line = clip(rest, width);
    lines.push(line);
    rest = rest.slice(Math.max(1, line.length));
  }
  return lines;
}

function describe({ threw, ...added }: Added): string {
  const parts = Object.entries(added).map(([field, value]) =>
    typeof value === 'object' ? describeChange(field, value) : `${field} = ${JSON.stringify(value)}`,
  );
  if (threw) parts.push('threw');
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

function describeChange(field: string, { text, replaced }: Change): string {
  return `${field} ${replaced ? '=' : '+='} ${JSON.stringify(text)}`;
}

function totals(observation: RequestObservation): string {
  const { events, stream, attempt } = observation;
  const { output, sent, done } = attempt;
  const first = events[firstTokenOf(observation)];
  const counts = [
    stream ? plural(events.length, 'event') : undefined,
    stream ? `first token ${first === undefined ? 'never' : `after ${ms(first.at)}`}` : undefined,
    `end after ${ms(done - sent)}`,
    `content of ${plural(output.content.length, 'character')}`,
    output.inputTokens === undefined ? undefined : plural(output.inputTokens, 'input token'),
    output.outputTokens === undefined ? undefined : plural(output.outputTokens, 'output token'),
    output.finishReason === undefined ? undefined : `finish reason ${output.finishReason}`,
  ];
  return `total: ${counts.filter((part) => part !== undefined).join(', ')}`;
}

/** What is wrong, numbered, then the notes. */
export function showFindings(findings: readonly CheckFinding[], width: number): string[] {
  const about = ({ of, ...one }: CheckFinding) =>
    of === undefined ? findingText(one) : `${of}: ${findingText(one)}`;
  const wrong = findings.filter(({ level }) => level === 'invalid');
  const notes = findings.filter(({ level }) => level !== 'invalid');
  const count = wrong.length === 1 ? 'One thing is wrong:' : `${wrong.length} things are wrong:`;
  return [
    rule('result', width),
    wrong.length === 0 ? 'Nothing is wrong.' : count,
    ...wrong.flatMap((finding, n) => hanging(`${n + 1}. `, about(finding), width)),
    ...notes.flatMap((finding) => hanging('note: ', about(finding), width)),
  ];
}

function hanging(mark: string, text: string, width: number): string[] {
  return wrap(text, width - mark.length).map((line, n) => (n === 0 ? mark : ' '.repeat(mark.length)) + line);
}

function cutTo(line: string, width: number): string {
  return displayWidth(line) <= width ? line : `${clip(line, width - 1)}…`;
}

function ms(milliseconds: number): string {
  return `${milliseconds.toFixed(1)} ms`;
}

/** One batch of a local model, as lines of text that fit a terminal. */
export function showLocal({ prompts, texts, loadMs, batchMs }: LocalCheck, width: number): string[] {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  return [
    rule(`a batch of ${prompts.length}`, width),
    `loaded in ${seconds(loadMs)}, answered in ${seconds(batchMs)}`,
    ...prompts.flatMap((prompt, n) => {
      const answer = texts[n] === undefined ? '(no answer)' : JSON.stringify(texts[n]);
      return [
        ...wrap(`prompt: ${oneLine(toText(prompt))}`, width),
        ...wrap(`answer: ${oneLine(answer)}`, width),
      ];
    }),
    '',
  ];
}
