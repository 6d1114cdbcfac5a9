/** How a service is reached, through the built command: headers, TLS, proxies, HTTP/2, several servers, adapters, limits. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { pemPath, startHttp2, startMute, startProxy, tlsBefore } from '../support/connections.ts';
import {
  aisBench,
  type ChatServer,
  chatServer,
  DEMO,
  emptyFolder,
  type Finished,
  filesBelow,
  latest,
  planOf,
  recordsOf,
  SSE,
  start,
  streamed,
  words,
} from './support.ts';

const answering = (): Promise<ChatServer> => chatServer(() => streamed('The answer is 4'));

/** A folder with the model config `mine`: a chat model whose further fields are given. */
function folderWith(fields: Readonly<Record<string, unknown>>, files: Record<string, string> = {}): string {
  const model = {
    attr: 'service',
    type: 'VLLMCustomAPIChat',
    abbr: 'mine',
    stream: true,
    retry: 0,
    ...fields,
  };
  return emptyFolder({ 'configs/models/mine.json': JSON.stringify({ models: [model] }), ...files });
}

const run = (
  cwd: string,
  flags: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Finished> =>
  start(cwd, ['--models', 'mine', '--datasets', DEMO, '--mode', 'perf', ...flags], { env }).finished;

/** The file of the run's performances that ends so. */
const performance = (cwd: string, ending: string) =>
  filesBelow(join(latest(cwd), 'performances')).find(({ path }) => path.endsWith(ending))!.content;
const reportOf = (cwd: string) => JSON.parse(performance(cwd, '.json'));
const oks = (cwd: string) => recordsOf(cwd).filter(({ outcome }) => outcome === 'ok').length;

describe('headers', () => {
  it('of the config and of the command line come with every request, and their secrets nowhere else', async () => {
    const server = await answering();
    const cwd = folderWith({
      url: server.url,
      headers: { 'X-Team': 'blue', 'X-Gate': 'key {env:GATE_KEY}', 'x-row': 'file' },
    });
    const flags = ['--header', 'X-Session: {conversation_id}', '--header', 'X-Row: {index}/{turn}'];
    const env = { GATE_KEY: 'gate-secret-77' };
    const { code, stdout, stderr } = await run(cwd, [...flags, '--num-warmups', '0'], env);
    expect([code, stderr]).toEqual([0, expect.stringContaining('8 requests')]);
    const headers = server.asked.map((request) => request.headers);
    expect(new Set(headers.map((one) => one['x-session'])).size).toBe(8);
    expect(headers.map((one) => one['x-row']).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((n) => `${n}/0`));
    for (const one of headers) {
      expect(one).toMatchObject({ 'x-team': 'blue', 'x-gate': 'key gate-secret-77' });
      expect(one.authorization).toBeUndefined();
    }
    expect(server.received[0]).toMatchObject({
      path: '/v1/models',
      headers: { 'x-gate': 'key gate-secret-77' },
    });
    expect(planOf(cwd).models[0].connection.headers).toMatchObject({ 'X-Gate': 'key {env:GATE_KEY}' });
    const written = filesBelow(cwd).map(({ content }) => content);
    for (const page of [stdout, stderr, ...written]) expect(page).not.toContain('gate-secret-77');
  });

  it('that cannot be sent stop the command before anything is', async () => {
    const server = await answering();
    for (const [header, words] of [
      ['X-Team: {team}', 'there is no field {team}'],
      ['X-Team: {env:NOT_SET}', 'the environment variable NOT_SET is not set'],
      ['no header', 'this is no header'],
    ] as const) {
      const { code, stderr } = await run(folderWith({ url: server.url }), ['--header', header]);
      expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
    }
    expect(server.received).toEqual([]);
  });
});

describe('TLS', () => {
  it('trusts the own authority and shows the client certificate', async () => {
    const server = await answering();
    const front = await tlsBefore(server.port, {
      ca: readFileSync(pemPath('ca.pem')),
      requestCert: true,
      rejectUnauthorized: true,
    });
    const tls = {
      ca: pemPath('ca.pem'),
      cert: pemPath('client.pem'),
      key: pemPath('client-encrypted.key'),
      passphrase: '{env:PASS}',
    };
    const cwd = folderWith({ url: `https://localhost:${front.port}/`, tls });
    const { code, stderr } = await run(cwd, [], { PASS: 'open-sesame' });
    expect([code, oks(cwd)]).toEqual([0, 8]);
    expect(stderr).toContain(`connection: trusts ${tls.ca}, shows ${tls.cert}`);
    expect(new Set(front.clients.map(({ subject }) => subject))).toEqual(new Set(['ais_bench tests client']));
    const written = filesBelow(latest(cwd)).map(({ content }) => content);
    for (const page of written) expect(page).not.toMatch(/open-sesame|PRIVATE KEY/);
  });

  it('refuses a server that nobody vouches for, unless it is told not to look', async () => {
    const front = await tlsBefore((await answering()).port);
    const cwd = folderWith({ url: `https://localhost:${front.port}/`, model: 'scripted' });
    const refused = await run(cwd);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/\[TINFER-RUNTIME-001\] the warm-up request failed: .*tls\.ca/);
    const trusting = await run(cwd, ['--insecure']);
    expect([trusting.code, oks(cwd)]).toEqual([0, 8]);
    expect(trusting.stderr).toContain('INSECURE: certificates are not checked');
    expect(trusting.stdout).toContain('INSECURE: the certificates of the service were not checked');
    expect(reportOf(cwd).summary.findings[0]).toMatchObject({ code: 'INSECURE', level: 'degraded' });
    expect(filesBelow(latest(cwd)).find(({ path }) => path.endsWith('.md'))?.content).toContain('INSECURE');
  });

  it('names the file that it cannot use', async () => {
    const { code, stderr } = await run(
      folderWith({ url: 'https://localhost:1/', tls: { ca: 'nowhere.pem' } }),
    );
    expect([code, stderr]).toEqual([2, expect.stringContaining('nowhere.pem cannot be read')]);
  });
});

