import { request } from 'node:http';
import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LiveFeed, serveLive } from './live-server.ts';
import type { TaskLine } from './progress-table.ts';

const PAGE = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-x'" /><p>hello</p>`;
const STATE = { done: 1, total: 4, inFlight: 2, failed: 0, elapsed: 1000 };

async function started(
  line: TaskLine = { name: 'm × d', status: 'running', state: STATE },
  limits?: Parameters<typeof serveLive>[3],
) {
  const feed = new LiveFeed(() => [{ line, live: undefined }]);
  const server = await serveLive(PAGE, feed, 0, limits);
  onTestFinished(() => server.close());
  return { ...server, port: Number(new URL(server.url).port) };
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

function ask(port: number, path: string, host: string | undefined, method = 'GET'): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    const sent = request({ port, path, method, headers, host: '127.0.0.1', agent: false }, (response) => {
      let body = '';
      response.on('data', (bytes: Buffer) => {
        body += bytes.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    });
    sent.on('error', reject).end();
  });
}

describe('serveLive', () => {
  it('serves its page with a policy that lets nothing else run and nobody frame it', async () => {
    const { port } = await started();
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
      const { status, headers, body } = await ask(port, '/', host);
      expect([status, body]).toEqual([200, PAGE]);
      expect(headers).toMatchObject({
        'content-security-policy': "default-src 'none'; script-src 'sha256-x'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  it('answers to no other name: a page of elsewhere that lets its name point here reads nothing', async () => {
    const { port } = await started();
    const names = fc.oneof(
      fc.domain(),
      fc.domain().map((name) => `${name}:${port}`),
      fc.constantFrom('127.0.0.1', 'localhost', `127.0.0.1.evil.example:${port}`, `localhost:${port + 1}`),
    );
    await fc.assert(
      fc.asyncProperty(names, fc.constantFrom('/', '/events'), async (host, path) => {
        const { status, body } = await ask(port, path, host);
        expect([status, body.includes('hello')]).toEqual([421, false]);
      }),
      { numRuns: 25 },
    );
  });

  it('has nothing else, and takes nothing', async () => {
    const { port } = await started();
    const host = `127.0.0.1:${port}`;
    expect((await ask(port, '/etc/passwd', host)).status).toBe(404);
    expect((await ask(port, '/', host, 'POST')).status).toBe(405);
  });

  it('tells a page all at first, then what changes, then the end', async () => {
    const { port, close } = await started();
    const events = ask(port, '/events', `localhost:${port}`);
    await new Promise((resolve) => setTimeout(resolve, 1300));
    close();
    const { headers, body } = await events;
    expect(headers['content-type']).toContain('text/event-stream');
    const told = [...body.matchAll(/event: (\w+)\ndata: (.*)\n\n/g)].map(([, event, data]) => ({
      event,
      data: JSON.parse(data!),
    }));
    expect(told[0]).toMatchObject({
      event: 'start',
      data: { tasks: [{ name: 'm × d', state: STATE }], points: [[]] },
    });
    expect(told[1]).toMatchObject({ event: 'tick', data: { points: [{ task: 0, at: 1000, inFlight: 2 }] } });
    expect(told.at(-1)).toEqual({ event: 'end', data: {} });
  });

  it('refuses a port that is taken, in one error', async () => {
    const { port } = await started();
    await expect(serveLive(PAGE, new LiveFeed(() => []), port)).rejects.toMatchObject({
      code: 'TMAN-CMD-002',
      where: `--live ${port}`,
    });
  });
});

describe('a client that means no good', () => {
  const LIMITS = {
    headersTimeout: 200,
    requestTimeout: 200,
    connectionsCheckingInterval: 100,
    maxConnections: 3,
  };

  function client(port: number, text: string): Promise<string> {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    onTestFinished(() => void socket.destroy());
    let heard = '';
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      heard += bytes.toString();
    });
    return new Promise((resolve) => socket.on('close', () => resolve(heard)));
  }

  it('is cut off where it is slow', async () => {
    const { port } = await started(undefined, LIMITS);
    for (const text of ['', 'GET / HTTP/1.1\r\nHost: '])
      expect(await client(port, text)).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });

  it('is turned away where there are many, or where it brings a body', async () => {
    const { port } = await started(undefined, { ...LIMITS, headersTimeout: 60_000, requestTimeout: 60_000 });
    const head = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`;
    expect(await client(port, `${head}Content-Length: 999999999\r\n\r\nx`)).toMatch(/^HTTP\/1\.1 405 /);
    const others = [1, 2, 3].map(() => client(port, 'GET'));
    expect(await Promise.race([...others, client(port, `${head}\r\n`)])).toBe('');
  });
});
