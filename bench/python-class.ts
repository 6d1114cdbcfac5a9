/**
 * What a user's Python class costs, as a multiple of a shipped class: CPU of this process and of the Python worker per event, in turns in
 * the same run; and whether 48 streams of 100 events/s are held. Options: `--events N…` an answer (1000 and 16000), `--streams N`
 * (8), `--rounds N` (5), `--python PATH`. Ends with 1 where a limit is missed.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { BaseAPIModel } from '../src/contract/base-api-model.ts';
import { pythonAPIModelClass } from '../src/models/api/python-api-model.ts';
import { VLLMCustomAPIChat } from '../src/models/api/vllm-custom-api-chat.ts';
import { modelOptions } from '../src/testing/index.ts';
import { callService } from '../src/transport/call-service.ts';
import { RequestDeadlines } from '../src/transport/deadlines.ts';
import { http1Transport } from '../src/transport/http1-transport.ts';
import { median, rounds as print, quantile, row, title } from './load/table.ts';

const MOST = 3;
const HELD = { streams: 48, perSecond: 100, seconds: 10 } as const;

/** The guide's class with its bodies filled in as its reader would. */
const CLASS = `
from ais_bench.benchmark.models import BaseAPIModel

class MyCustomAPI(BaseAPIModel):
    def __init__(self, path="", **options):
        super().__init__(path=path, **options)
        self.url = self._get_url()

    def _get_url(self):
        return self.base_url + "v1/chat/completions"

    async def get_request_body(self, input, max_out_len, output, **args):
        output.input = input
        return {"messages": input, "stream": self.stream, "max_tokens": max_out_len, **self.generation_kwargs}

    async def parse_stream_response(self, data, output):
        for item in data.get("choices", []):
            if item["delta"].get("content"):
                output.content += item["delta"]["content"]
            if item["delta"].get("reasoning_content"):
                output.reasoning_content += item["delta"]["reasoning_content"]
        if data.get("usage"):
            output.output_tokens = data["usage"]["completion_tokens"]
`;

/** Streams as many events as are requested, as fast as they are read or at a pace. */
function serve(): void {
  const event = (n: number) =>
    `data: {"id":"chatcmpl-0f3b7f1f2b4d4a0b","object":"chat.completion.chunk","created":1764600000,"model":"m","choices":[{"index":0,"delta":{"content":" word${n % 10}"},"logprobs":null,"finish_reason":null}]}\n\n`;
  const end = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    const { events, perSecond } = JSON.parse(body) as { events: number; perSecond: number };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const started = performance.now();
    for (let n = 0; n < events; ) {
      if (perSecond > 0) {
        response.write(event(n++));
        const due = started + (1000 * n) / perSecond - performance.now();
        if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
      } else {
        // One event a write, as servers do.
        if (!response.write(event(n++))) await once(response, 'drain');
        await new Promise(setImmediate);
      }
    }
    response.end(end);
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as { port: number }).port));
}

interface Load {
  readonly events: number;
  readonly streams: number;
  readonly perSecond: number;
}

interface Cost {
  /** CPU of both processes, µs an event. */
  readonly perEvent: number;
  readonly worker: number;
  readonly seconds: number;
  /** 99th percentile of how late this process' event loop ran, ms. */
  readonly lag: number;
}

class Client {
  readonly #model: BaseAPIModel;
  readonly #worker: () => number;

  constructor(model: BaseAPIModel, worker: () => number) {
    this.#model = model;
    this.#worker = worker;
  }

