/** An engine that fails amid a reply: the error ends it in the protocol's own form, and no stream looks complete. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { InferenceEngine, Sink } from '../engine.ts';
import { createRouter } from '../service.ts';
import { gemini } from './gemini.ts';
import { llamacpp } from './llamacpp.ts';
import { ollama } from './ollama.ts';
import { sglang } from './sglang.ts';

/** Gives these pieces, then fails. */
function brokenEngine(pieces: readonly string[]): InferenceEngine {
  const generate = async (_: unknown, sink: Sink) => {
    for (const text of pieces) sink({ text, tokens: 1, finish: undefined });
    throw new Error('out of luck');
  };
  return {
    model: 'm',
    owner: 'test',
    simulated: true,
    contextLength: 100,
    describe: () => '',
    load: () => ({ running: 0, waiting: 0 }),
    read: () => ({ tokens: 3, generate }),
    close: async () => {},
  };
}

async function send(path: string, body: object, pieces: readonly string[]): Promise<[number, string]> {
  const engine = brokenEngine(pieces);
  const routes = [gemini, llamacpp, ollama, sglang].flatMap((serve) => serve(engine));
  const options = { apiKey: undefined, maxBodyBytes: 1e6, maxReadingBytes: 1e6, log: () => {} };
  const server = createServer(createRouter(routes, options));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return [response.status, await response.text()];
}

const CONTENTS = { contents: [{ parts: [{ text: 'Hello' }] }] };
const OLLAMA = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] };
const GEMINI = '/v1beta/models/m:';
const googleError = { code: 500, message: 'out of luck', status: 'INTERNAL' };
const dataOf = (text: string) =>
  text
    .trim()
    .split(/\r?\n\r?\n/)
    .map((event) => event.replace('data: ', ''));

describe('an engine that fails amid a stream', () => {
  it.each<[string, string, object, (text: string) => readonly unknown[], unknown]>([
    ['Ollama', '/api/chat', OLLAMA, (text) => text.trim().split('\n'), { error: 'out of luck' }],
    ['Gemini', `${GEMINI}streamGenerateContent?alt=sse`, CONTENTS, dataOf, { error: googleError }],
    [
      'Gemini’s array',
      `${GEMINI}streamGenerateContent`,
      CONTENTS,
      (text) => JSON.parse(text).map((one: unknown) => JSON.stringify(one)),
      { error: googleError },
    ],
    [
      'llama.cpp',
      '/completion',
      { prompt: 'Hello', stream: true },
      dataOf,
      { error: { code: 500, message: 'out of luck', type: 'server_error' } },
    ],
    [
      'SGLang',
      '/generate',
      { text: 'Hello', stream: true },
      (text) => dataOf(text.replace('data: [DONE]\n\n', '')),
      { error: { message: 'out of luck' } },
    ],
  ])('of %s is its last part', async (_, path, body, parts, error) => {
    const [status, text] = await send(path, body, ['a', 'b']);
    const found = parts(text).map((part) => JSON.parse(String(part)));
    expect([status, found.length, found.at(-1)]).toEqual([200, 3, error]);
  });
});

describe('an engine that fails before a reply', () => {
  it.each<[string, string, object, unknown]>([
    ['Ollama', '/api/chat', { ...OLLAMA, stream: false }, { error: 'out of luck' }],
    ['Gemini', `${GEMINI}generateContent`, CONTENTS, { error: googleError }],
    ['Gemini’s events', `${GEMINI}streamGenerateContent?alt=sse`, CONTENTS, { error: googleError }],
    ['Gemini’s array', `${GEMINI}streamGenerateContent`, CONTENTS, [{ error: googleError }]],
    [
      'llama.cpp',
      '/completion',
      { prompt: 'Hello' },
      { error: { code: 500, message: 'out of luck', type: 'server_error' } },
    ],
    ['SGLang', '/generate', { text: 'Hello' }, { error: { message: 'out of luck' } }],
  ])('is a 500 of %s', async (_, path, body, error) => {
    const [status, text] = await send(path, body, []);
    expect([status, JSON.parse(text)]).toEqual([500, error]);
  });
});
