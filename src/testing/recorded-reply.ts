/**
 * Recorded replies of real servers, a pair of files each: `NAME.txt` holds the request as it was sent and the head of the
 * response, `NAME.body.bin` the bytes of the body with chunking removed.
 */
import { readFileSync } from 'node:fs';
import type { Framing, SseEvent } from '../contract/base-api-model.ts';
import { sseEvents } from './scripted-server.ts';

/** The request that a recorded reply answers. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed where it is JSON, else its text; '' without a body. */
  readonly body: unknown;
}

/** A reply as a server sent it. Where none is recorded, `textReply` and `streamReply` make one from a protocol's description. */
export interface RecordedReply {
  readonly name: string;
  /** Absent in a reply that was written, not recorded. */
  readonly request?: RecordedRequest;
  /** 0 when the server sent no reply at all. */
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

const REQUEST = '>>> REQUEST\n';
const RESPONSE = '<<< RESPONSE HEAD\n';
const RAW_BODY = '<<< RAW BODY';

/** Reads `<path>.txt` and `<path>.body.bin`. */
export function readRecordedReply(path: string): RecordedReply {
  const text = readFileSync(`${path}.txt`, 'utf8').replaceAll('\r\n', '\n');
  if (!text.startsWith(REQUEST) || !text.includes(RESPONSE)) {
    throw new Error(
      `${path}.txt is not a recording: it needs the lines ">>> REQUEST" and "<<< RESPONSE HEAD"`,
    );
  }
  const requestText = text.slice(REQUEST.length, text.indexOf(RESPONSE));
  const response = parseHead(text.slice(text.indexOf(RESPONSE) + RESPONSE.length, text.indexOf(RAW_BODY)));
  return {
    name: path.replace(/^.*[/\\]/, ''),
    request: parseRequest(requestText),
    status: Number(/^HTTP\/\S+ (\d+)/.exec(response.first)?.[1] ?? 0),
    contentType: response.headers['content-type'] ?? '',
    body: readFileSync(`${path}.body.bin`),
  };
}

function parseRequest(text: string): RecordedRequest {
  const [head = '', ...rest] = text.split('\n\n');
  const { first, headers } = parseHead(head);
  const [method = '', path = ''] = first.split(' ');
  return { method, path, headers, body: parseOrKeep(rest.join('\n\n').trim()) };
}

function parseHead(text: string): { first: string; headers: Record<string, string> } {
  const [first = '', ...lines] = text.trim().split('\n');
  const fields = lines.map((line) => /^([^:]+):\s*(.*)$/.exec(line)).filter((field) => field !== null);
  return {
    first,
    headers: Object.fromEntries(fields.map(([, name = '', value = '']) => [name.toLowerCase(), value])),
  };
}

function parseOrKeep(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The messages of an exchange, as a class with `exchange` hands them to the engine. */
export interface RecordedMessages {
  readonly messages: readonly unknown[];
}

/** What a service sent: a reply, the replies to a request and to those that `getNextRequest` has follow it, or messages. */
export type Recording = RecordedReply | readonly RecordedReply[] | RecordedMessages;

/** Makes a whole JSON reply, for a test before there is a recording. */
export function textReply(body: unknown): RecordedReply {
  return {
    name: 'written text',
    status: 200,
    contentType: 'application/json',
    body: Buffer.from(JSON.stringify(body)),
  };
}

/** How `streamReply` and `streamPieces` write events. */
export interface StreamForm {
  /** Default: `sse`. */
  readonly framing?: Framing;
  /** Whether `[DONE]` follows the events; default: of `sse`. */
  readonly done?: boolean;
}

/**
 * Makes a streamed reply, for a test before there is a recording. An event is JSON; of `sse-events` a text or an `SseEvent`, of `bytes`
 * the bytes of a frame.
 */
export function streamReply(events: readonly unknown[], form: StreamForm = {}): RecordedReply {
  return {
    name: 'written stream',
    status: 200,
    contentType: CONTENT_TYPES[form.framing ?? 'sse'],
    body: Buffer.concat(streamPieces(events, form).map((piece) => Buffer.from(piece))),
  };
}

const CONTENT_TYPES: Readonly<Record<Framing, string>> = {
  sse: 'text/event-stream',
  'sse-events': 'text/event-stream',
  ndjson: 'application/x-ndjson',
  'json-array': 'application/json',
  bytes: 'application/octet-stream',
};

/** Writes the events of a streamed reply, one piece each: bodies for `startScriptedServer`. */
export function streamPieces(
  events: readonly unknown[],
  { framing = 'sse', done = framing === 'sse' }: StreamForm = {},
): (string | Uint8Array)[] {
  const json = (event: unknown) => JSON.stringify(event);
  switch (framing) {
    case 'sse':
      return sseEvents(events, { done });
    case 'sse-events':
      return [...events.map(writeEvent), ...(done ? sseEvents([]) : [])];
    case 'ndjson':
      return events.map((event) => `${json(event)}\n`);
    case 'json-array':
      return events.length === 0
        ? ['[]']
        : events.map(
            (event, n) => `${n === 0 ? '[' : ',\r\n'}${json(event)}${n === events.length - 1 ? ']' : ''}`,
          );
    case 'bytes':
      return events.map((event) => event as Uint8Array);
  }
}

function writeEvent(event: unknown): string {
  const { data, type }: SseEvent =
    typeof event === 'string' ? { data: event, type: undefined } : (event as SseEvent);
  const lines = data.split('\n').map((line) => `data: ${line}\n`);
  return `${type === undefined ? '' : `event: ${type}\n`}${lines.join('')}\n`;
}
