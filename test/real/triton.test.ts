/** Triton 2.51 with a text model that says the prompt's words over and over. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TritonCustomAPI } from '../../src/models/api/triton-custom-api.ts';
import { askPort } from '../../src/testing/replay.ts';
import { emptyFolder, start } from '../e2e/support.ts';
import { expectAllOk, expectPerformanceRun, type Run, run } from './runs.ts';
import { REAL_HOME, type RealServer, startServer } from './server.ts';

const WHOLE = 'triton_api_general';
const STREAM = 'triton_stream_api_general';
/** The shipped config finds out; stock backends have the fields beside the text, AISBench and MindIE in `parameters`. */
const BODIES = ['auto', 'parameters', 'top_level'] as const;

let triton: RealServer;
beforeAll(async () => {
  triton = await startServer('triton', (port) => ({
    args: [fileURLToPath(new URL('triton_model.py', import.meta.url)), String(port)],
    env: { LD_LIBRARY_PATH: [pythonLibraries(), process.env['LD_LIBRARY_PATH'] ?? ''].join(':') },
    readyPath: 'v2/models/echo/ready',
  }));
});
afterAll(() => triton?.stop());

/** Triton's own interpreter must find the library of the Python that the environment was made of. */
function pythonLibraries(): string {
  const code = 'import sysconfig; print(sysconfig.get_config_var("LIBDIR"))';
  return execFileSync(join(REAL_HOME, 'triton', 'bin', 'python'), ['-c', code], { encoding: 'utf8' }).trim();
}

const named = ['model_name=echo'];

it('is Triton', async () => {
  expect(await (await fetch(`${triton.url}v2`)).json()).toMatchObject({ name: 'triton', version: '2.51.0' });
});

describe.each(BODIES)('with parameters_at %s', (at) => {
  const set = at === 'auto' ? named : [...named, `parameters_at=${at}`];
  let whole: Run;

  it('answers the eight demo prompts, whole', async () => {
    whole = await run(triton.url, WHOLE, { set });
    expectAllOk(whole, 8);
    expect(whole.stdout).toMatch(/^demo_gsm8k accuracy triton-api-general /m);
  });

  it('gives the same texts streamed', async () => {
    const stream = await run(triton.url, STREAM, { set });
    expectAllOk(stream, 8);
    expect(stream.answers).toEqual(whole.answers);
    // The model says one word of the prompt an event.
    expect(stream.records.map(({ times }) => times.events.at.length)).toEqual(Array(8).fill(24));
    stream.answers.forEach((answer, index) => {
      const words: string[] = stream.predictions[index].origin_prompt.split(/\s+/);
      expect(answer.split(' ')).toEqual(Array.from({ length: 24 }, (_, n) => words[n % words.length]));
    });
  });

  it('runs a load test, whole and streamed', async () => {
    await expectPerformanceRun(triton.url, WHOLE, false, { set });
    await expectPerformanceRun(triton.url, STREAM, true, { set });
  });

  it('counts no tokens without a tokenizer, and no first token after the last', async () => {
    const { records, stdout } = await run(triton.url, STREAM, { set, mode: 'perf' });
    for (const { outputTokens } of records) expect(outputTokens).toBeUndefined();
    expect(stdout).toMatch(/^OutputTokens +n\/a/m);
    // On a busy machine all words of an answer may come in one read.
    const [ttft, e2el] = ['TTFT', 'E2EL'].map(
      (name) => new RegExp(`^${name}, ms +(\\S+)`, 'm').exec(stdout)![1]!,
    );
    expect(ttft === 'n/a' || Number(ttft) < Number(e2el), `${ttft}, ${e2el}`).toBe(true);
    expect(stdout).toContain('no output token was counted');
  });
});

/** Passes on everything but what Triton says of its models. */
async function withoutDescriptions(target: string): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((incoming, answer) => {
    if (incoming.method === 'GET') return answer.writeHead(404).end();
    const { method, headers } = incoming;
    const passed = request(new URL(incoming.url!, target), { method, headers }, (reply) => {
      answer.writeHead(reply.statusCode!, reply.headers);
      reply.pipe(answer);
    });
    return incoming.pipe(passed);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

describe('a backend that nobody tells to stream', () => {
  let silent: Awaited<ReturnType<typeof withoutDescriptions>>;
  beforeAll(async () => {
    silent = await withoutDescriptions(triton.url);
  });
  afterAll(() => silent?.close());

  it('gives one event an answer, which has no TTFT, TPOT or ITL', async () => {
    const { records, stdout, code } = await run(silent.url, STREAM, { set: named, mode: 'perf' });
    expect(code).toBe(0);
    expect(records.map(({ severalTokens, times }) => [severalTokens, times.events.at.length])).toEqual(
      Array(8).fill([true, 1]),
    );
    for (const name of ['TTFT', 'TPOT', 'ITL']) expect(stdout).toMatch(new RegExp(`^${name}, ms +n/a`, 'm'));
    expect(stdout).toContain('no first token was seen');
    expect(stdout.replace(/\s+/g, ' ')).toContain('8 of 8 streamed answers came whole, in');
  });

  it('is found by ais_bench check', async () => {
    const flags = ['--url', silent.url, ...named.flatMap((value) => ['--set', `models.0.${value}`])];
    const { stdout, code } = await start(emptyFolder(), ['check', STREAM, ...flags]).finished;
    expect(stdout.replace(/\s+/g, ' ')).toContain('the whole answer came in one event');
    expect(code).toBe(1);
  });
});

describe.each(['parameters', 'top_level'])('over gRPC, with the parameters at %s', (at) => {
  const set = ['model=echo', `parameters_at=${at}`];
  /** The port after that of HTTP. */
  const overGrpc = (config: string) => {
    const url = new URL(triton.url);
    url.port = String(Number(url.port) + 1);
    return run(url.href, config, { set });
  };

  it('gives the texts of HTTP, whole and streamed', async () => {
    const http = await run(triton.url, WHOLE, { set: [...named, `parameters_at=${at}`] });
    expectAllOk(http, 8);
    const whole = await overGrpc('triton_grpc');
    expectAllOk(whole, 8);
    expect(whole.answers).toEqual(http.answers);
    const stream = await overGrpc('triton_grpc_stream');
    expectAllOk(stream, 8);
    expect(stream.answers).toEqual(http.answers);
    expect(stream.records.map(({ times }) => times.events.at.length)).toEqual(Array(8).fill(24));
    const httpStream = await run(triton.url, STREAM, { set: [...named, `parameters_at=${at}`] });
    expect(stream.answers).toEqual(httpStream.answers);
  });
});

it.each([WHOLE, STREAM])('says in its own words that it has no such model (%s)', async (config) => {
  const { code, records } = await run(triton.url, config, { set: ['model_name=nope', 'retry=0'] });
  expect(code).toBe(1);
  expect(records).toHaveLength(8);
  for (const record of records) {
    expect(record).toMatchObject({ outcome: 'failed', failure: { kind: 'http-status', status: 404 } });
    expect(record.failure.message).toContain("Request for unknown model: 'nope' is not found");
  }
});

it('wraps an error in a reply with status 200, which is a failure', async () => {
  // A whole reply of a model that is told to stream, which a config may not ask for: Triton's `generate` has room for one response.
  const options = { stream: false, model: 'echo', generationKwargs: { stream: true } };
  const port = Number(new URL(triton.url).port);
  const { failure } = await askPort((all) => new TritonCustomAPI(all), port, { options });
  expect(failure).toMatchObject({ kind: 'server-error' });
  expect(failure?.message).toContain('generate expects model to produce exactly 1 response');
});
