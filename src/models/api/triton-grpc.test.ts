import { readFileSync } from 'node:fs';
import { ServerCredentials } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { pem } from '../../../test/support/connections.ts';
import { type KserveOptions, type Step, startKserve } from '../../../test/support/kserve-server.ts';
import { startRelay } from '../../../test/support/relay.ts';
import { defined } from '../../basics/defined.ts';
import { RequestOutput } from '../../contract/output.ts';
import type { TlsSettings } from '../../contract/tls.ts';
import { type AskOptions, askPort, modelOptions, replay, testServiceModel } from '../../testing/index.ts';
import { decodeInferResponse, decodeStreamResponse } from './kserve-messages.ts';
import { TritonGRPC } from './triton-grpc.ts';

const args = { index: 0, repetition: 0, conversationId: 'c0', turn: 0 };
const create = (options = modelOptions()) => new TritonGRPC(options);

/** What a live Triton sent, as the class hands it to the engine. */
function recorded(name: string) {
  const { method, replies, request } = JSON.parse(
    readFileSync(`test/fixtures/triton-grpc/${name}.json`, 'utf8'),
  );
  const decode = method === 'ModelInfer' ? decodeInferResponse : decodeStreamResponse;
  return { request, messages: replies.map((base64: string) => decode(Buffer.from(base64, 'base64'))) };
}

describe.each([
  ['infer', 'stream', 'top_level'],
  ['whole_of_decoupled', 'stream_parameters', 'parameters'],
])('TritonGRPC, recordings of Triton: %s, %s', (text, stream, parametersAt) => {
  testServiceModel(it, {
    create: (options) => create({ ...options, parametersAt }),
    recordings: {
      text: recorded(text),
      stream: recorded(stream),
      error: { frame: recorded('err_model_exception').messages[0], says: 'model blew up on purpose' },
    },
  });

  it('sends the recorded request', async () => {
    const { request } = recorded(stream);
    const model = create(modelOptions({ stream: true, parametersAt, generationKwargs: { temperature: 0 } }));
    expect(model.getRequestBody(request.text_input, 7, new RequestOutput(), args)).toEqual(request);
  });
});

/** Sends one request to a server that answers so. */
async function ask(answer: readonly Step[], options: AskOptions = {}, server: Partial<KserveOptions> = {}) {
  const { port, ...seen } = await startKserve({ answer: () => answer, ...server });
  return { ...(await closing(port, options)), ...seen };
}

async function closing(port: number, options: AskOptions = {}) {
  let model: TritonGRPC | undefined;
  const attempt = await askPort(
    (all) => {
      model = create(all);
      return model;
    },
    port,
    options,
  );
  await model!.close();
  return attempt;
}

it('streams, with an event for each response', async () => {
  const generationKwargs = { temperature: 0.5, stop_words: ['a', 'b'], seed: 7 };
  const { output, events, failure, requests } = await ask(['Grüße', ' aus', ' 🥖'], {
    options: { generationKwargs, headers: { 'X-Tenant': 'mine' }, apiKey: 'k' },
  });
  expect(failure).toBeUndefined();
  expect(output.content).toBe('Grüße aus 🥖');
  expect(events.at).toHaveLength(3);
  expect(requests).toMatchObject([
    {
      inputs: { text_input: 'Hello', max_tokens: 16, stream: true, temperature: 0.5, stop_words: ['a', 'b'] },
      parameters: { seed: 7 },
      headers: { 'x-tenant': 'mine', authorization: 'Bearer k' },
    },
  ]);
});

it('puts all but the stream into parameters where parameters_at says so', async () => {
  const options = { parametersAt: 'parameters', generationKwargs: { temperature: 0.5 } };
  const { requests } = await ask(['a'], { options });
  expect(requests[0]!.inputs).toEqual({ text_input: 'Hello', stream: true });
  expect(requests[0]!.parameters).toEqual({ temperature: 0.5, max_new_tokens: 16 });
});

describe('a whole reply', () => {
  const options = { stream: false };

  it('is the response to ModelInfer', async () => {
    const { output, failure } = await ask(['Half', ' is 40'], { options }, { decoupled: false });
    expect([failure, output.content]).toEqual([undefined, 'Half is 40']);
  });

  it('of a decoupled model is the one response of a stream', async () => {
    const { output, failure, requests } = await ask(['Half is 40'], { options });
    expect([failure, output.content]).toEqual([undefined, 'Half is 40']);
    // ModelInfer was tried first.
    expect(requests).toHaveLength(2);
  });

  it('of a decoupled model that gives several is a failure that says what to do', async () => {
    const { failure } = await ask(['a', 'b'], { options });
    expect(failure).toMatchObject({
      kind: 'server-error',
      message: 'the model gave 2 responses to one request: use stream: true',
    });
  });
});

