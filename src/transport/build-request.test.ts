import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BaseAPIModel,
  type HttpMethod,
  type NextRequest,
  type OutgoingRequest,
  type RequestArgs,
} from '../contract/base-api-model.ts';
import type { RequestOutput } from '../contract/output.ts';
import {
  type AskOptions,
  askPort,
  askScripted,
  type ReceivedRequest,
  type Script,
  type ScriptedReply,
  type ScriptedServer,
  startScriptedServer,
} from '../testing/index.ts';

const TEXT: AskOptions = { options: { stream: false } };
const json = (data: unknown): ScriptedReply => ({ body: [JSON.stringify(data)] });

/** Reads `text`, `done` and `next` of each reply. */
class Plain extends BaseAPIModel {
  getUrl(args?: RequestArgs): string {
    return `${this.baseUrl}run?n=${args?.index}`;
  }

  getRequestBody(): object | string | Uint8Array | undefined {
    return { ask: 1 };
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    output.content += data.text ?? '';
    if (data.boom) output.error = data.boom;
  }

  override parseStreamResponse(data: any, output: RequestOutput): void {
    this.parseTextResponse(data, output);
  }
}

const MAC = (body: Uint8Array) => createHmac('sha256', 'key').update(body).digest('hex');

/** Signs the body's bytes. */
class Signed extends Plain {
  seen: OutgoingRequest[] = [];

  override signRequest(request: OutgoingRequest) {
    this.seen.push(request);
    return { 'X-Mac': MAC(request.body) };
  }
}

describe('a request', () => {
  const send = (model: object, body?: unknown) =>
    askScripted(
      (options) =>
        Object.assign(new Plain(options), model, body === undefined ? {} : { getRequestBody: () => body }),
      json({ text: 'ok' }),
      TEXT,
    );

  it.each([
    ['an object, as JSON', { a: 'é' }, '{"a":"é"}', 'application/json'],
    ['a list, as JSON', [1], '[1]', 'application/json'],
    ['a text, as it is', 'a=é', 'a=é', undefined],
    ['bytes, as they are', Uint8Array.of(0, 255, 195), Buffer.of(0, 255, 195), undefined],
    ['no bytes', new Uint8Array(), '', undefined],
  ])('has %s', async (_name, body, bytes, type) => {
    const { received, failure } = await send({}, body);
    expect(failure).toBeUndefined();
    const [seen] = received as [ReceivedRequest];
    expect(Buffer.from(seen.bytes)).toEqual(Buffer.from(bytes as string));
    expect(seen.headers['content-type']).toBe(type);
    expect(seen.headers['content-length']).toBe(String(Buffer.byteLength(bytes)));
    expect(seen.method).toBe('POST');
  });

  it.each([
    ['GET', undefined],
    ['DELETE', undefined],
    ['POST', '0'],
    ['PUT', '0'],
  ] as [HttpMethod, string | undefined][])(
    'of method %s has no body where the class has none',
    async (method, length) => {
      const { received } = await send({ getMethod: () => method, getRequestBody: () => undefined });
      expect(received[0]).toMatchObject({ method, body: '' });
      expect(received[0]?.headers['content-length']).toBe(length);
      expect(received[0]?.headers['content-type']).toBeUndefined();
      expect(received[0]?.headers['transfer-encoding']).toBeUndefined();
    },
  );

  it.each(['PUT', 'PATCH', 'DELETE'])(
    'of method %s has a body where the class has one',
    async (getMethod) => {
      const { received } = await send({ getMethod: () => getMethod });
      expect(received[0]).toMatchObject({ method: getMethod, body: '{"ask":1}' });
    },
  );

  it('knows which it is, in URL, headers and method', async () => {
    const { received } = await send({
      headers: (args: RequestArgs) => ({ 'x-id': args.conversationId }),
      getMethod: (args: RequestArgs) => (args.index === 0 ? 'PUT' : 'POST'),
    });
    expect(received[0]).toMatchObject({ path: '/run?n=0', method: 'PUT', headers: { 'x-id': 'c0' } });
  });

  it.each([
    ['JSON', { ask: 'é' }],
    ['text', 'ask é'],
    ['bytes', Uint8Array.of(1, 200, 255)],
    ['nothing', undefined],
  ])('is signed over the bytes that are sent: %s', async (_name, body) => {
    let model: Signed | undefined;
    const { received } = await askScripted(
      (options) => {
        model = Object.assign(new Signed(options), { getRequestBody: () => body, getMethod: () => 'POST' });
        return model;
      },
      json({ text: 'ok' }),
      { options: { stream: false, apiKey: 'sk', headers: { 'X-Team': 'blue' } } },
    );
    const [seen] = received as [ReceivedRequest];
    expect(seen.headers['x-mac']).toBe(MAC(seen.bytes));
    const [signed] = model!.seen as [OutgoingRequest];
    expect(signed).toMatchObject({ method: 'POST', url: expect.stringMatching(/^http:.*\/run\?n=0$/) });
    expect(Buffer.from(signed.body)).toEqual(Buffer.from(seen.bytes));
    expect(signed.headers).toMatchObject({
      authorization: 'Bearer sk',
      'x-team': 'blue',
      host: seen.headers.host,
    });
    for (const [name, value] of Object.entries(signed.headers)) expect(seen.headers[name]).toBe(value);
  });

  it('cannot be changed by what signs it', async () => {
    const { received } = await send({
      signRequest: (request: any) => {
        request.body.fill(0x23);
        request.headers.authorization = 'x';
        return { 'x-mac': '1' };
      },
    });
    expect(received[0]?.body).toBe('{"ask":1}');
    expect(received[0]?.headers.authorization).toBeUndefined();
  });

  it('waits for a signature, but not for ever', async () => {
    const { failure } = await askScripted(
      (options) => Object.assign(new Plain(options), { signRequest: () => new Promise(() => {}) }),
      json({}),
      { ...TEXT, totalMs: 150 },
    );
    expect(failure).toEqual({
      kind: 'model-bug',
      message: 'signRequest has not settled: no complete reply within 0.15 s',
    });
  });
});