  async send({ streams, ...body }: Load): Promise<Cost> {
    const clock = () => performance.now();
    const transport = http1Transport(clock, { connections: streams } as never);
    const deadlines = new RequestDeadlines(clock, { connectMs: 0, firstTokenMs: 0, idleMs: 0, totalMs: 0 });
    const wire = { transport, deadlines, clock, signal: new AbortController().signal };
    const lags: number[] = [];
    let last = clock();
    const watch = setInterval(() => {
      lags.push(clock() - last - 10);
      last = clock();
    }, 10);
    const [own, worker, started] = [process.cpuUsage(), this.#worker(), clock()];
    const args = () => ({ index: 0, repetition: 0, turn: 0, conversationId: 'c' });
    const attempts = await Promise.all(
      Array.from({ length: streams }, () =>
        callService(withBody(this.#model, body), { prompt: 'Go on', maxOutLen: 9, args: args() }, wire),
      ),
    );
    const seconds = (clock() - started) / 1000;
    const { user, system } = process.cpuUsage(own);
    const workerUs = this.#worker() - worker;
    clearInterval(watch);
    await transport.close();
    for (const { failure, output } of attempts) {
      if (failure !== undefined) throw new Error(`${failure.message}\n${failure.bodyExcerpt ?? ''}`);
      if (output.content.length !== 6 * body.events) throw new Error('an answer is not whole');
    }
    const count = streams * body.events;
    return {
      perEvent: (user + system + workerUs) / count,
      worker: workerUs / count,
      seconds,
      lag: quantile(lags, 0.99),
    };
  }
}

/** The model, whose requests say what the server is to do. */
function withBody(model: BaseAPIModel, body: object): BaseAPIModel {
  const build = model.getRequestBody.bind(model);
  return new Proxy(model, {
    get: (target, key) => {
      if (key === 'getRequestBody')
        return async (...given: Parameters<typeof build>) => ({
          ...((await build(...given)) as object),
          ...body,
        });
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** CPU of the processes that this one started last, µs. */
function workerCpu(known: ReadonlySet<string>): () => number {
  return () =>
    children()
      .filter((pid) => !known.has(pid))
      .reduce((sum, pid) => sum + cpuOf(pid), 0);
}

function children(): string[] {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && parentOf(pid) === String(process.pid));
}

function statOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return [];
  }
}

const parentOf = (pid: string) => statOf(pid)[1];
/** In ticks of 10 ms. */
const cpuOf = (pid: string) => 1e4 * (Number(statOf(pid)[11] ?? 0) + Number(statOf(pid)[12] ?? 0));

async function measure(flags: Flags, server: ChildProcess, folder: string): Promise<boolean> {
  const [port] = (await once(server, 'message')) as [number];
  const options = { ...modelOptions(), stream: true, hostIp: '127.0.0.1', hostPort: port, model: 'm' };
  writeFileSync(join(folder, 'my_custom_api.py'), CLASS);
  const place = { file: join(folder, 'my_custom_api.py'), name: 'MyCustomAPI', folder, extraOptions: [] };
  const Mine = pythonAPIModelClass({ ...place, parsesText: false, parsesStream: true });
  const python = new Mine({ ...options, ...(flags.python === undefined ? {} : { python: flags.python }) });
  const known = new Set(children());
  const clients = {
    shipped: new Client(new VLLMCustomAPIChat(options), () => 0),
    python: new Client(python, workerCpu(known)),
  };
  const met: boolean[] = [];
  for (const events of flags.events) {
    const load = { events, streams: flags.streams, perSecond: 0 };
    title(`${flags.streams} streams as fast as they are read, one event a write, ${events} events an answer`);
    met.push(await ratio(clients, load, flags.rounds));
  }
  const { streams, perSecond, seconds } = HELD;
  title(`${streams} streams × ${perSecond} events/s, ${seconds} s`);
  const load = { streams, perSecond, events: perSecond * seconds };
  met.push(await ratio(clients, load, 3));
  const held = await clients.python.send(load);
  met.push(row('  time of the answers, of what the server takes', held.seconds / seconds, '', 1.05));
  print('event loop lag P99, ms', [held.lag]);
  await python.close?.();
  return met.every(Boolean);
}

async function ratio(
  clients: Readonly<Record<'shipped' | 'python', Client>>,
  load: Load,
  count: number,
): Promise<boolean> {
  const costs = { shipped: [] as Cost[], python: [] as Cost[] };
  for (let round = 0; round <= count; round++) {
    for (const kind of round % 2 === 0
      ? (['shipped', 'python'] as const)
      : (['python', 'shipped'] as const)) {
      const cost = await clients[kind].send(load);
      // The first round, in which V8 compiles, does not count.
      if (round > 0) costs[kind].push(cost);
    }
  }
  const shipped = costs.shipped.map(({ perEvent }) => perEvent);
  const python = costs.python.map(({ perEvent }) => perEvent);
  print('shipped class, CPU µs an event', shipped);
  print('Python class, CPU µs an event', python);
  print(
    '  of these in the worker',
    costs.python.map(({ worker }) => worker),
  );
  const ratios = python.map((cost, n) => cost / shipped[n]!);
  print('ratio', ratios);
  return row('  Python class ÷ shipped class', median(ratios), '', MOST);
}

interface Flags {
  readonly events: readonly number[];
  readonly streams: number;
  readonly rounds: number;
  readonly python: string | undefined;
}

if (process.argv[2] === 'serve') serve();
else {
  const { values } = parseArgs({
    options: {
      events: { type: 'string', multiple: true, default: ['1000', '16000'] },
      streams: { type: 'string', default: '8' },
      rounds: { type: 'string', default: '5' },
      python: { type: 'string' },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'ais-bench-python-class-'));
  const server = fork(fileURLToPath(import.meta.url), ['serve']);
  const flags = {
    events: values.events.map(Number),
    streams: Number(values.streams),
    rounds: Number(values.rounds),
    python: values.python,
  };
  try {
    if (!(await measure(flags, server, folder))) process.exitCode = 1;
  } finally {
    server.kill();
    rmSync(folder, { recursive: true });
  }
}
