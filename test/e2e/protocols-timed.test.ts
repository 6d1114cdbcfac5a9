/** Performance runs over protocols that are not server-sent events: a TTFT is what the server's own log says. */
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { EVENT_KINDS, type OkRecord, PAYLOAD_KINDS } from '../../src/contract/record.ts';
import { decodeRecord } from '../../src/contract/record-codec.ts';
import { type StreamForm, streamPieces } from '../../src/testing/index.ts';
import { metadataResponse, streamResponse } from '../support/kserve-server.ts';
import { aisBench, DEMO, emptyFolder, recordsOf } from './support.ts';

const WORDS = ['The', ' answer', ' is', ' 40', '.'];
/** Until the first word, and between words, ms. */
const FIRST_MS = 40;
const NEXT_MS = 5;
const REQUESTS = 40;
const WARM_UPS = 8;
/** How far a TTFT may be from the server's, ms. */
const TOLERANCE_MS = 1;
/** The same of gRPC: node's HTTP/2 alone takes 0.75 ms for the ways of a request and of its first message. */
const GRPC_TOLERANCE_MS = 2;
interface Timed {
  readonly port: number;
  /** When each request came and its first piece was written, ms. */
  readonly log: readonly { readonly came: number; readonly wrote: number }[];
}

/** A server that streams its events so, first a while after the request came. */
async function streamingServer(path: RegExp, events: readonly unknown[], form: StreamForm): Promise<Timed> {
  const log: { came: number; wrote: number }[] = [];
  const server = createServer(async (request, response) => {
    const came = performance.now();
    await text(request);
    if (!path.test(request.url ?? '')) return void response.writeHead(404).end('{"error":"no such page"}');
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    await sleep(FIRST_MS);
    log.push({ came, wrote: performance.now() });
    for (const piece of streamPieces(events, form)) {
      response.write(piece);
      await sleep(NEXT_MS);
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, log };
}

async function measured(config: string, { port, log }: Timed, ...more: readonly string[]) {
  const cwd = emptyFolder();
  const flags = ['--models', config, '--datasets', DEMO, '--mode', 'perf', '--num-warmups', `${WARM_UPS}`];
  const where = [
    '--url',
    `http://127.0.0.1:${port}/`,
    '--model',
    'm',
    '--batch-size',
    '1',
    '--cycle',
    '--max-cases',
    `${REQUESTS}`,
  ];
  const finished = await aisBench(cwd, ...flags, ...where, ...more);
  expect(finished.code, finished.stderr).toBe(0);
  const records = recordsOf(cwd).map((record) => decodeRecord(JSON.stringify(record), cwd) as OkRecord);
  expect(records).toHaveLength(REQUESTS);
  const ttfts = records.map(({ times: { sent, events } }) => {
    const first = events.kind.findIndex((kind) => PAYLOAD_KINDS.has(EVENT_KINDS[kind]!));
    return events.at[first]! - sent;
  });
  expect(log).toHaveLength(REQUESTS + WARM_UPS);
  const served = log.slice(WARM_UPS).map(({ came, wrote }) => wrote - came);
  return { records, late: ttfts.map((ttft, n) => ttft - served[n]!).toSorted((a, b) => a - b) };
}

/**
 * A TTFT has the ways of request and reply on top of the server's own time. On a machine whose cores others use as well, most requests
 * wait for a core on one of these ways: those that did not, the first quarter, show what the tool adds.
 */
function expectServers({ late }: { readonly late: readonly number[] }, toleranceMs = TOLERANCE_MS): void {
  expect(late[0]).toBeGreaterThan(-TOLERANCE_MS);
  expect(late[Math.floor(late.length / 4)]).toBeLessThan(toleranceMs);
}

/** Where even they waited. */
const again = { retry: 3 };

it('Ollama, lines of JSON', again, async () => {
  const lines = WORDS.map((content) => ({ message: { role: 'assistant', content }, done: false }));
  const end = { message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop' };
  const events = [...lines, { ...end, prompt_eval_count: 30, eval_count: 5 }];
  const run = await measured(
    'ollama_api_stream',
    await streamingServer(/^\/api\/chat$/, events, { framing: 'ndjson' }),
  );
  expectServers(run);
  for (const record of run.records) expect(record.outputTokens).toEqual({ value: 5, source: 'server' });
});

it('Gemini, one JSON array', again, async () => {
  const usage = (candidatesTokenCount: number) => ({ promptTokenCount: 30, candidatesTokenCount });
  const events = WORDS.map((word, n) => ({
    candidates: [{ content: { parts: [{ text: word }] }, ...(n === 4 ? { finishReason: 'STOP' } : {}) }],
    usageMetadata: usage(n + 1),
  }));
  const run = await measured(
    'gemini_api_stream',
    await streamingServer(/^\/v1beta\/models\/m:streamGenerateContent$/, events, { framing: 'json-array' }),
    '--set',
    'models.0.stream_framing=json-array',
  );
  expectServers(run);
});

it('Triton over gRPC', again, async () => {
  const run = await measured('triton_grpc_stream', await kserve());
  expectServers(run, GRPC_TOLERANCE_MS);
  for (const { times } of run.records) expect(times.events.at).toHaveLength(WORDS.length);
});

/** A KServe service on bare HTTP/2: grpc-js's server takes as long again for a message. */
async function kserve(): Promise<Timed> {
  const log: { came: number; wrote: number }[] = [];
  const server = createHttp2Server();
  server.on('stream', async (stream, headers) => {
    const came = performance.now();
    const frame = (message: Buffer) => {
      const prefix = Buffer.alloc(5);
      prefix.writeUInt32BE(message.length, 1);
      return Buffer.concat([prefix, message]);
    };
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'grpc-encoding': 'identity' },
      { waitForTrailers: true },
    );
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    for await (const _request of stream);
    if (String(headers[':path']).endsWith('/ModelMetadata'))
      return void stream.end(frame(metadataResponse('m')));
    await sleep(FIRST_MS);
    log.push({ came, wrote: performance.now() });
    for (const text of WORDS) {
      stream.write(frame(streamResponse({ text })));
      await sleep(NEXT_MS);
    }
    stream.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, log };
}