describe('a failure', () => {
  it('inside of a stream is in the words of the model', async () => {
    const { output, failure } = await ask(['Half', { error: 'out of luck 4711' }]);
    expect(failure).toMatchObject({ kind: 'server-error', message: 'out of luck 4711' });
    expect(output.content).toBe('Half');
  });

  it('that a status says keeps what came', async () => {
    const { output, failure } = await ask(['Half', { pauseMs: 20 }, { status: 13 }]);
    expect(failure).toMatchObject({ kind: 'server-error', message: 'INTERNAL: out of luck 4711' });
    expect(output.content).toBe('Half');
  });

  it('is a model that the server has not', async () => {
    const { failure } = await ask([], { options: { model: 'nope' } });
    expect(failure).toMatchObject({
      kind: 'server-error',
      message: "NOT_FOUND: unknown model: 'nope' is not found",
    });
  });

  it('is a server that is not there', async () => {
    const { failure } = await closing(1);
    expect(failure).toMatchObject({
      kind: 'connect',
      message: expect.stringMatching(/ECONNREFUSED 127\.0\.0\.1:1$/),
    });
  });

  it('is a connection that ends inside of a stream', async () => {
    const server = await startKserve({ answer: () => ['Half', { pauseMs: 60_000 }] });
    const relay = await startRelay({ to: { port: server.port } });
    const asking = closing(relay.port);
    await expect.poll(() => server.requests.length).toBe(1);
    setTimeout(() => relay.cut(), 100);
    const { output, failure } = await asking;
    expect(failure).toMatchObject({ kind: 'truncated' });
    expect(output.content).toBe('Half');
  });

  it('is a deadline, and cancels the call', async () => {
    const { failure } = await ask(['Half', { pauseMs: 60_000 }], { idleMs: 100 });
    expect(failure).toMatchObject({ kind: 'timeout' });
  });

  it('is a stop of the run', async () => {
    const { failure } = await ask([{ pauseMs: 60_000 }], { signal: AbortSignal.timeout(100) });
    expect(failure).toMatchObject({ kind: 'cancelled' });
  });
});

it.each([1, 2, 3, 7, 64])('reads the same however the bytes are cut: %i at a time', async (pieceBytes) => {
  const answer = ['Grüße', ' aus', ' 🥖', '', '.'];
  const server = await startKserve({ answer: () => answer });
  const relay = await startRelay({ to: { port: server.port }, pieceBytes });
  const { output, failure, events } = await closing(relay.port);
  expect([failure, output.content, events.at.length]).toEqual([undefined, answer.join(''), answer.length]);
});

describe('TLS', () => {
  const tlsFile = (name: string) => readFileSync(`test/fixtures/tls/${name}`);
  const pair = { private_key: tlsFile('server.key'), cert_chain: tlsFile('server.pem') };
  const askSecurely = (tls: object | undefined, clientCa: Buffer | null = null) =>
    ask(
      ['safe'],
      {
        options: {
          enableSsl: true,
          hostIp: 'localhost',
          ...defined({ tls: tls as TlsSettings | undefined }),
        },
      },
      { credentials: ServerCredentials.createSsl(clientCa, [pair], clientCa !== null) },
    );
  const insecure = false;

  it('trusts the config’s authority, or any server where it says so', async () => {
    for (const tls of [{ ca: pem('ca.pem'), insecure }, { insecure: true }]) {
      const { output, failure } = await askSecurely(tls);
      expect([failure, output.content]).toEqual([undefined, 'safe']);
    }
  });

  it('shows the config’s certificate', async () => {
    const tls = { ca: pem('ca.pem'), cert: pem('client.pem'), key: pem('client.key'), insecure };
    const { output, failure } = await askSecurely(tls, tlsFile('ca.pem'));
    expect([failure, output.content]).toEqual([undefined, 'safe']);
  });

  it('trusts no other server', async () => {
    for (const tls of [undefined, { ca: pem('other-ca.pem'), insecure }]) {
      const { failure } = await askSecurely(tls);
      expect(failure).toMatchObject({
        kind: 'connect',
        message: expect.stringMatching(/certificate|issuer/),
      });
    }
  });
});

it('sends hundreds of requests over one connection', async () => {
  const server = await startKserve({
    answer: ({ inputs }) => [`${inputs['text_input']}`, { pauseMs: 300 }, '!'],
  });
  const model = create(modelOptions({ stream: true, hostPort: server.port }));
  const texts = await Promise.all(
    Array.from({ length: 300 }, async (_, n) => {
      let text = '';
      const body = model.getRequestBody(`p${n}`, 4, new RequestOutput(), args);
      const request = { url: model.getUrl(), headers: {}, body, stream: true, args };
      const message = (data: any) => {
        text += data.text_output;
      };
      await model.exchange(request, { signal: new AbortController().signal, message });
      return text;
    }),
  );
  await model.close();
  expect(texts).toEqual(Array.from({ length: 300 }, (_, n) => `p${n}!`));
  expect(server.peers.size).toBe(1);
  expect(server.peakStreams).toBeGreaterThan(200);
});

it('counts the tokens where a backend gives them', async () => {
  const messages = [
    { text_output: 'a', finish_reason: 'None', num_input_tokens: 3, num_output_tokens: 2 },
    { text_output: 'b', finish_reason: 'length', num_input_tokens: 3, num_output_tokens: 1 },
  ];
  const { output } = await replay(create(modelOptions({ stream: true })), { messages });
  expect(output).toMatchObject({ content: 'ab', inputTokens: 3, outputTokens: 3, finishReason: 'length' });
});

it('refuses adapters and another place for its parameters', async () => {
  const body = async (overrides: object, more = {}) =>
    create(modelOptions(overrides)).getRequestBody('Hi', 5, new RequestOutput(), { ...args, ...more });
  await expect(body({}, { adapter: 'my-lora' })).rejects.toThrow(/cannot select the adapter "my-lora"/);
  expect(() => create(modelOptions({ parametersAt: 'body' }))).toThrow(/parameters_at is "body"/);
});
