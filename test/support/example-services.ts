/** Services that the classes of `examples/backends` speak to, and their own log of what they sent when. */
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';

/** One request as the service saw it, ms on the service's clock. */
interface Served {
  readonly received: number;
  /** When the first text of the answer was written. */
  firstText: number;
}

/** A running service. */
export interface ExampleService {
  readonly url: string;
  readonly served: readonly Served[];
  close(): Promise<void>;
}

export const WORDS = ['The answer ', 'is é', ' 42.'];
const [BEFORE_MS, BETWEEN_MS] = [30, 10];

type Answer = (
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  served: Served,
) => Promise<void>;

async function start(answer: Answer): Promise<ExampleService> {
  const served: Served[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const entry = { received: performance.now(), firstText: 0 };
    // The tool also looks for a list of models and for metrics.
    if (request.method === 'GET' && !request.url?.startsWith('/jobs/')) {
      response.writeHead(404).end();
      return;
    }
    served.push(entry);
    await answer(request, body, response, entry);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    served,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Writes a piece and notes when the first one left. */
async function write(
  response: ServerResponse,
  pieces: readonly (string | Uint8Array)[],
  served: Served,
  first: number,
) {
  for (const [n, piece] of pieces.entries()) {
    if (n === first) await sleep(BEFORE_MS);
    else if (n > first) await sleep(BETWEEN_MS);
    if (n === first) served.firstText = performance.now();
    response.write(piece);
  }
  response.end();
}

/** Writes a message of `application/vnd.amazon.eventstream`. */
export function awsMessage(kind: 'event' | 'exception', type: string, data: object): Buffer {
  const header = (name: string, value: string) =>
    Buffer.concat([
      Buffer.of(name.length),
      Buffer.from(name),
      Buffer.of(7, 0, value.length),
      Buffer.from(value),
    ]);
  const headers = Buffer.concat([
    header(`:${kind}-type`, type),
    header(':content-type', 'application/json'),
    header(':message-type', kind),
  ]);
  const payload = Buffer.from(JSON.stringify(data));
  const message = Buffer.alloc(16 + headers.length + payload.length);
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(headers.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  headers.copy(message, 12);
  payload.copy(message, 12 + headers.length);
  message.writeUInt32BE(crc32(message.subarray(0, message.length - 4)), message.length - 4);
  return message;
}

const USAGE = { inputTokens: 9, outputTokens: 3 };

/** The answer of Bedrock's `converse-stream`, one message each. */
export const bedrockStream = (): Buffer[] => [
  awsMessage('event', 'messageStart', { role: 'assistant' }),
  ...WORDS.map((text) => awsMessage('event', 'contentBlockDelta', { contentBlockIndex: 0, delta: { text } })),
  awsMessage('event', 'contentBlockStop', { contentBlockIndex: 0 }),
  awsMessage('event', 'messageStop', { stopReason: 'end_turn' }),
  awsMessage('event', 'metadata', { usage: USAGE, metrics: { latencyMs: 40 } }),
];

/** The answer of `converse`. */
export const bedrockText = {
  output: { message: { role: 'assistant', content: [{ text: WORDS.join('') }] } },
  stopReason: 'end_turn',
  usage: USAGE,
};

export const SECRET = 'wJalrXUtnFEMI/EXAMPLEKEY';

/** Returns why a request is not signed as AWS Signature Version 4 wants it; undefined: it is. */
function signatureFault(
  { method = '', url = '', headers }: IncomingMessage,
  body: Buffer,
): string | undefined {
  const given =
    /^AWS4-HMAC-SHA256 Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+), Signature=(\w{64})$/.exec(
      headers.authorization ?? '',
    );
  if (given === null) return 'there is no signature';
  const [, scope = '', names = '', signature] = given;
  if (!names.split(';').includes('host') || !names.split(';').includes('x-amz-date'))
    return 'host or date is not signed';
  const time = String(headers['x-amz-date']);
  if (
    Math.abs(Date.parse(time.replace(/(....)(..)(..T..)(..)(.*)/, '$1-$2-$3:$4:$5')) - Date.now()) > 300_000
  )
    return `the time ${time} is not now`;
  const hash = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
  const [path = '', query = ''] = url.split('?');
  const lines = names.split(';').map((name) => `${name}:${headers[name]}\n`);
  const canonical = `${method}\n${path.replaceAll('%', '%25')}\n${query}\n${lines.join('')}\n${names}\n${hash(body)}`;
  let key: Buffer = Buffer.from(`AWS4${SECRET}`);
  for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest();
  const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash(canonical)}`;
  const wanted = createHmac('sha256', key).update(text).digest('hex');
  return signature === wanted ? undefined : 'The request signature we calculated does not match';
}

/** Bedrock's Converse API, which verifies signatures. */
export function startBedrock(): Promise<ExampleService> {
  return start(async (request, body, response, served) => {
    const fault = signatureFault(request, body);
    if (fault !== undefined) {
      response.writeHead(403).end(JSON.stringify({ message: fault }));
      return;
    }
    if (request.url?.endsWith('/converse')) {
      response.end(JSON.stringify(bedrockText));
      return;
    }
    response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
    await write(response, bedrockStream(), served, 1);
  });
}

/** Replies of a service of jobs: of the submission, and of each poll. */
export const jobReplies = [
  { id: '7', status: 'queued' },
  { id: '7', status: 'running' },
  ...WORDS.map((_, n) => ({ id: '7', status: 'running', text: WORDS.slice(0, n + 1).join('') })),
  { id: '7', status: 'done', text: WORDS.join(''), reason: 'stop', tokens: 3 },
];

/** A service of jobs. `served` has an entry a job: when it was submitted, and when a poll was first given text. */
export async function startJobs(): Promise<ExampleService> {
  const jobs = new Map<string, { readonly served: Served; polls: number }>();
  const all: Served[] = [];
  const service = await start(async (request, _body, response, served) => {
    if (request.method === 'POST' && request.url === '/jobs') {
      const id = String(jobs.size);
      jobs.set(id, { served, polls: 0 });
      all.push(served);
      response.end(JSON.stringify({ ...jobReplies[0], id }));
      return;
    }
    const id = request.url!.replace('/jobs/', '');
    const job = jobs.get(id)!;
    job.polls += 1;
    const reply = jobReplies[job.polls]!;
    if (job.served.firstText === 0 && 'text' in reply) job.served.firstText = performance.now();
    response.end(JSON.stringify({ ...reply, id }));
  });
  return { ...service, served: all };
}

/** The events of a service of plain text. */
export const plainEvents = [
  ...WORDS.map((data) => ({ type: 'token', data })),
  { type: 'end', data: 'stop 9 3' },
];

/** A service that streams plain text as events. */
export function startPlainEvents(): Promise<ExampleService> {
  return start(async (_request, _body, response, served) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const pieces = plainEvents.map(({ type, data }) => `event: ${type}\ndata: ${data}\n\n`);
    await write(response, [': hello\n\n', ...pieces], served, 1);
  });
}
