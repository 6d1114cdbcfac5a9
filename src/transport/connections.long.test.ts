/** HTTP/1.1 over TLS and through proxies, against real ones. */
import { Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { pem, startBlackHole, startMute, startProxy, tlsBefore } from '../../test/support/connections.ts';
import { type Script, startScriptedServer } from '../testing/index.ts';
import { failureFromError } from './failure.ts';
import { fetchText, openTransport } from './open-transport.ts';
import { NO_PROXY, type ProxySettings } from './proxy.ts';
import type { TransportOptions } from './types.ts';

const CA = { ca: pem('ca.pem'), insecure: false };

async function service(script: Script = { body: ['hello'] }) {
  const server = await startScriptedServer(script);
  onTestFinished(() => server.close());
  return server;
}

async function transportWith(options: Partial<TransportOptions>) {
  const transport = await openTransport(() => performance.now(), {
    connectMs: 5000,
    http2: false,
    ...options,
  });
  onTestFinished(() => transport.close());
  return transport;
}

/** The text of the reply, or the failure. */
async function ask(url: string, options: Partial<TransportOptions> = {}, headers = {}): Promise<unknown> {
  const request = { method: 'POST' as const, url, headers, body: '{}' };
  const reply = await fetchText(await transportWith(options), request, 10_000);
  return 'text' in reply ? reply.text : reply.failure;
}

it.each(['directly', 'through a proxy'])(
  'a connection that is used again gets no more listeners, %s',
  async (way) => {
    const { url } = await service();
    const proxy = await startProxy();
    const direct = way === 'directly';
    const transport = await transportWith(direct ? {} : { proxy: { ...NO_PROXY, http: proxy.url } });
    const firstHop = Number(new URL(direct ? url : proxy.url).port);
    const mostListeners = new Map<Socket, number>();
    const write = Socket.prototype.write;
    const spy = vi.spyOn(Socket.prototype, 'write').mockImplementation(function (this: Socket, ...args) {
      if (this.remotePort === firstHop) {
        const before = mostListeners.get(this) ?? 0;
        mostListeners.set(this, Math.max(before, this.listenerCount('error')));
      }
      return write.apply(this, args as Parameters<typeof write>);
    });
    onTestFinished(() => spy.mockRestore());
    for (let n = 0; n < 12; n++)
      await fetchText(transport, { method: 'POST', url, headers: {}, body: '{}' }, 10_000);
    expect([...mostListeners.values()]).toEqual([expect.any(Number)]);
    expect(Math.max(...mostListeners.values())).toBeLessThan(5);
  },
);

describe('TLS', () => {
  it('trusts the authority it is given, for a name and for an address', async () => {
    const { port } = await tlsBefore((await service()).port);
    expect(await ask(`https://localhost:${port}/`, { tls: CA })).toBe('hello');
    expect(await ask(`https://127.0.0.1:${port}/`, { tls: CA })).toBe('hello');
  });

  it.each([
    ['no authority', undefined, /first certificate .*; give the authority .* as tls\.ca/],
    ['another authority', { ca: pem('other-ca.pem'), insecure: false }, /tls\.ca/],
  ])('refuses a server that %s signed', async (_name, tls, message) => {
    const { port } = await tlsBefore((await service()).port);
    expect(await ask(`https://localhost:${port}/`, { tls })).toMatchObject({
      kind: 'connect',
      message: expect.stringMatching(message),
    });
  });

  it('refuses a certificate that has ended', async () => {
    const { port } = await tlsBefore((await service()).port, { cert: pem('expired.pem').text });
    expect(await ask(`https://localhost:${port}/`, { tls: CA })).toMatchObject({
      kind: 'connect',
      message: expect.stringMatching(/expired.*needs a new certificate/),
    });
  });

  it('asks for and checks the name of `server_name`', async () => {
    const front = await tlsBefore((await service()).port);
    const url = `https://127.0.0.1:${front.port}/`;
    expect(await ask(url, { tls: { ...CA, serverName: 'service.test' } })).toBe('hello');
    expect(front.clients.at(-1)?.servername).toBe('service.test');
    expect(await ask(url, { tls: { ...CA, serverName: 'other.test' } })).toMatchObject({
      kind: 'connect',
      message: expect.stringContaining('tls.server_name'),
    });
  });

  it('checks nothing where that is asked for', async () => {
    const { port } = await tlsBefore((await service()).port, { cert: pem('expired.pem').text });
    expect(await ask(`https://localhost:${port}/`, { tls: { insecure: true } })).toBe('hello');
  });

  it('says so when the other side speaks no TLS', async () => {
    const { port } = await service();
    expect(await ask(`https://localhost:${port}/`, { tls: CA })).toMatchObject({
      kind: 'connect',
      message: expect.stringContaining('does not speak TLS'),
    });
  });
});

describe('a client certificate', () => {
  const asking = { ca: pem('ca.pem').text, requestCert: true, rejectUnauthorized: true };

  it('is shown to a server that asks for one', async () => {
    const front = await tlsBefore((await service()).port, asking);
    const tls = { ...CA, cert: pem('client.pem'), key: pem('client.key') };
    expect(await ask(`https://localhost:${front.port}/`, { tls })).toBe('hello');
    expect(front.clients).toMatchObject([{ subject: 'ais_bench tests client' }]);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is missed in words under %s', async (version) => {
    const options = { ...asking, minVersion: version, maxVersion: version };
    const { port } = await tlsBefore((await service()).port, options);
    expect(await ask(`https://localhost:${port}/`, { tls: CA })).toMatchObject({
      kind: 'connect',
      message: expect.stringContaining('it may want a client certificate: tls.cert and tls.key'),
    });
  });
});

describe('a proxy', () => {
  const through = (url: string, bypass: string[] = []): ProxySettings => ({ http: url, https: url, bypass });

  it('gets plain requests with their whole URL', async () => {
    const server = await service();
    const proxy = await startProxy();
    const answer = await ask(`${server.url}v1/x?a=b`, { proxy: through(proxy.url) }, { 'x-own': '1' });
    expect(answer).toBe('hello');
    expect(proxy.asked.map(({ line }) => line)).toEqual([`POST ${server.url}v1/x?a=b`]);
    expect(server.received).toMatchObject([
      { path: '/v1/x?a=b', body: '{}', headers: { 'x-own': '1', host: `127.0.0.1:${server.port}` } },
    ]);
  });

  it('makes tunnels for TLS, which it cannot look into', async () => {
    const front = await tlsBefore((await service()).port);
    const proxy = await startProxy();
    const options = { tls: CA, proxy: through(proxy.url) };
    expect(await ask(`https://service.test:${front.port}/`, options)).toBe('hello');
    expect(proxy.asked.map(({ line }) => line)).toEqual([`CONNECT service.test:${front.port}`]);
    expect(front.clients).toMatchObject([{ servername: 'service.test' }]);
  });

  it.each(['http', 'https'])('may itself be reached over TLS, for %s services', async (scheme) => {
    const server = await service();
    const front = await tlsBefore(server.port);
    const proxy = await startProxy({ tls: true });
    const port = scheme === 'http' ? server.port : front.port;
    const options = { tls: CA, proxy: through(proxy.url) };
    expect(await ask(`${scheme}://localhost:${port}/`, options)).toBe('hello');
    expect(proxy.asked).toHaveLength(1);
    expect(proxy.secured).toBe(1);
  });

  it('is told who asks', async () => {
    const server = await service();
    const front = await tlsBefore(server.port);
    const authorization = `Basic ${Buffer.from('ann:p@ss').toString('base64')}`;
    const proxy = await startProxy({ authorization });
    const known = through(`http://ann:p%40ss@127.0.0.1:${proxy.port}`);
    expect(await ask(server.url, { proxy: known })).toBe('hello');
    expect(await ask(`https://localhost:${front.port}/`, { tls: CA, proxy: known })).toBe('hello');
    expect(server.received.map(({ headers }) => headers['proxy-authorization'])).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('that refuses is quoted', async () => {
    const server = await service();
    const proxy = await startProxy({ authorization: 'Basic x' });
    const unknown = through(proxy.url);
    expect(await ask(server.url, { proxy: unknown })).toMatchObject({
      kind: 'http-status',
      status: 407,
      message: 'HTTP 407: who are you?',
    });
    expect(await ask(`https://localhost:1/`, { proxy: unknown })).toMatchObject({
      kind: 'connect',
      message: `the proxy 127.0.0.1:${proxy.port} refused the tunnel to localhost:1: 407 Proxy Authentication Required`,
    });
  });

  it('is left out for the hosts of no_proxy', async () => {
    const server = await service();
    const proxy = await startProxy();
    expect(await ask(server.url, { proxy: through(proxy.url, ['127.0.0.1']) })).toBe('hello');
    expect(await ask(server.url, { proxy: NO_PROXY })).toBe('hello');
    expect(proxy.asked).toEqual([]);
  });

  it('keeps its tunnels for further requests', async () => {
    const front = await tlsBefore((await service()).port);
    const proxy = await startProxy();
    const transport = await transportWith({ tls: CA, proxy: through(proxy.url) });
    const request = {
      method: 'POST' as const,
      url: `https://localhost:${front.port}/`,
      headers: {},
      body: '{}',
    };
    for (let n = 0; n < 4; n++)
      expect(await fetchText(transport, request, 10_000)).toEqual({ text: 'hello' });
    expect(proxy.asked).toHaveLength(1);
    expect(front.clients).toHaveLength(1);
  });
});

describe('the connect limit', () => {
  const soon = { connectMs: 300, tls: CA };

  it('holds for a server that never answers the TLS hello', async () => {
    const mute = await startMute();
    expect(await ask(`https://localhost:${mute.port}/`, soon)).toEqual({
      kind: 'timeout',
      message: `no connection within 0.3 s: still waiting for the TLS handshake with localhost:${mute.port}`,
    });
    await expect.poll(() => mute.sockets.size).toBe(0);
  });

  it('holds for an address that swallows the attempt', async ({ skip }) => {
    const port = await startBlackHole();
    if (port === undefined) return skip('there is no python3');
    expect(await ask(`http://127.0.0.1:${port}/`, soon)).toEqual({
      kind: 'timeout',
      message: `no connection within 0.3 s: still waiting for the TCP connection to 127.0.0.1:${port}`,
    });
  });

  it.each(['http', 'https'])('holds for a mute %s proxy', async (scheme) => {
    const mute = await startMute();
    const proxy = { http: '', https: `${scheme}://localhost:${mute.port}`, bypass: [] };
    const step = scheme === 'http' ? 'the tunnel of the proxy' : 'the TLS handshake with';
    expect(await ask('https://localhost:1/', { ...soon, proxy })).toMatchObject({
      kind: 'timeout',
      message: expect.stringContaining(
        `no connection within 0.3 s: still waiting for ${step} localhost:${mute.port}`,
      ),
    });
    await expect.poll(() => mute.sockets.size).toBe(0);
  });

  it('holds for a TLS handshake inside a tunnel', async () => {
    const mute = await startMute();
    const proxy = await startProxy();
    const settings = { http: '', https: proxy.url, bypass: [] };
    expect(await ask(`https://localhost:${mute.port}/`, { ...soon, proxy: settings })).toEqual({
      kind: 'timeout',
      message: `no connection within 0.3 s: still waiting for the TLS handshake with localhost:${mute.port}`,
    });
    await expect.poll(() => mute.sockets.size).toBe(0);
  });

  it('is no limit where it is 0, and a closed transport still ends the attempt', async () => {
    const mute = await startMute();
    const transport = await transportWith({ connectMs: 0, tls: CA });
    const failed = new Promise<Error>((resolve) => {
      transport.send(
        { method: 'POST', url: `https://localhost:${mute.port}/`, headers: {}, body: '{}' },
        { onHeaders: () => {}, onData: () => {}, onEnd: () => {}, onError: resolve },
      );
    });
    await expect.poll(() => mute.sockets.size).toBe(1);
    await transport.close();
    expect(failureFromError(await failed, false).kind).toBe('connect');
    await expect.poll(() => mute.sockets.size).toBe(0);
  });
});