describe('a proxy of the environment', () => {
  it.each(['http_proxy', 'HTTP_PROXY'])('%s is used, and no_proxy spares it', async (name) => {
    const server = await answering();
    const proxy = await startProxy();
    const cwd = folderWith({ url: server.url });
    const env = { [name]: `http://ann:proxy-word@127.0.0.1:${proxy.port}` };
    const { code, stderr } = await run(cwd, [], env);
    expect(code).toBe(0);
    expect(stderr).toContain(`through the proxy 127.0.0.1:${proxy.port}`);
    const asked = proxy.asked.length;
    expect(asked).toBe(server.received.length);
    for (const { content } of filesBelow(cwd)) expect(content).not.toContain('proxy-word');
    expect((await run(cwd, [], { ...env, NO_PROXY: '127.0.0.1' })).code).toBe(0);
    expect((await run(folderWith({ url: server.url, proxy: '' }), [], env)).code).toBe(0);
    expect(proxy.asked).toHaveLength(asked);
  });

  it('makes tunnels for https', async () => {
    const front = await tlsBefore((await answering()).port);
    const proxy = await startProxy();
    const cwd = folderWith({ url: `https://service.test:${front.port}/`, tls: { ca: pemPath('ca.pem') } });
    expect((await run(cwd, [], { https_proxy: proxy.url })).code).toBe(0);
    expect(new Set(proxy.asked.map(({ line }) => line))).toEqual(
      new Set([`CONNECT service.test:${front.port}`]),
    );
  });
});

it('the demo does not go through a proxy, which could not reach this machine', async () => {
  const env = { http_proxy: 'http://127.0.0.1:1' };
  const { code, stderr } = await start(emptyFolder(), ['demo'], { env }).finished;
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('proxy')]);
});

it('HTTP/2 carries all requests on one connection', async () => {
  const paths: string[] = [];
  const server = await startHttp2(async (stream, headers) => {
    paths.push(headers[':path']!);
    await text(stream);
    const isQuestion = headers[':method'] === 'POST';
    stream.respond({ ':status': 200, ...(isQuestion ? SSE : {}) });
    const reply = isQuestion ? streamed('The answer is 4').body! : [JSON.stringify({ data: [{ id: 'h2' }] })];
    for (const piece of reply) if (typeof piece === 'string') stream.write(piece);
    setTimeout(() => stream.end(), 100);
  });
  const cwd = folderWith({ url: server.url, http2: true, batch_size: 8, tls: { ca: pemPath('ca.pem') } });
  const { code, stderr } = await run(cwd);
  expect([code, oks(cwd)]).toEqual([0, 8]);
  expect(stderr).toContain('connection: HTTP/2');
  expect(paths).toHaveLength(1 + 1 + 8);
  expect(recordsOf(cwd)[0].outputTokens).toEqual({ value: 2, source: 'server' });
});

