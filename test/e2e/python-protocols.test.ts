/** Python classes over shipped ones, in AISBench's checkout, and for protocols that are not SSE with JSON, through the command line. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CHECKOUT } from '../support/aisbench-checkout.ts';
import {
  aisBench,
  type ChatServer,
  chatServer,
  DEMO,
  emptyFolder,
  json,
  recordsOf,
  streamed,
} from './support.ts';

const config = (type: string, more = '') => `
models:
  - attr: service
    type: ${type}
    abbr: mine
    stream: true
    max_out_len: 33
    batch_size: 2
    generation_kwargs: { top_k: 1 }
    ${more}
`;

const run = (cwd: string, { url }: ChatServer, ...args: readonly string[]) =>
  aisBench(cwd, '--models', 'mine', '--datasets', DEMO, '--url', url, ...args);

const OVER_SHIPPED = `
from ais_bench.benchmark.models import VLLMCustomAPIChat


class Mine(VLLMCustomAPIChat):
    async def get_request_body(self, input, max_out_len, output, **args):
        body = await super().get_request_body(input, max_out_len, output, **args)
        output.extra_details_data["roles"] = [message["role"] for message in body["messages"]]
        return {**body, "mine": True}
`;

const shipped = () => chatServer(({ body }) => streamed(JSON.parse(body).mine ? 'The answer is 144' : 'no'));

describe('a Python class over a shipped one', () => {
  it.each([[[]], [['--mode', 'perf']]])('is a service, its parsers are inherited %j', async (args) => {
    const server = await shipped();
    const cwd = emptyFolder({ 'models/mine.py': OVER_SHIPPED, 'configs/models/mine.yaml': config('Mine') });
    const { code, stdout, stderr } = await run(cwd, server, ...args);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    if (args.length === 0) expect(stdout).toMatch(/^demo_gsm8k accuracy mine +12\.50 8 /m);
    const body = JSON.parse(server.asked[0]!.body);
    expect(body).toMatchObject({ mine: true, model: 'scripted', max_tokens: 33, top_k: 1, stream: true });
    expect(body.messages[0]).toMatchObject({ role: 'user', content: expect.any(String) });
    for (const record of recordsOf(cwd))
      expect(record).toMatchObject({ outcome: 'ok', outputTokens: { value: 2, source: 'server' } });
  });

  it.each([
    ['models', 'from ais_bench.benchmark.models.api_models.mine import Mine\n'],
    ['models.api_models', 'from .mine import Mine\n'],
  ])('is found in a checkout of AISBench that names it in the __init__.py of %s', async (part, line) => {
    const init = `ais_bench/benchmark/${part.replace('.', '/')}/__init__.py`;
    const server = await shipped();
    const base = `from ais_bench.benchmark.${part} import Mine as Base\n\n\nclass Heir(Base):\n    pass\n`;
    const cwd = emptyFolder({
      ...CHECKOUT,
      [init]: `${CHECKOUT[init]}${line}`,
      'ais_bench/benchmark/models/api_models/mine.py': OVER_SHIPPED,
      'ais_bench/benchmark/models/api_models/heir.py': base,
      'ais_bench/benchmark/configs/models/mine.py': `from ais_bench.benchmark.models import Heir

models = [dict(attr="service", type=Heir, abbr="mine", stream=True, max_out_len=33, batch_size=2, generation_kwargs=dict(top_k=1))]
`,
    });
    const { code, stderr } = await run(cwd, server);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(JSON.parse(server.asked[0]!.body)).toMatchObject({ mine: true });
  });
});

const LINES = `
import hashlib, json
from ais_bench.benchmark.models import BaseAPIModel


class Mine(BaseAPIModel):
    def get_framing(self): return "ndjson"
    def get_url(self, **args): return f"{self.base_url}rows/{args['index']}"
    def get_headers(self, **args): return {"X-Row": args["index"]}
    def sign_request(self, request): return {"X-Sum": hashlib.sha256(request["body"]).hexdigest()}
    async def get_request_body(self, input, max_out_len, output, **args): return json.dumps({"say": "144"}).encode()
    async def parse_stream_response(self, data, output): output.content += data["piece"]
`;

const BYTES = `
from ais_bench.benchmark.models import BaseAPIModel


class Splitter:
    def __init__(self): self.rest = b""
    def push(self, data):
        if data == b"!": raise ValueError("this is no frame")
        *frames, self.rest = (self.rest + data).split(b"\\0")
        return frames
    def end(self):
        if self.rest: raise ValueError("the last frame is cut")
        return []


class Mine(BaseAPIModel):
    chunks_are_tokens = False
    def get_framing(self): return "bytes"
    def make_splitter(self): return Splitter()
    def _get_url(self): return self.base_url + "frames"
    def get_method(self, **args): return "PUT"
    def get_request_body(self, input, max_out_len, output, **args): return input
    def parse_stream_response(self, frame, output): output.content += frame.decode()
    def stream_is_complete(self, output, saw_done): return output.content.endswith(".")
`;

const JOBS = `
from ais_bench.benchmark.models import BaseAPIModel


class Mine(BaseAPIModel):
    def _get_url(self): return self.base_url + "jobs"
    def get_request_body(self, input, max_out_len, output, **args): return {"index": args["index"]}
    async def get_next_request(self, data, output, **args):
        output.extra_details_data["polls"] = output.extra_details_data.get("polls", 0) + 1
        if data.get("text") is not None: return None
        return {"url": f"/jobs/{data['id']}", "method": "POST", "body": {"row": args["index"]}, "after_ms": 1}
    def parse_text_response(self, data, output): output.content = data["text"]
    def parse_stream_response(self, data, output): output.content += data.get("text") or ""
`;

describe('a Python file with a class and no config', () => {
  it('is run with the defaults, as a TypeScript file is', async () => {
    const server = await shipped();
    const cwd = emptyFolder({ 'mine.py': OVER_SHIPPED });
    const args = ['--models', './mine.py', '--datasets', DEMO, '--url', server.url, '--mode', 'perf'];
    const { code, stderr } = await aisBench(cwd, ...args);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(JSON.parse(server.asked[0]!.body)).toMatchObject({ mine: true, stream: true });
    for (const { call } of recordsOf(cwd)) expect(call.model).toBe('mine');
  });
});

async function runs(source: string, server: ChatServer, ...args: readonly string[]): Promise<string> {
  const cwd = emptyFolder({ 'models/mine.py': source, 'configs/models/mine.yaml': config('Mine') });
  const { code, stderr, stdout } = await run(cwd, server, ...args);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout).toMatch(/^demo_gsm8k accuracy mine +12\.50 8 /m);
  for (const record of recordsOf(cwd)) expect(record).toMatchObject({ outcome: 'ok' });
  return cwd;
}

describe('a Python class says', () => {
  it('how a body is cut, where each request goes, and what signs it', async () => {
    const server = await chatServer(({ body, path, headers }) => {
      expect(headers['x-sum']).toBe(createHash('sha256').update(body).digest('hex'));
      expect(path).toBe(`/rows/${headers['x-row']}`);
      return {
        headers: { 'content-type': 'application/x-ndjson' },
        body: ['{"piece":"The answer is"}\n{"pie', 'ce":" 144"}\n'],
      };
    });
    await runs(LINES, server, '--num-warmups', '0');
    expect(new Set(server.asked.map(({ path }) => path)).size).toBe(8);
  });

  it('how it cuts the bytes of a body itself, sent by another method', async () => {
    const server = await chatServer(({ method, body }) => {
      expect([method, body.length > 20]).toEqual(['PUT', true]);
      return {
        headers: { 'content-type': 'application/octet-stream' },
        body: ['The an', 'swer\0 is', { pauseMs: 50 }, '\0 144\0.\0'],
      };
    });
    const cwd = await runs(BYTES, server);
    for (const { times } of recordsOf(cwd)) {
      // "The answer", then what one read completed: an event each, with one stamp.
      expect([times.events.kind, times.events.shared]).toEqual(['cccc', '0011']);
      expect(times.events.at.slice(2)).toEqual([0, 0]);
    }
  });

  it('that a body which ends inside a frame, or too early, is none', async () => {
    for (const [body, kind, words] of [
      [
        ['The answer\0 is'],
        'truncated',
        'the stream ended inside a frame: ValueError: the last frame is cut',
      ],
      [['The answer\0'], 'truncated', 'the stream ended'],
      [
        ['The answer\0', '!'],
        'bad-reply',
        'the reply cannot be cut into frames: ValueError: this is no frame',
      ],
      [['', ''], 'bad-reply', 'the stream ended without a single frame'],
    ] as const) {
      const server = await chatServer(() => ({ headers: {}, body: [...body] }));
      const cwd = emptyFolder({
        'models/mine.py': BYTES,
        'configs/models/mine.yaml': config('Mine', 'retry: 0'),
      });
      const { code } = await run(cwd, server, '--num-warmups', '0');
      expect(code).toBe(1);
      for (const { failure } of recordsOf(cwd)) {
        expect(failure.kind).toBe(kind);
        expect(failure.message).toContain(words);
        if (kind === 'bad-reply' && body.length > 1 && body[1] !== '') expect(failure.bodyExcerpt).toBe('!');
      }
    }
  });

  it.each(['true', 'false'])('what is polled for, stream: %s', async (stream) => {
    const polls = new Map<string, number>();
    const server = await chatServer(({ path, body }) => {
      if (path === '/jobs') return json({ id: `j${JSON.parse(body).index}` });
      const count = (polls.get(path) ?? 0) + 1;
      polls.set(path, count);
      return json(count % 3 === 0 ? { text: 'The answer is 144' } : { id: path.split('/').at(-1) });
    });
    const source = JOBS;
    const cwd = emptyFolder({
      'models/mine.py': source,
      'configs/models/mine.yaml': config('Mine').replace('stream: true', `stream: ${stream}`),
    });
    const { code, stderr, stdout } = await run(cwd, server, '--num-warmups', '0');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/^demo_gsm8k accuracy mine +12\.50 8 /m);
    expect([...polls.values()]).toEqual(Array(8).fill(3));
  });
});
