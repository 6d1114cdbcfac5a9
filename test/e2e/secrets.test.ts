/** A key is used, and is in nothing that is written or shown, whatever the server does with it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  aisBench,
  CHAT,
  chatServer,
  DEMO,
  emptyFolder,
  type Finished,
  filesBelow,
  json,
  SSE,
  serve,
  start,
  streamed,
  words,
} from './support.ts';

const KEY = 'sk-Very+Secret/key"1234=';

/** What a page holds compressed. */
function packedIn({ path, content }: { path: string; content: string }): { path: string; content: string }[] {
  if (!path.endsWith('.html')) return [];
  const blocks = [...content.matchAll(/<script type="application\/octet-stream"[^>]*>([^<]+)<\/script>/g)];
  expect(blocks.length).toBeGreaterThan(0);
  return blocks.map(([, base64 = '']) => ({
    path: `${path}, inside`,
    content: inflateRawSync(Buffer.from(base64, 'base64')).toString('utf8'),
  }));
}

function expectNowhere(cwd: string, { stdout, stderr }: Finished): void {
  const written = filesBelow(join(cwd, 'outputs')).flatMap((file) => [file, ...packedIn(file)]);
  expect(written.length).toBeGreaterThan(4);
  for (const secret of [KEY, JSON.stringify(KEY).slice(1, -1), encodeURIComponent(KEY), 'Very+Secret']) {
    expect(stdout).not.toContain(secret);
    expect(stderr).not.toContain(secret);
    expect(written.filter(({ content }) => content.includes(secret)).map(({ path }) => path)).toEqual([]);
  }
}

it('opens a service that asks for it', async () => {
  const { url } = await serve('--api-key', KEY);
  const cwd = emptyFolder();
  const flags = [
    '--models',
    CHAT,
    '--datasets',
    DEMO,
    '--url',
    url,
    '--num-prompts',
    '2',
    '--batch-size',
    '2',
  ];
  const without = await aisBench(cwd, ...flags, '--num-warmups', '0');
  expect(without.code).toBe(1);
  expect(without.stderr).toContain('to do: give the key of the service with --api-key');
  const result = await aisBench(cwd, ...flags, '--num-warmups', '0', '--api-key', KEY);
  expect(result.code).toBe(0);
  expectNowhere(cwd, result);
});

it('is masked where the server echoes it: error body, header words, stream, answer', async () => {
  const cwd = emptyFolder();
  const replies = [
    json({ error: { message: `Incorrect API key provided: ${KEY}.`, type: 'auth' } }, 401),
    { status: 500, body: [`<html>Authorization: Bearer ${KEY}</html>`] },
    { status: 418, body: [`authorization=${encodeURIComponent(KEY)}`] },
    { headers: SSE, body: [...words('so'), `data: {"error": ${JSON.stringify(`key ${KEY}`)}}\n\n`] },
    streamed(`Your key is ${KEY}. The answer is 18`),
  ];
  const server = await chatServer((_, n) => replies[n % replies.length]!);
  const result = await aisBench(
    cwd,
    '--models',
    CHAT,
    '--datasets',
    DEMO,
    '--url',
    server.url,
    '--num-prompts',
    '5',
    '--num-warmups',
    '5',
    '--set',
    'models.0.retry=0',
    '--api-key',
    KEY,
  );
  expect(result.code).toBe(1);
  expect(server.asked[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  expect(result.stdout).toMatch(/HTTP 401: Incorrect API key provided: .*\n +\*\*\*\./);
  expectNowhere(cwd, result);
});

it('is masked when the service refuses to tell its name', async () => {
  const cwd = emptyFolder();
  const server = await chatServer(() => streamed('18'));
  const url = `${server.url}${encodeURIComponent(KEY)}/?token=${encodeURIComponent(KEY)}`;
  const result = await aisBench(cwd, '--models', CHAT, '--datasets', DEMO, '--url', url, '--api-key', KEY);
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('[MODEL-DATA-001]');
  for (const secret of [KEY, encodeURIComponent(KEY)]) expect(result.stderr).not.toContain(secret);
});

it('is masked in complaints about the config', async () => {
  const cwd = emptyFolder({
    'configs/models/mine.yaml': `models:\n  - attr: service\n    api_key: [${JSON.stringify(KEY)}]\n`,
  });
  for (const args of [
    ['--models', 'mine'],
    ['--models', CHAT, '--set', `models.7.api_key=${KEY}`],
    ['--models', CHAT, '--set', `models.0.apikey=${KEY}`],
    ['--models', CHAT, '--set', `models.0.api_key={"a": ${JSON.stringify(KEY)}}`],
  ]) {
    const { code, stdout, stderr } = await aisBench(cwd, ...args, '--datasets', DEMO);
    expect(code).toBe(2);
    expect(stdout + stderr).not.toContain('Very+Secret');
  }
});

describe('a key that is kept elsewhere', () => {
  it.each(['env', 'file'])(
    'is read from %s, and is neither in the config nor in what is shown or written',
    async (source) => {
      const { url } = await serve('--api-key', KEY);
      const cwd = emptyFolder({ 'run/key': `${KEY}\n` });
      const given = source === 'env' ? '{env:MY_KEY}' : '{file:run/key}';
      const args = [
        '--models',
        CHAT,
        '--datasets',
        DEMO,
        '--url',
        url,
        '--num-prompts',
        '2',
        '--num-warmups',
        '0',
      ];
      const result = await start(cwd, [...args, '--api-key', given], { env: { MY_KEY: KEY } }).finished;
      expect([result.code, result.stderr]).toEqual([0, expect.anything()]);
      expectNowhere(cwd, result);
    },
  );

  it.each([
    ['{env:NOT_THERE}', 'the environment variable NOT_THERE is not set'],
    ['{file:not-there}', 'the file cannot be read'],
    ['{file:two}', 'does not hold one line'],
  ])('%s is refused', async (given, why) => {
    const cwd = emptyFolder({ two: 'a\nb\n' });
    const args = ['--models', CHAT, '--datasets', DEMO, '--host-port', '9', '--api-key', given];
    const { code, stderr } = await aisBench(cwd, ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
  });
});

it.each([
  ['throws in a timer', "setTimeout(() => { throw new Error('lost ' + this.options.apiKey); });"],
  ['leaves a rejection alone', "void Promise.reject(new Error('lost ' + this.options.apiKey));"],
])('is masked when the process dies of a class that %s, and no dump is left', async (_, how) => {
  const server = await chatServer(() => streamed('18'));
  const model = {
    attr: 'service',
    type: 'Breaking',
    abbr: 'breaking',
    model: 'm',
    stream: true,
    url: server.url,
  };
  const cwd = emptyFolder({
    'configs/models/breaking.json': JSON.stringify({ models: [{ ...model, max_out_len: 9, batch_size: 1 }] }),
    'models/breaking.mjs': `import { VLLMCustomAPIChat } from 'ais-bench';
export class Breaking extends VLLMCustomAPIChat {
  async parseStreamResponse(data, output) {
    ${how}
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}`,
  });
  const args = ['--models', 'breaking', '--datasets', DEMO, '--num-prompts', '1', '--num-warmups', '0'];
  const result = await start(cwd, [...args, '--debug', '--api-key', KEY], {
    env: { NODE_OPTIONS: '--report-uncaught-exception' },
  }).finished;
  expect([result.code, result.stderr]).toEqual([1, expect.stringContaining('lost ***')]);
  expectNowhere(cwd, result);
  expect(readdirSync(cwd).sort()).toEqual(['configs', 'models', 'outputs']);
});