describe('several servers', () => {
  it('share the cases and are told apart in every report', async () => {
    const [a, b] = [await answering(), await answering()];
    const broken = await chatServer(() => ({ status: 500, body: ['out of memory'] }));
    const cwd = folderWith({});
    const urls = [a, b, broken].flatMap(({ url }) => ['--url', url]);
    const { code, stdout, stderr } = await run(cwd, [
      ...urls,
      '--num-warmups',
      '2',
      '--max-error-rate',
      '50%',
    ]);
    expect(code).toBe(0);
    expect(stderr).toContain('8 requests to 3 servers, round robin:');
    const counts = (url: string) => recordsOf(cwd).filter(({ server }) => server === url).length;
    expect([a, b, broken].map(({ url }) => counts(url)).sort()).toEqual([2, 3, 3]);
    expect(
      recordsOf(cwd).every(({ server, outcome }) => (outcome === 'ok') === (server !== broken.url)),
    ).toBe(true);
    expect(
      [a, b, broken].map(({ received }) => received.filter(({ path }) => path === '/v1/models').length),
    ).toEqual([1, 0, 0]);
    expect(stdout).toMatch(new RegExp(`${a.url} +\\d +0 `));
    expect(stdout).toMatch(new RegExp(`${broken.url} +(\\d) +\\1 +n/a`));
    const { servers } = reportOf(cwd).summary;
    expect(servers.map(({ name }: any) => name).sort()).toEqual([a.url, b.url, broken.url].sort());
    const csv = performance(cwd, '_groups.csv');
    expect(csv.trimEnd().split('\n')).toHaveLength(4);
  });

  it('get no more than their share where the least busy one is asked', async () => {
    const slow = await chatServer(() => ({
      headers: SSE,
      body: [{ pauseMs: 3000 }, ...streamed('4').body!],
    }));
    const quick = await answering();
    const cwd = folderWith({ urls: [slow.url, quick.url], balance: 'least_in_flight', batch_size: 2 });
    expect((await run(cwd, ['--num-warmups', '0'])).code).toBe(0);
    expect(slow.asked.length).toBeLessThanOrEqual(2);
    expect(quick.asked.length).toBeGreaterThanOrEqual(6);
  });
});

describe('adapters', () => {
  const modelsAsked = (server: ChatServer) =>
    server.asked.map(({ body }) => JSON.parse(body).model as string);

  it('are mixed by weight, the same way every time', async () => {
    const server = await answering();
    const lora_mix = [
      { name: 'lora-a', weight: 1 },
      { name: 'lora-b', weight: 1 },
    ];
    const cwd = folderWith({ url: server.url, lora_mix, batch_size: 8 });
    const adapters = () =>
      recordsOf(cwd)
        .map(({ call, adapter }) => [call.index, adapter])
        .sort();
    expect((await run(cwd, ['--num-warmups', '0'])).code).toBe(0);
    const first = adapters();
    expect(new Set(first.map(([, adapter]) => adapter))).toEqual(new Set(['lora-a', 'lora-b']));
    expect(modelsAsked(server).sort()).toEqual(first.map(([, adapter]) => adapter).sort());
    const { stdout, stderr } = await run(cwd);
    expect(adapters()).toEqual(first);
    expect(stderr).toContain('adapters: lora-a 50 %, lora-b 50 % (seed 0)');
    expect(stdout).toMatch(/^lora-a +\d +0 /m);
  });

  it('may be given row by row', async () => {
    const server = await answering();
    const map = JSON.stringify({ 0: 'lora-a', 3: 'lora-b' });
    const kwargs = { generation_kwargs: { lora_data_map_file: 'map.json', temperature: 0 } };
    const cwd = folderWith({ url: server.url, model: 'base', ...kwargs }, { 'map.json': map });
    const { code, stderr } = await run(cwd, ['--num-warmups', '0']);
    expect(code).toBe(0);
    expect(stderr).not.toContain('no effect');
    expect(modelsAsked(server)).toEqual(['lora-a', 'base', 'base', 'lora-b', 'base', 'base', 'base', 'base']);
    expect(server.asked[0]!.body).not.toContain('lora_data_map_file');
    expect(recordsOf(cwd).map(({ adapter }) => adapter ?? 'none')).toEqual(
      modelsAsked(server).map((model) => (model === 'base' ? 'none' : model)),
    );
  });

  it('are never left out because their file is not there', async () => {
    const server = await answering();
    const cwd = folderWith({ url: server.url, generation_kwargs: { lora_data_map_file: 'nowhere.json' } });
    const { code, stderr } = await run(cwd);
    expect([code, stderr]).toEqual([2, expect.stringContaining('nowhere.json')]);
    expect(server.received).toEqual([]);
  });
});

