/** Services that misbehave, by name: what a client must survive, and the failure that it must report. */
import { gzipSync } from 'node:zlib';
import { seededRandom } from '../basics/random.ts';
import type { FailureKind } from '../contract/record.ts';
import { type Piece, type Script, type ScriptedReply, sseEvents } from './scripted-server.ts';

/** One way in which a service misbehaves. */
export interface Fault {
  /** Makes the reply to one request: some are large, or have no end. */
  readonly reply: () => ScriptedReply;
  /** The failure of the request; absent where it succeeds all the same. */
  readonly kind?: FailureKind;
  /** Whether only a time-out of the client ends it. */
  readonly hangs?: boolean;
}

const STREAM = { 'content-type': 'text/event-stream' };
const delta = (content: string) => ({ choices: [{ index: 0, delta: { content } }] });
const FINISH = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
const BEGUN = sseEvents([delta('a')], { done: false });
const ANSWER = sseEvents([delta('a'), delta('b'), FINISH]);
const MIB = 1024 * 1024;

/** A good reply of OpenAI's streamed chat: `ab`, in two events. */
export const goodReply: ScriptedReply = { headers: STREAM, body: ANSWER };

/** The faults by name. Refused connections and failures of TLS are missing: they are not replies of a server. */
export const FAULTS = {
  silence: { reply: () => ({ ending: 'silent-before-headers' }), kind: 'timeout', hangs: true },
  'silence in the stream': {
    reply: () => ({ headers: STREAM, body: BEGUN, ending: 'silent-after-body' }),
    kind: 'timeout',
    hangs: true,
  },
  'slow loris': {
    reply: () => ({ raw: slowly('HTTP/1.1 200 OK\r\n'), ending: 'silent-after-body' }),
    kind: 'timeout',
    hangs: true,
  },
  'endless stream': {
    reply: () => ({ headers: STREAM, body: repeat(BEGUN[0]!) }),
    kind: 'timeout',
    hangs: true,
  },
  'cut before the headers': { reply: () => ({ ending: 'cut-before-headers' }), kind: 'connect' },
  'reset before the headers': {
    reply: () => ({ ending: 'cut-before-headers', reset: true }),
    kind: 'connect',
  },
  'cut in the headers': { reply: () => ({ ending: 'cut-in-headers' }), kind: 'connect' },
  'cut in the stream': {
    reply: () => ({ headers: STREAM, body: BEGUN, ending: 'cut-after-body' }),
    kind: 'truncated',
  },
  'reset in the stream': {
    reply: () => ({ headers: STREAM, body: BEGUN, ending: 'cut-after-body', reset: true }),
    kind: 'truncated',
  },
  'cut in a chunk': {
    reply: () => ({ headers: STREAM, body: BEGUN, ending: 'cut-in-chunk' }),
    kind: 'truncated',
  },
  'content-length too large': {
    reply: () => ({
      headers: { ...STREAM, 'content-length': '9999' },
      body: ANSWER.slice(0, 2),
      ending: 'cut-after-body',
    }),
    kind: 'truncated',
  },
  'no end of the stream': { reply: () => ({ headers: STREAM, body: BEGUN }), kind: 'truncated' },
  'no HTTP': {
    reply: () => ({ raw: ['SSH-2.0-OpenSSH_9.2\r\n'], ending: 'cut-after-body' }),
    kind: 'bad-reply',
  },
  'too many requests': { reply: () => status(429, 'slow down'), kind: 'http-status' },
  'too many requests, come back in a second': {
    reply: () => ({ ...status(429, 'slow down'), headers: { 'retry-after': '1' } }),
    kind: 'http-status',
  },
  'error with a body of 5 MB': {
    reply: () => ({ status: 500, body: Array(5).fill('x'.repeat(MIB)) }),
    kind: 'http-status',
  },
  'redirect to itself': {
    reply: () => ({ status: 302, headers: { location: '/v1/chat/completions' } }),
    kind: 'http-status',
  },
  gzip: {
    reply: () => ({ headers: { ...STREAM, 'content-encoding': 'gzip' }, body: [gzipSync(ANSWER.join(''))] }),
    kind: 'bad-reply',
  },
  'event of 100 MB': {
    reply: () => ({ headers: STREAM, body: [...BEGUN, 'data: "', ...Array(100).fill('x'.repeat(MIB))] }),
    kind: 'bad-reply',
  },
  'event that is no JSON': {
    reply: () => ({ headers: STREAM, body: [...BEGUN, 'data: {"choices": [\n\n'] }),
    kind: 'bad-reply',
  },
  'event that is an error': {
    reply: () => ({ headers: STREAM, body: [...BEGUN, ...sseEvents([{ error: { message: 'no memory' } }])] }),
    kind: 'server-error',
  },
  'HTML page': {
    reply: () => ({ headers: { 'content-type': 'text/html' }, body: ['<html><title>Log in</title></html>'] }),
    kind: 'bad-reply',
  },
  'empty body': { reply: () => ({ headers: STREAM }), kind: 'bad-reply' },
  'invalid UTF-8': { reply: () => ({ headers: STREAM, body: [makeBrokenText(), ...ANSWER] }) },
  '[DONE] twice': { reply: () => ({ headers: STREAM, body: [...ANSWER, 'data: [DONE]\n\n'] }) },
  'closed after a kept-alive reply': {
    reply: () => ({ headers: STREAM, body: ANSWER, ending: 'cut-after-body' }),
  },
} as const satisfies Readonly<Record<string, Fault>>;

/** A name of `FAULTS`. */
export type FaultName = keyof typeof FAULTS;

/** Options of `faulty`. */
export interface FaultyOptions {
  /** Share of the requests that get a fault, 0 to 1. */
  readonly share: number;
  /** The same seed makes the same faults in the same places (default: 0). */
  readonly seed?: number;
  /** Each is as likely as the others (default: all that end by themselves). */
  readonly faults?: readonly FaultName[];
  /** The reply to the other requests (default: `goodReply`). */
  readonly good?: ScriptedReply;
}

/** Makes a script for `startScriptedServer` that answers well except for a share of the requests. */
export function faulty({ share, seed = 0, faults = ENDING, good = goodReply }: FaultyOptions): Script {
  const random = seededRandom(seed);
  return () => {
    if (random() >= share) return good;
    return FAULTS[faults[Math.floor(random() * faults.length)]!].reply();
  };
}

const ENDING = (Object.keys(FAULTS) as FaultName[]).filter((name) => !('hangs' in FAULTS[name]));

function status(code: number, message: string): ScriptedReply {
  return { status: code, body: [JSON.stringify({ error: { message } })] };
}

/** Yields a byte at a time, and headers without end. */
function* slowly(start: string): Iterable<Piece> {
  yield* [...start].flatMap((byte): Piece[] => [byte, { pauseMs: 20 }]);
  for (let n = 0; ; n++) yield* [`x-${n}: y\r\n`, { pauseMs: 20 }];
}

function* repeat(piece: Piece): Iterable<Piece> {
  for (;;) yield piece;
}

/** Makes an event whose text contains half of a character. */
function makeBrokenText(): Uint8Array {
  const [before = '', after = ''] = sseEvents([delta('-')], { done: false })[0]!.split('-');
  return Buffer.concat([Buffer.from(before), Buffer.of(0xe4, 0xbd), Buffer.from(after)]);
}
