import { describe, expect, it } from 'vitest';
import {
  CancelledError,
  DeadlineError,
  failureFromError,
  failureFromStatus,
  findError,
  isWorthRetrying,
  readErrorMessage,
} from './failure.ts';

const coded = (code: string, message = 'it broke') => Object.assign(new Error(message), { code });

describe('what an error body says', () => {
  it.each([
    ['OpenAI', '{"error":{"message":"no such model","type":"x","code":404}}', 'no such model'],
    ['a string error', '{"error":"Unauthorized"}', 'Unauthorized'],
    ['old vLLM', '{"object":"error","message":"too long","code":400}', 'too long'],
    ['FastAPI', '{"detail":"Method Not Allowed"}', 'Method Not Allowed'],
    [
      'FastAPI’s list',
      '{"detail":[{"loc":["body","messages"],"msg":"Field required"},{"msg":"and more"}]}',
      'body.messages: Field required; and more',
    ],
    ['TGI', '{"error":"Input validation error","error_type":"validation"}', 'Input validation error'],
    ['an unknown object', '{"code":7}', '{"code":7}'],
    ['HTML', '<!doctype html><html><title>502 Bad Gateway</title>', 'an HTML page ("502 Bad Gateway")'],
    ['HTML without a title', '<h1>no</h1>', 'an HTML page'],
    ['text over lines', 'upstream\n  timed out', 'upstream timed out'],
    ['nothing', '', ''],
  ])('%s', (_name, body, words) => expect(readErrorMessage(body)).toBe(words));

  it('is kept short', () => {
    const body = JSON.stringify({ error: { message: `Out of memory: ${'x'.repeat(100_000)}` } });
    const failure = failureFromStatus(500, body);
    expect(failure.message).toMatch(/^HTTP 500: Out of memory: x+…$/);
    expect(failure.message.length).toBeLessThan(600);
    expect(failure.bodyExcerpt?.length).toBeLessThan(2100);
  });

  it('says where a redirect goes', () => {
    expect(failureFromStatus(307, '', 'http://host/v1/').message).toBe(
      'HTTP 307: the service redirects to http://host/v1/',
    );
    expect(failureFromStatus(304, '').message).toBe('HTTP 304');
  });
});

describe('an error inside a good reply', () => {
  it.each([
    [{ error: { message: 'boom', code: 500 } }, 'boom'],
    [{ error: 'boom' }, 'boom'],
    [{ error: true }, 'true'],
    [{ error: { code: 7 } }, '{"code":7}'],
    [{ error: null }, undefined],
    [{ error: '' }, undefined],
    [{ error: false, choices: [] }, undefined],
    [{ choices: [] }, undefined],
    ['error', undefined],
    [null, undefined],
  ])('%j', (data, words) => expect(findError(data)).toBe(words));
});

describe('what the transport threw', () => {
  it.each([
    ['our deadline', new DeadlineError('no first token within 1 s'), true, 'timeout'],
    ['the run’s stop', new CancelledError('stopped'), true, 'cancelled'],
    ['a connect timeout', coded('UND_ERR_CONNECT_TIMEOUT'), false, 'timeout'],
    ['the system’s connect timeout', coded('ETIMEDOUT'), false, 'timeout'],
    ['refusal', coded('ECONNREFUSED'), false, 'connect'],
    ['no such host', coded('ENOTFOUND'), false, 'connect'],
    ['both addresses refused', new AggregateError([coded('ECONNREFUSED')], ''), false, 'connect'],
    ['a bad certificate', coded('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), false, 'connect'],
    ['a reset before the headers', coded('ECONNRESET'), false, 'connect'],
    ['a reset inside the body', coded('ECONNRESET'), true, 'truncated'],
    ['a closed socket inside the body', coded('UND_ERR_SOCKET'), true, 'truncated'],
    ['an end inside a chunk', coded('HPE_INVALID_EOF_STATE'), true, 'truncated'],
    ['too short a body', coded('UND_ERR_RES_CONTENT_LENGTH_MISMATCH'), true, 'truncated'],
    ['no HTTP', coded('HPE_INVALID_CONSTANT'), false, 'bad-reply'],
    ['a broken chunk length', coded('HPE_INVALID_CHUNK_SIZE'), true, 'bad-reply'],
    ['a header that HTTP does not allow', coded('UND_ERR_INVALID_ARG'), false, 'model-bug'],
    [
      'a header that HTTP/2 does not allow',
      coded('ERR_HTTP2_INVALID_CONNECTION_HEADERS'),
      false,
      'model-bug',
    ],
    ['a reset stream', coded('ERR_HTTP2_STREAM_RESET'), false, 'connect'],
    ['a stream reset inside the body', coded('ERR_HTTP2_STREAM_RESET'), true, 'truncated'],
  ])('%s', (_name, error, headersCame, kind) => {
    const failure = failureFromError(error, headersCame);
    expect(failure.kind).toBe(kind);
    expect(failure.message).not.toBe('');
  });

  it('names the error code and says whether the reply had begun', () => {
    expect(failureFromError(coded('ECONNRESET', 'read failed'), true).message).toBe(
      'the connection ended inside the reply: read failed (ECONNRESET)',
    );
    expect(failureFromError(coded('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1'), false).message).toBe(
      'connect ECONNREFUSED 127.0.0.1:1',
    );
  });
});

it('says what to do about an error of TLS, without OpenSSL’s numbers and files', () => {
  const words =
    '809C667AE17F0000:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:../deps/rec_layer_s3.c:1601:SSL alert number 116';
  const { message } = failureFromError(coded('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', words), false);
  expect(message).toBe(
    'tlsv13 alert certificate required (ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED); it may want a client certificate: tls.cert and tls.key',
  );
});

it('retries what may pass by itself', () => {
  const worth = (kind: Parameters<typeof isWorthRetrying>[0]['kind'], status?: number) =>
    isWorthRetrying({ kind, message: '', ...(status === undefined ? {} : { status }) });
  expect([worth('http-status', 429), worth('http-status', 503), worth('connect'), worth('timeout')]).toEqual(
    Array(4).fill(true),
  );
  expect([
    worth('http-status', 400),
    worth('http-status', 307),
    worth('cancelled'),
    worth('model-bug'),
  ]).toEqual(Array(4).fill(false));
});
