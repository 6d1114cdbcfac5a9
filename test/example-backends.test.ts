/** The classes of `examples/backends` pass the suite, and speak to services over real sockets. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { APIModelOptions } from '../src/contract/base-api-model.ts';
import { FRAMINGS } from '../src/contract/base-api-model.ts';
import {
  askPort,
  importModule,
  modelOptions,
  type RecordedReply,
  replay,
  type ServiceModelSpec,
  streamReply,
  testServiceModel,
  textReply,
} from '../src/testing/index.ts';
import { blocks, read } from './support/doc-pages.ts';
import {
  awsMessage,
  bedrockStream,
  bedrockText,
  type ExampleService,
  jobReplies,
  plainEvents,
  SECRET,
  startBedrock,
  startJobs,
  startPlainEvents,
  WORDS,
} from './support/example-services.ts';

const { BedrockConverse } = await importModule(
  '../examples/backends/signed-event-stream.ts',
  import.meta.url,
);
const { JobsAPI } = await importModule('../examples/backends/submit-and-poll.ts', import.meta.url);
const { PlainTextEvents } = await importModule('../examples/backends/plain-text-events.ts', import.meta.url);

const replies: RecordedReply[] = jobReplies.map(textReply);
const KEYS = { region: 'eu-central-1', accessKey: 'AKIDEXAMPLE', secretKey: SECRET };

interface Example {
  readonly file: string;
  readonly create: (options: APIModelOptions) => any;
  readonly recordings: ServiceModelSpec['recordings'];
  readonly start: () => Promise<ExampleService>;
  readonly texts: boolean;
}

const EXAMPLES: Example[] = [
  {
    file: 'signed-event-stream',
    create: (options) => new BedrockConverse({ ...KEYS, ...options }),
    recordings: {
      text: textReply(bedrockText),
      stream: streamReply(bedrockStream(), { framing: 'bytes' }),
      usage: { text: bedrockText.usage, stream: bedrockText.usage },
      error: {
        frame: awsMessage('exception', 'throttlingException', { message: 'Too many requests' }),
        says: 'throttlingException: Too many requests',
      },
    },
    start: startBedrock,
    texts: true,
  },
  {
    file: 'submit-and-poll',
    create: (options) => new JobsAPI({ pollMs: 0, ...options }),
    recordings: {
      text: replies,
      stream: replies,
      usage: { text: { outputTokens: 3 }, stream: { outputTokens: 3 } },
    },
    start: startJobs,
    texts: true,
  },
  {
    file: 'plain-text-events',
    create: (options) => new PlainTextEvents(options),
    recordings: {
      stream: streamReply(plainEvents, { framing: 'sse-events' }),
      usage: { stream: { inputTokens: 9, outputTokens: 3 } },
      error: { frame: 'event: error\ndata: out of memory\n\n', says: 'out of memory' },
    },
    start: startPlainEvents,
    texts: false,
  },
];

describe.each(EXAMPLES)('$file', ({ file, create, recordings, start, texts }) => {
  let service: ExampleService;
  beforeAll(async () => {
    service = await start();
  });
  afterAll(() => service.close());

  testServiceModel(it, { create, recordings });

  it('is a class of at most 60 lines', () => {
    const [, body = ''] = readFileSync(`examples/backends/${file}.ts`, 'utf8').split(/^export class/m);
    const lines = body.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(15);
    expect(lines.length).toBeLessThanOrEqual(60);
  });

  it('speaks to the service', async () => {
    for (const stream of texts ? [true, false] : [true]) {
      const port = Number(new URL(service.url).port);
      const { failure, output, events } = await askPort(create, port, { options: { stream } });
      expect(failure).toBeUndefined();
      expect(output).toMatchObject({ content: WORDS.join(''), outputTokens: 3 });
      if (stream) expect(events.at.length).toBeGreaterThanOrEqual(4);
    }
  });
});

describe('the class of docs/add-a-backend.md for JSON lines', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ais-bench-docs-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const listing = blocks('docs/add-a-backend.md', 'ts').find((text) => text.includes('class LinesAPI'))!;
  writeFileSync(join(folder, 'lines.ts'), listing);
  const { LinesAPI } = await importModule(join(folder, 'lines.ts'), import.meta.url);
  const end = { done: true, done_reason: 'stop', prompt_eval_count: 9, eval_count: 3 };
  const usage = { inputTokens: 9, outputTokens: 3 };
  const say = (content: string) => ({ message: { role: 'assistant', content }, done: false });
  testServiceModel(it, {
    create: (options) => new LinesAPI(options),
    recordings: {
      text: textReply({ ...say(WORDS.join('')), ...end }),
      stream: streamReply([...WORDS.map(say), { ...say(''), ...end }], { framing: 'ndjson' }),
      usage: { text: usage, stream: usage },
    },
  });
});

it('the table of framings in docs/add-a-backend.md has those of the contract, and no others', () => {
  const [, table = ''] = read('docs/add-a-backend.md').split('| Framing | An event is | `data` |');
  const rows = table.split('\n\n')[0]!.matchAll(/^\| `([a-z-]+)` \|/gm);
  expect(Array.from(rows, ([, name]) => name).sort()).toEqual([...FRAMINGS].sort());
});

describe('the signature', () => {
  it.each([
    ['of another key', { secretKey: 'other' }, /signature we calculated does not match/],
    ['of a model whose name needs escaping', { model: 'eu.anthropic:v1/0' }, undefined],
  ])('%s', async (_name, options, message) => {
    const service = await startBedrock();
    const port = Number(new URL(service.url).port);
    const { failure } = await askPort((given) => new BedrockConverse({ ...KEYS, ...given }), port, {
      options: { stream: false, ...options },
    });
    await service.close();
    if (message === undefined) expect(failure).toBeUndefined();
    else
      expect(failure).toMatchObject({
        kind: 'http-status',
        status: 403,
        message: expect.stringMatching(message),
      });
  });
});

it('a byte of an event stream that was damaged on its way is found', async () => {
  const body = Buffer.concat(bedrockStream());
  const model = () => new BedrockConverse({ ...KEYS, ...modelOptions({ stream: true }) });
  for (const place of [3, 10, 20, 90, body.length - 1]) {
    const damaged = Buffer.from(body);
    damaged[place]! ^= 1;
    const { failure } = await replay(model(), { status: 200, body: damaged });
    expect(failure?.message).toMatch(/cannot be cut into frames: a (prelude|message) is damaged/);
  }
});
