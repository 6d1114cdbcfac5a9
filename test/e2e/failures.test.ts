/** Services that misbehave: failed records with the server's words, a grouped table, an exit code that says so. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { closedPort, sseEvents } from '../../src/testing/index.ts';
import {
  aisBench,
  CHAT,
  type ChatServer,
  chatServer,
  DEMO,
  degradedIn,
  emptyFolder,
  type Finished,
  json,
  latest,
  recordsOf,
  SSE,
  streamed,
  words,
} from './support.ts';

const once = ['--num-warmups', '0', '--set', 'models.0.retry=0'];

async function ask(cwd: string, service: string | ChatServer, ...args: readonly string[]): Promise<Finished> {
  const url = typeof service === 'string' ? service : service.url;
  return aisBench(cwd, '--models', CHAT, '--datasets', DEMO, '--url', url, '--batch-size', '8', ...args);
}

/** The rows of the failure table on the screen. */
function failureRows(stdout: string): string {
  return /^Failures\n(.*?)^Dropped or degraded/ms.exec(stdout)?.[1] ?? '';
}

describe('a service that', () => {
  it('refuses', async () => {
    const cwd = emptyFolder();
    const url = `http://127.0.0.1:${await closedPort()}/`;
    const { code, stdout, stderr } = await ask(cwd, url, '--model', 'm', ...once);
    expect(code).toBe(1);
    expect(recordsOf(cwd)).toHaveLength(8);
    for (const record of recordsOf(cwd)) {
      expect(record).toMatchObject({ outcome: 'failed', attempt: 1, failure: { kind: 'connect' } });
      expect(record.failure.message).toContain('ECONNREFUSED');
      expect(record).not.toHaveProperty('outputTokens');
    }
    expect(failureRows(stdout)).toMatch(/^ +8 connect .*ECONNREFUSED/m);
    expect(stderr).toContain('8 of 8 requests failed (100 %), more than --max-error-rate 1 %');
  });

  it('hangs', async () => {
    const cwd = emptyFolder();
    const server = await chatServer(() => ({ ending: 'silent-before-headers' }));
    const limit = ['--set', 'models.0.timeouts.first_token=1'];
    const { code, stdout, stderr } = await ask(cwd, server, ...once, ...limit);
    expect(code).toBe(1);
    expect(recordsOf(cwd).map(({ failure }) => failure)).toEqual(
      Array(8).fill({ kind: 'timeout', message: 'no first token within 1 s' }),
    );
    expect(failureRows(stdout)).toMatch(/^ +8 timeout +no first token within 1 s/m);
    expect(stderr).toContain('first token 1 s');
  });

  it('falls silent inside a stream', async () => {
    const cwd = emptyFolder();
    const silent = { headers: SSE, body: words('Forty'), ending: 'silent-after-body' } as const;
    const server = await chatServer(() => silent);
    const { code } = await ask(
      cwd,
      server,
      ...once,
      '--num-prompts',
      '1',
      '--set',
      'models.0.timeouts.idle=0.5',
    );
    expect(code).toBe(1);
    expect(recordsOf(cwd)[0].failure).toMatchObject({
      kind: 'timeout',
      message: 'the stream fell silent: no further token within 0.5 s',
    });
  });

  it('answers 500 with a body of 5 MB', async () => {
    const cwd = emptyFolder();
    const words = `CUDA error: device-side assert triggered ${'x'.repeat(5 * 1024 * 1024)}`;
    const server = await chatServer(() => json({ error: { message: words } }, 500));
    const { code, stdout, stderr } = await ask(cwd, server, ...once);
    expect(code).toBe(1);
    for (const { failure } of recordsOf(cwd)) {
      expect(failure).toMatchObject({ kind: 'http-status', status: 500 });
      expect(failure.message).toContain('HTTP 500: ');
      expect(failure.message).toContain('CUDA error: device-side assert triggered');
    }
    const records = join(latest(cwd), 'performances/vllm-api-stream-chat/demo_gsm8k_records.jsonl');
    expect(statSync(records).size).toBeLessThan(8 * 4096);
    expect(failureRows(stdout)).toMatch(/^ +8 http-status +500 .*HTTP 500/m);
    expect(stdout.length + stderr.length).toBeLessThan(20_000);
  });

  it.each(['cut-in-chunk', 'cut-after-body'] as const)('cuts the stream (%s)', async (ending) => {
    const cwd = emptyFolder();
    const server = await chatServer(() => ({ headers: SSE, body: words('Forty', '-two'), ending }));
    const { code, stdout } = await ask(cwd, server, ...once);
    expect(code).toBe(1);
    for (const { failure, times } of recordsOf(cwd)) {
      expect(failure.kind).toBe('truncated');
      expect(times.events.kind).toBe('cc');
    }
    expect(failureRows(stdout)).toMatch(/^ +8 truncated +the connection ended inside/m);
    const predictions = join(latest(cwd), 'predictions/vllm-api-stream-chat/demo_gsm8k.jsonl');
    expect(readFileSync(predictions, 'utf8')).toContain('Forty-two');
  });

  it('ends a stream properly, but in the middle of the answer', async () => {
    const cwd = emptyFolder();
    const server = await chatServer(() => ({ headers: SSE, body: words('Forty') }));
    const { code } = await ask(cwd, server, ...once, '--num-prompts', '1');
    expect(code).toBe(1);
    expect(recordsOf(cwd)[0].failure.message).toBe(
      'the stream ended without [DONE] and without a finish reason',
    );
  });

  it('sends an error inside a stream', async () => {
    const cwd = emptyFolder();
    const error = `data: ${JSON.stringify({ error: { message: 'EngineDeadError: out of memory', code: 500 } })}\n\n`;
    const server = await chatServer(() => ({
      headers: SSE,
      body: [...words('Forty'), error, 'data: [DONE]\n\n'],
    }));
    const { code, stdout } = await ask(cwd, server, ...once);
    expect(code).toBe(1);
    for (const { failure } of recordsOf(cwd)) {
      expect(failure).toMatchObject({ kind: 'server-error', message: 'EngineDeadError: out of memory' });
    }
    expect(failureRows(stdout)).toMatch(/^ +8 server-error +EngineDeadError: out of memory/m);
  });
});