/** Submits, polls while the reply says `next`, and ends with what it says then. */
class Polls extends Signed {
  override getNextRequest(data: any): NextRequest | undefined {
    return data.next;
  }
}

const poll = (script: Script, options?: AskOptions, fields: object = {}) =>
  askScripted((given) => Object.assign(new Polls(given), fields), script, options);

describe('requests that follow a reply', () => {
  const steps = [
    { next: { url: 'jobs/7', afterMs: 30 } },
    { next: { url: '?part=2', method: 'PUT', body: { go: 'é' }, headers: { 'x-own': '1' } } },
    { text: 'done' },
  ];
  const script: Script = (_request, n) => json(steps[n]);

  it('are polls: the last reply is the answer of text mode', async () => {
    const { received, output, failure, events, done } = await poll(script, {
      options: { stream: false, apiKey: 'sk' },
    });
    expect(failure).toBeUndefined();
    expect(output.content).toBe('done');
    expect(received.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '/run?n=0', '{"ask":1}'],
      ['GET', '/jobs/7', ''],
      ['PUT', '/jobs/7?part=2', '{"go":"é"}'],
    ]);
    expect(received[1]?.headers).toMatchObject({
      authorization: 'Bearer sk',
      'x-mac': MAC(new Uint8Array()),
    });
    expect(received[1]?.headers['content-type']).toBeUndefined();
    expect(received[2]?.headers).toMatchObject({ 'content-type': 'application/json', 'x-own': '1' });
    expect(received[2]?.headers['x-mac']).toBe(MAC(received[2]!.bytes));
    expect(Array.from(events.at)).toEqual([done]);
  });

  it('are events of stream mode, each stamped when its reply was there', async () => {
    const at: number[] = [];
    const { output, failure, events, sent, headers, done } = await poll((request, n) => {
      at.push(performance.now());
      return {
        ...script(request, n),
        body: [JSON.stringify({ text: `${n}`, ...steps[n] })],
      } as ScriptedReply;
    });
    expect(failure).toBeUndefined();
    expect(output.content).toBe('01done');
    expect(events.at).toHaveLength(3);
    expect(sent).toBeLessThan(at[0]!);
    expect(headers).toBeLessThanOrEqual(events.at[0]!);
    for (const [n, stamp] of Array.from(events.at).entries()) {
      expect(stamp).toBeGreaterThan(at[n]!);
      expect(stamp).toBeLessThanOrEqual(at[n + 1] ?? done);
    }
    expect(events.at[1]! - events.at[0]!).toBeGreaterThan(28);
  });

  it('may be a stream in the framing of the class', async () => {
    const { output, failure, events } = await poll(
      (_request, n) =>
        n === 0
          ? json({ next: { url: '/stream', stream: true } })
          : {
              body: ['{"text":"a"}\n', { pauseMs: 20 }, '{"text":"b"}\n{"te', { pauseMs: 20 }, 'xt":"c"}\n'],
            },
      {},
      { getFraming: () => 'ndjson' },
    );
    expect(failure).toBeUndefined();
    expect(output.content).toBe('abc');
    expect(events.at).toHaveLength(4);
    expect(events.at[3]! - events.at[1]!).toBeGreaterThan(35);
  });

  it.each([
    ['an error status', { status: 500, body: ['{"error":"boom"}'] }, 'http-status', /boom/],
    ['an error', json({ error: 'boom' }), 'server-error', /^boom$/],
    ['an error that the class sees', json({ boom: 'boom' }), 'server-error', /^boom$/],
    ['no JSON', { body: ['<title>Login</title>'] }, 'bad-reply', /not JSON.*Login/],
    ['nothing', { body: [] }, 'bad-reply', /no body/],
    ['a cut', { body: ['{"te'], ending: 'cut-after-body' }, 'truncated', /inside the reply/],
    ['a redirect', { status: 302, headers: { location: '/x' } }, 'http-status', /redirects to \/x/],
    ['an empty answer', json({}), 'bad-reply', /the reply is empty/],
  ] as [string, ScriptedReply, string, RegExp][])('fail with %s', async (_name, reply, kind, message) => {
    for (const options of [TEXT, {}]) {
      const { failure, received } = await poll(
        (request, n) => (n < 2 ? script(request, n) : reply) as ScriptedReply,
        options,
      );
      expect(failure).toMatchObject({ kind, message: expect.stringMatching(message) });
      expect(received).toHaveLength(3);
    }
  });

  it('fail in the stream as any stream does', async () => {
    const { failure, output } = await poll((_request, n) =>
      n === 0
        ? json({ next: { url: 's', stream: true } })
        : { body: ['data: {"text":"a"}\n\n'], ending: 'cut-after-body' },
    );
    expect([failure?.kind, output.content]).toEqual(['truncated', 'a']);
  });

  it('are polls in text mode, whatever they say of a stream', async () => {
    const { output } = await poll(
      (_request, n) => json(n === 0 ? { next: { url: 's', stream: true } } : { text: 'a' }),
      TEXT,
    );
    expect(output.content).toBe('a');
  });

  it.each([
    [
      'no http URL',
      { next: { url: 'file:///etc/passwd' } },
      'it returned "file:///etc/passwd", which is no absolute http(s) URL',
    ],
    [
      'a wait that is no number',
      { next: { url: 'x', afterMs: -1 } },
      'it returned afterMs -1, which is no number of milliseconds',
    ],
    [
      'a GET with a body',
      { next: { url: 'x', method: 'GET', body: 'b' } },
      'it returned a body, which a GET request does not have',
    ],
    [
      'no method',
      { next: { url: 'x', method: 'LOOK' } },
      'it returned "LOOK", which is none of GET, POST, PUT, PATCH, DELETE',
    ],
  ])('are refused with %s', async (_name, reply, message) => {
    expect((await poll(json(reply), TEXT)).failure).toMatchObject({
      kind: 'model-bug',
      message: `getNextRequest threw: ${message}`,
    });
  });

  it('end at the deadline, which counts from the first of them', async () => {
    const endless: Script = () => json({ next: { url: 'again', afterMs: 40 } });
    for (const options of [TEXT, {}]) {
      const { failure, sent, done } = await poll(endless, { ...options, totalMs: 200 });
      expect(failure).toEqual({ kind: 'timeout', message: 'no complete reply within 0.2 s' });
      expect(done - sent).toBeLessThan(400);
    }
  });

  it('end at the deadline while they wait', async () => {
    const { failure } = await poll(json({ next: { url: 'again', afterMs: 60_000 } }), { totalMs: 100 });
    expect(failure).toEqual({ kind: 'timeout', message: 'no complete reply within 0.1 s' });
  });

  it('may wait longer than a stream may be silent', async () => {
    const { failure } = await poll(
      (_request, n) => json(n === 0 ? { next: { url: 'again', afterMs: 200 } } : { text: 'a' }),
      { idleMs: 100, firstTokenMs: 100 },
    );
    expect(failure).toBeUndefined();
  });

  it('end when the run is stopped', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);
    const { failure } = await poll(json({ next: { url: 'again', afterMs: 60_000 } }), {
      signal: stop.signal,
    });
    expect(failure).toEqual({ kind: 'cancelled', message: 'the run was stopped' });
  });
});

