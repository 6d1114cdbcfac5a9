/** The embedded service among clients that mean it no good. */
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type RunningService, type ServiceOptions, startService } from './service.ts';

async function started(options: ServiceOptions): Promise<RunningService> {
  const service = await startService({ engine: { kind: 'sim' }, log: () => {}, ...options });
  onTestFinished(() => service.close());
  return service;
}

/** A client that says what it is told to; `ended` gives everything that it heard once the server has closed the connection. */
function client({ url }: RunningService): { socket: Socket; ended: Promise<string> } {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let heard = '';
  socket.on('data', (bytes) => {
    heard += bytes.toString();
  });
  socket.on('error', () => {});
  return { socket, ended: new Promise((resolve) => socket.on('close', () => resolve(heard))) };
}

describe('a client that takes its time', () => {
  it.each([
    ['says nothing', []],
    [
      'sends its headers a byte at a time',
      [...'POST /v1/completions HTTP/1.1\r\nHost: here\r\nX-Slow: '.repeat(50)],
    ],
    ['never sends its body', ['POST /v1/completions HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\n{']],
  ])('and %s is cut off, and takes nothing from the others', async (_, pieces) => {
    const service = await started({ headersTimeoutMs: 300 });
    const { socket, ended } = client(service);
    let at = 0;
    const timer = setInterval(() => at < pieces.length && socket.write(pieces[at++]!), 20);
    onTestFinished(() => clearInterval(timer));
    expect((await fetch(`${service.url}health`)).status).toBe(200);
    expect(await ended).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });
});

it('connections beyond the limit are closed', async () => {
  const service = await started({ maxConnections: 2 });
  const first = client(service);
  const second = client(service);
  await Promise.all(
    [first, second].map(({ socket }) => new Promise((resolve) => socket.once('connect', resolve))),
  );
  expect(await client(service).ended).toBe('');
  expect(first.socket.closed || second.socket.closed).toBe(false);
});

it('bodies that are too much together are refused, and their room is given back', async () => {
  const service = await started({ maxReadingBytes: 1000 });
  const half = client(service);
  half.socket.write(
    `POST /v1/completions HTTP/1.1\r\nHost: here\r\nContent-Length: 900\r\n\r\n${'x'.repeat(800)}`,
  );
  const post = () => fetch(`${service.url}v1/completions`, { method: 'POST', body: 'x'.repeat(500) });
  await expect.poll(async () => (await post()).status).toBe(503);
  half.socket.destroy();
  // No JSON, which is for its protocol to say.
  await expect.poll(async () => (await post()).status).toBe(400);
});

it('headers beyond 16 KiB are refused', async () => {
  const { socket, ended } = client(await started({}));
  socket.write(`GET /health HTTP/1.1\r\nHost: here\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
  expect(await ended).toMatch(/^HTTP\/1\.1 431 /);
});

describe('the address', () => {
  it.each([
    [{}, /^http:\/\/127\.0\.0\.1:/, false],
    [{ host: '0.0.0.0' }, /^http:\/\/0\.0\.0\.0:/, true],
    [{ host: '0.0.0.0', apiKey: 'sk-secret' }, /^http:\/\/0\.0\.0\.0:/, false],
  ])('%j: this machine alone by default; warns where no key is set', async (options, url, isSaid) => {
    const lines: string[] = [];
    const service = await started({ ...options, log: (line) => lines.push(line) });
    expect(service.url).toMatch(url);
    expect(lines.join('\n').includes('no API key is set')).toBe(isSaid);
  });
});