describe('failures', () => {
  const someFail = (_: unknown, n: number) =>
    n % 4 === 3 ? json({ message: `request ${n} is too long` }, 400) : streamed('18');

  it('are grouped by cause, numbers aside', async () => {
    const cwd = emptyFolder();
    const { code, stdout } = await ask(cwd, await chatServer(someFail), ...once);
    expect(code).toBe(1);
    expect(failureRows(stdout)).toMatch(/^ +2 http-status +400 HTTP 400: request \d is too long/m);
    expect(stdout).toMatch(/^Failed Requests +2\b/m);
  });

  it('up to --max-error-rate leave the exit code 0, and are told', async () => {
    const cwd = emptyFolder();
    const { code, stdout } = await ask(cwd, await chatServer(someFail), ...once, '--max-error-rate', '25%');
    expect(code).toBe(0);
    expect(failureRows(stdout)).toContain('HTTP 400');
  });
});

describe('retry', () => {
  const busy = () => json({ error: { message: 'busy' } }, 503);

  it.each(['all', 'perf'])('0 sends each request once, 2 at most three times (--mode %s)', async (mode) => {
    const cwd = emptyFolder();
    for (const [retry, sends] of [
      [0, 1],
      [2, 3],
    ] as const) {
      const server = await chatServer(busy);
      const flags = ['--mode', mode, '--num-prompts', '4', '--num-warmups', '0'];
      const { code } = await ask(cwd, server, ...flags, '--set', `models.0.retry=${retry}`);
      expect(code).toBe(1);
      expect(server.asked).toHaveLength(4 * sends);
      const questions = server.asked.map(({ body }) => body);
      const times = [...new Set(questions)].map((one) => questions.filter((body) => body === one).length);
      expect(times).toEqual(Array(4).fill(sends));
      expect(recordsOf(cwd).map(({ attempt }) => attempt)).toEqual(Array(4).fill(sends));
    }
  });

  it('that helps makes a success, reported apart, whose latency runs from the first attempt', async () => {
    const cwd = emptyFolder();
    const server = await chatServer((_, n) => (n === 0 ? busy() : streamed('18')));
    const { code, stdout } = await ask(
      cwd,
      server,
      '--mode',
      'perf',
      '--num-warmups',
      '0',
      '--num-prompts',
      '2',
    );
    expect(code).toBe(0);
    const retried = recordsOf(cwd).find(({ attempt }) => attempt === 2);
    expect(retried).toMatchObject({ outcome: 'ok', earlier: [{ kind: 'http-status', status: 503 }] });
    expect(retried.times.done - retried.times.sent).toBeGreaterThan(200);
    expect(stdout).toMatch(/^Retried requests, from their first attempt: 1; E2EL/m);
    expect(stdout).toMatch(/^E2EL, ms .* 1$/m);
  });

  it('does not repeat what cannot help', async () => {
    const server = await chatServer(() => json({ message: 'bad request' }, 400));
    await ask(emptyFolder(), server, '--num-prompts', '2', '--num-warmups', '0');
    expect(server.asked).toHaveLength(2);
  });
});