describe('a server that points elsewhere', () => {
  let other: ScriptedServer;
  const points = () =>
    poll(json({ next: { url: `${other.url}take`, headers: { 'x-ticket': '7' }, body: { a: 1 } } }), {
      options: {
        stream: false,
        apiKey: 'sk-secret',
        headers: { 'X-Api-Key': 'k-secret', cookie: 'c-secret' },
      },
    });
  beforeAll(async () => {
    other = await startScriptedServer(json({ text: 'mine' }));
  });
  afterAll(() => other.close());

  it('gets none of the credentials, nor a signature', async () => {
    const { output, received } = await points();
    expect(output.content).toBe('mine');
    expect(received[0]?.headers).toMatchObject({
      authorization: 'Bearer sk-secret',
      'x-api-key': 'k-secret',
    });
    const { headers, body } = other.received[0]!;
    expect(headers).toMatchObject({ 'x-ticket': '7', 'content-type': 'application/json' });
    expect(JSON.stringify(headers)).not.toContain('secret');
    expect(headers['x-mac']).toBeUndefined();
    expect(body).toBe('{"a":1}');
  });

  it('and back gets them again', async () => {
    const paths: string[] = [];
    const home = await startScriptedServer((request, n) => {
      paths.push(`${request.path} ${request.headers.authorization}`);
      return json(n === 0 ? { next: { url: other2.url } } : { text: 'home' });
    });
    const other2: ScriptedServer = await startScriptedServer(() =>
      json({ next: { url: `${home.url}back` } }),
    );
    const options = { options: { stream: false, apiKey: 'sk' } };
    const { output } = await askPort((given) => new Polls(given), home.port, options);
    expect(output.content).toBe('home');
    expect(paths).toEqual(['/run?n=0 Bearer sk', '/back Bearer sk']);
    expect(other2.received[0]?.headers.authorization).toBeUndefined();
    await Promise.all([home.close(), other2.close()]);
  });
});
