import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PromptRefused } from './engine.ts';
import { type ErrorWords, HttpError, type Route } from './exchange.ts';
import { createRouter } from './service.ts';

const words: ErrorWords = {
  refused: (message) => new HttpError(422, { refused: message }),
  broken: (message) => new HttpError(503, { broken: message }),
  brokenStream: (message) => `end: ${message}`,
};

/** A server with these routes; gives the way to ask it, and what it logged. */
async function serve(routes: readonly Omit<Route, 'words'>[]) {
  const logged: string[] = [];
  const options = {
    apiKey: undefined,
    maxBodyBytes: 1000,
    maxReadingBytes: 10_000,
    log: (line: string) => logged.push(line),
  };
  const server = createServer(
    createRouter(
      routes.map((route) => ({ words, ...route })),
      options,
    ),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const ask = async (path: string, body?: string) => {
    const method = body === undefined ? 'GET' : 'POST';
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body ?? null });
    return [response.status, await response.text()];
  };
  return { ask, logged };
}

describe('a path with names', () => {
  it('is found, and tells them without escapes', async () => {
    const { ask } = await serve([
      {
        method: 'GET',
        path: '/m/{model}/v/{version}',
        handle: (exchange) => exchange.reply(200, exchange.params),
      },
    ]);
    expect(await ask('/m/a%2Fb/v/1')).toEqual([200, '{"model":"a/b","version":"1"}']);
    expect(await ask('/m/a%ZZ/v/1?x=1')).toEqual([200, '{"model":"a%ZZ","version":"1"}']);
    for (const path of ['/m//v/1', '/m/a/v', '/m/a/v/1/more']) expect((await ask(path))[0]).toBe(404);
  });
});

describe('a name with text behind it', () => {
  it('is what stands before that text, where there is something', async () => {
    const { ask } = await serve([
      { method: 'GET', path: '/m/{model}:run', handle: (exchange) => exchange.reply(200, exchange.params) },
    ]);
    expect(await ask('/m/a%2Fb:1:run')).toEqual([200, '{"model":"a/b:1"}']);
    for (const path of ['/m/:run', '/m/a', '/m/a:runs', '/m/run']) expect((await ask(path))[0]).toBe(404);
  });
});

describe('a path with a query', () => {
  it('is for requests that have it, among others', async () => {
    const route = (path: string): Omit<Route, 'words'> => ({
      method: 'GET',
      path,
      handle: (exchange) => exchange.reply(200, path),
    });
    const { ask } = await serve([route('/x?alt=sse'), route('/x')]);
    for (const query of ['?alt=sse', '?key=1&alt=sse'])
      expect(await ask(`/x${query}`)).toEqual([200, '/x?alt=sse']);
    for (const query of ['', '?alt=json', '?salt=sse']) expect(await ask(`/x${query}`)).toEqual([200, '/x']);
  });
});

describe('a shared path', () => {
  const route = (name: string): Omit<Route, 'words'> => ({
    method: 'POST',
    path: '/x',
    accepts: (body) => name in body,
    handle: (exchange) => exchange.reply(200, name),
  });

  it('goes to the protocol that knows the body, else to the first', async () => {
    const { ask } = await serve([route('one'), route('two')]);
    expect(await ask('/x', '{"two":1}')).toEqual([200, 'two']);
    expect(await ask('/x', '{"one":1}')).toEqual([200, 'one']);
    for (const body of ['{}', '[]', 'no JSON']) expect(await ask('/x', body)).toEqual([200, 'one']);
  });
});

describe('what goes wrong', () => {
  const route = (handle: Route['handle']): Omit<Route, 'words'> => ({ method: 'GET', path: '/x', handle });
  const broken = new Error('out of luck');

  it('is said in the words of the protocol', async () => {
    const refuse = await serve([
      route(() => {
        throw new PromptRefused('too long');
      }),
    ]);
    expect(await refuse.ask('/x')).toEqual([422, '{"refused":"too long"}']);
    expect(refuse.logged).toEqual([]);
    const fail = await serve([route(() => Promise.reject(broken))]);
    expect(await fail.ask('/x')).toEqual([503, '{"broken":"out of luck"}']);
    expect(fail.logged).toEqual(['the engine failed: out of luck']);
  });

  it('ends a stream that has begun', async () => {
    const { ask } = await serve([
      route((exchange) => {
        exchange.stream().write('one ');
        throw broken;
      }),
    ]);
    expect(await ask('/x')).toEqual([200, 'one end: out of luck']);
  });
});