describe('a model that has nothing to say', () => {
  const silent = () => {
    const finish = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
    const usage = { choices: [], usage: { prompt_tokens: 7, completion_tokens: 1 } };
    return { headers: SSE, body: sseEvents([finish, usage]) };
  };

  it('is scored: its answers are unextractable, and have no latency', async () => {
    const server = await chatServer(silent);
    const { code, stdout } = await ask(emptyFolder(), server, ...once);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^demo_gsm8k vllm-api-stream-chat +0 +0 +8 +0 +0$/m);
    expect(stdout).toMatch(/^TTFT, ms( +n\/a){7} +0$/m);
  });

  it('fails a load test', async () => {
    const server = await chatServer(silent);
    const { code, stdout } = await ask(emptyFolder(), server, '--mode', 'perf', ...once);
    expect(code).toBe(1);
    expect(failureRows(stdout)).toMatch(/^ +8 bad-reply +the reply is empty/m);
    expect(server.asked).toHaveLength(8);
  });
});

describe('a service without v1/models, and no --model', () => {
  it.each(['answers 404', 'refuses'])(
    'that %s: one message with a cure, nothing is sent, and the last good run stays the latest',
    async (how) => {
      const server = await chatServer(() => streamed('18'));
      const url = how === 'refuses' ? `http://127.0.0.1:${await closedPort()}/` : `${server.url}elsewhere/`;
      const cwd = emptyFolder();
      await ask(cwd, server, ...once, '--num-prompts', '1');
      const good = latest(cwd);
      const sent = server.asked.length;
      const { code, stderr, stdout } = await ask(cwd, url, ...once);
      expect(code).toBe(1);
      expect(latest(cwd)).toBe(good);
      expect(readdirSync(join(cwd, 'outputs/default')).sort()).toEqual([basename(good), 'latest']);
      expect(stderr).toContain("[MODEL-DATA-001] the service did not report its model's name: ");
      expect(stderr).toContain(`  where: ${url}v1/models\n`);
      expect(stderr).toMatch(/^ {2}to do: .*--model$/m);
      expect(stdout).toBe('');
      expect(server.asked).toHaveLength(sent);
    },
  );
});

describe('warm-up', () => {
  it('that nothing answers ends the run before its first request, with the words of the service', async () => {
    const cwd = emptyFolder();
    const server = await chatServer(() => json({ message: 'invalid key' }, 401));
    const { code, stderr, stdout } = await ask(cwd, server, '--num-warmups', '3');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(
      '[TINFER-RUNTIME-001] each of the 3 warm-up requests failed: HTTP 401: invalid key',
    );
    expect(stderr).toMatch(/^ {2}to do: give the key .*; --num-warmups 0 /m);
    expect(server.asked).toHaveLength(3);
    expect(readdirSync(join(cwd, 'outputs/default'))).toEqual([]);
  });

  it('that fails in part is a warning', async () => {
    const server = await chatServer((_, n) => (n === 0 ? json({ message: 'once' }, 400) : streamed('18')));
    const { code, stderr } = await ask(emptyFolder(), server, '--num-warmups', '2', '--num-prompts', '1');
    expect(code).toBe(0);
    expect(stderr).toContain('1 of 2 warm-up requests failed: HTTP 400: once');
  });
});

it('what was retried, cut or ignored stands together at the end of the run, in its files and its page', async () => {
  const cwd = emptyFolder();
  const cut = { choices: [{ index: 0, delta: {}, finish_reason: 'length' }] };
  const replies = [
    json({ error: 'busy' }, 503),
    { headers: SSE, body: [...words('so'), ...sseEvents([cut])] },
  ];
  const server = await chatServer((_, n) => replies[n] ?? streamed('18'));
  const ignored = ['--set', 'models.0.pred_postprocessor={"type":"mine"}'];
  const { stdout } = await ask(cwd, server, '--num-warmups', '0', '--batch-size', '1', ...ignored);
  const section = degradedIn(stdout);
  const told = [/pred_postprocessor has no effect/, /1 request needed a retry/, /1 cut at the length limit/];
  for (const what of told) expect(section).toMatch(what);
  const file = (name: string) =>
    readFileSync(join(latest(cwd), 'summary', name.replace('RUN', basename(latest(cwd)))), 'utf8');
  const kept: { text: string; code: string }[] = JSON.parse(file('degraded_RUN.json'));
  for (const what of told) expect(kept.filter(({ text }) => what.test(text))).toHaveLength(1);
  expect(kept.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['POSTPROCESSOR-UNUSED', 'RETRIED', 'UNSCORED-ANSWERS']),
  );
  expect(file('summary_RUN.md')).toContain('## Dropped or degraded');
});