describe('time limits', () => {
  it('are given by flags and shown at the start', async () => {
    const server = await answering();
    const cwd = folderWith({ url: server.url });
    const flags = [
      ['--timeout-connect', '1.5'],
      ['--timeout-first-token', '20'],
      ['--timeout-idle', '3'],
      ['--timeout-total', '0'],
    ];
    const { stderr } = await run(cwd, flags.flat());
    expect(stderr).toContain('time-outs: connect 1.5 s, first token 20 s, idle 3 s, total unlimited');
    expect(planOf(cwd).models[0].timeouts).toMatchObject({ connectMs: 1500, totalMs: 0 });
  });

  it.each([
    ['connect', async () => `https://localhost:${(await startMute()).port}/`, 'no connection within 0.4 s'],
    [
      'first-token',
      async () => (await chatServer(() => ({ headers: SSE, ending: 'silent-after-body' }))).url,
      'no first token within 0.4 s',
    ],
    [
      'idle',
      async () =>
        (await chatServer(() => ({ headers: SSE, body: words('4'), ending: 'silent-after-body' }))).url,
      'no further token within 0.4 s',
    ],
    [
      'total',
      async () =>
        (await chatServer(() => ({ headers: SSE, body: words('4'), ending: 'silent-after-body' }))).url,
      'no complete reply within 0.4 s',
    ],
  ])('%s ends what goes on for ever', async (name, service, words) => {
    const cwd = folderWith({ url: await service(), model: 'scripted', batch_size: 8 });
    const { code } = await run(cwd, [`--timeout-${name}`, '0.4', '--num-warmups', '0']);
    expect(code).toBe(1);
    expect(recordsOf(cwd)).toHaveLength(8);
    for (const { failure } of recordsOf(cwd))
      expect(failure).toMatchObject({ kind: 'timeout', message: expect.stringContaining(words) });
  });

  it('hold for a parser of one’s own that never settles', async () => {
    const server = await answering();
    const cwd = emptyFolder({
      'configs/models/mine.ts': `
        import { VLLMCustomAPIChat } from 'ais-bench';
        class Hanging extends VLLMCustomAPIChat {
          parseStreamResponse(): Promise<void> { return new Promise(() => {}); }
        }
        export const models = [
          { attr: 'service', type: Hanging, abbr: 'mine', stream: true, url: '${server.url}', batch_size: 8 },
        ];`,
    });
    const { code } = await run(cwd, ['--timeout-total', '0.5', '--num-warmups', '0']);
    expect(code).toBe(1);
    expect(recordsOf(cwd)).toHaveLength(8);
    for (const { failure } of recordsOf(cwd))
      expect(failure).toMatchObject({
        kind: 'model-bug',
        message: 'parseStreamResponse has not settled: no complete reply within 0.5 s',
      });
  });
});

it('a wrong way to reach the service is told with its key', async () => {
  for (const [fields, key] of [
    [{ proxy: 'socks5://p' }, 'models.0.proxy'],
    [{ url: 'a', urls: ['b'] }, 'models.0.urls'],
    [{ lora_mix: [] }, 'models.0.lora_mix'],
  ] as const) {
    const cwd = folderWith(fields);
    const { code, stderr } = await aisBench(cwd, '--models', 'mine', '--datasets', DEMO);
    expect([code, stderr]).toEqual([2, expect.stringContaining(key)]);
  }
});
