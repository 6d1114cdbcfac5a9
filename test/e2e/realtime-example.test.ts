/** The example of a class over WebSockets, against a server of the test's own. */
import { describe, expect, it } from 'vitest';
import type { BaseAPIModel } from '../../src/contract/base-api-model.ts';
import {
  type AskOptions,
  askPort,
  importModule,
  modelOptions,
  replay,
  testServiceModel,
} from '../../src/testing/index.ts';
import { startRelay } from '../support/relay.ts';
import { type Say, startWebSocketServer } from '../support/websocket-server.ts';

const example = '../../examples/backends/openai-realtime.ts';
const { OpenAIRealtime } = (await importModule(example, import.meta.url)) as any;

const create = (options = modelOptions()): BaseAPIModel => new OpenAIRealtime(options);
const delta = (text: string) => ({ type: 'response.output_text.delta', delta: text });
const usage = { input_tokens: 9, output_tokens: 5, input_token_details: { cached_tokens: 4 } };
const done = { type: 'response.done', response: { status: 'completed', usage } };
const events = [
  { type: 'response.created', response: {} },
  ...['Half ', 'of 80 ', 'is ☕', '.'].map(delta),
  { type: 'response.output_text.done', text: 'Half of 80 is ☕.' },
  done,
];

describe('the public suite', () => {
  testServiceModel(it, {
    create,
    recordings: {
      stream: { messages: [{ type: 'session.created' }, ...events] },
      error: { frame: { type: 'error', error: { message: 'out of luck 4711' } }, says: 'out of luck 4711' },
      usage: { stream: { inputTokens: 9, outputTokens: 5 } },
    },
  });
});

async function ask(answer: readonly Say[], options: AskOptions = {}, pieceBytes?: number) {
  const server = await startWebSocketServer(() => answer);
  const port = pieceBytes === undefined ? server.port : (await startRelay({ to: server, pieceBytes })).port;
  return { ...(await askPort(create, port, options)), server };
}

it('sends one event and streams the texts of the reply', async () => {
  const { output, failure, server } = await ask(events, {
    options: { apiKey: 'k', generationKwargs: { temperature: 0.8 } },
    prompt: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Half of 80?' },
    ],
  });
  expect(failure).toBeUndefined();
  expect(output).toMatchObject({
    content: 'Half of 80 is ☕.',
    finishReason: 'stop',
    inputTokens: 9,
    outputTokens: 5,
    cachedTokens: 4,
  });
  expect(server.received).toEqual([
    {
      type: 'response.create',
      response: {
        conversation: 'none',
        output_modalities: ['text'],
        instructions: 'Be brief.',
        input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Half of 80?' }] }],
        temperature: 0.8,
        max_output_tokens: 16,
      },
    },
  ]);
  expect(server.opened[0]).toMatchObject({
    url: '/v1/realtime?model=model-under-test',
    headers: { authorization: 'Bearer k' },
  });
});

it.each([1, 3, 50])('reads the same however the bytes are cut: %i at a time', async (pieceBytes) => {
  const { output, failure } = await ask(events, {}, pieceBytes);
  expect([failure, output.content]).toEqual([undefined, 'Half of 80 is ☕.']);
});

it('uses a connection again, and closes it after the last request', async () => {
  const server = await startWebSocketServer(() => events);
  const model = create(modelOptions({ stream: true, hostPort: server.port }));
  for (let n = 0; n < 3; n++) {
    const { failure } = await askPort(() => model, server.port);
    expect(failure).toBeUndefined();
  }
  expect(server.opened).toHaveLength(1);
  await model.close?.();
  await expect.poll(() => server.open).toBe(0);
});

it('a connection that ends inside of a reply fails the request', async () => {
  const { output, failure } = await ask([...events.slice(0, 3), { pauseMs: 30 }, 'cut']);
  expect(failure).toMatchObject({ kind: 'truncated' });
  expect(output.content).toBe('Half of 80 ');
});

it('a server that is not there fails the request', async () => {
  expect((await askPort(create, 1)).failure).toMatchObject({ kind: 'connect' });
});

it('a deadline ends the request and its connection', async () => {
  const { failure, server } = await ask([events[1]!, { pauseMs: 60_000 }], { idleMs: 100 });
  expect(failure).toMatchObject({ kind: 'timeout' });
  await expect.poll(() => server.open).toBe(0);
});

it.each([
  [{ status: 'incomplete', status_details: { reason: 'max_output_tokens' } }, 'length'],
  [{ status: 'incomplete', status_details: { reason: 'content_filter' } }, 'content_filter'],
])('reads why a response ended: %j', async (response, reason) => {
  const messages = [delta('Half'), { type: 'response.done', response }];
  const { output } = await replay(create(modelOptions({ stream: true })), { messages });
  expect(output.finishReason).toBe(reason);
});

it('a response that failed is a failure in the words of the service', async () => {
  const status_details = { error: { message: 'out of luck' } };
  const messages = [{ type: 'response.done', response: { status: 'failed', status_details } }];
  const { failure } = await replay(create(modelOptions({ stream: true })), { messages });
  expect(failure).toMatchObject({ kind: 'server-error', message: 'out of luck' });
});
