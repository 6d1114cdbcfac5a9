/** Gemini's `generateContent`, `streamGenerateContent` and list of models, after Google's documentation; not compared with the service. */
import {
  type ChatMessage,
  collect,
  type Finish,
  type InferenceEngine,
  type ReadPrompt,
  type Sampling,
} from '../engine.ts';
import {
  type Body,
  BodyFields,
  type Complain,
  type ErrorWords,
  fillSampling,
  get,
  HttpError,
  type HttpExchange,
  isObject,
  parseObject,
  post,
  type Route,
  readFitting,
} from '../exchange.ts';
import { newId } from './openai-reply.ts';
import { isAsked, readContentOr } from './openai-request.ts';

/** Serves Gemini's paths. */
export function gemini(engine: InferenceEngine): readonly Route[] {
  const models = '/v1beta/models';
  const stream = `${models}/{model}:streamGenerateContent`;
  const ours = makeModelCard(engine);
  return [
    post(`${models}/{model}:generateContent`, WORDS, (exchange) => sendWhole(exchange, engine)),
    post(`${stream}?alt=sse`, SSE_WORDS, (exchange) => sendStream(exchange, engine, SSE)),
    post(stream, ARRAY_WORDS, (exchange) =>
      sendStream(exchange, engine, ARRAY).catch((error: unknown) => {
        throw error instanceof HttpError ? asArray(error) : error;
      }),
    ),
    get(models, WORDS, (exchange) => exchange.reply(200, pretty({ models: [ours] }), JSON_HEADERS)),
    get(`${models}/{model}`, WORDS, (exchange) => {
      checkModel(exchange, engine);
      exchange.reply(200, pretty(ours), JSON_HEADERS);
    }),
  ];
}

function makeModelCard({ model, contextLength }: InferenceEngine): object {
  return {
    name: `models/${model}`,
    version: '1',
    displayName: model,
    inputTokenLimit: contextLength,
    outputTokenLimit: contextLength,
    supportedGenerationMethods: ['generateContent'],
  };
}

interface GeminiJob {
  readonly prompt: ReadPrompt;
  readonly sampling: Sampling;
  /** The keys that every reply ends with. */
  readonly tail: object;
}

function readJob(exchange: HttpExchange, engine: InferenceEngine): GeminiJob {
  checkModel(exchange, engine);
  const body = parseObject(exchange.body);
  if (body === undefined) throw invalidArgument('the body is no JSON object');
  if (Array.isArray(body['tools']) && body['tools'].length > 0)
    throw invalidArgument('tools is not supported');
  const prompt = readFitting(engine, { kind: 'chat', messages: readContents(body, engine) });
  const config = new BodyFields(body, wrongField).within('generationConfig');
  const sampling = readSampling(config, engine, prompt);
  return { prompt, sampling, tail: { modelVersion: engine.model, responseId: newId('') } };
}

function checkModel({ params }: HttpExchange, { model }: InferenceEngine): void {
  if (params['model'] === model) return;
  const message = `models/${params['model']} is not found; this service has models/${model}`;
  throw geminiError(404, 'NOT_FOUND', message);
}

function readContents(body: Body, engine: InferenceEngine): readonly ChatMessage[] {
  const { contents, systemInstruction } = body;
  if (!Array.isArray(contents) || contents.length === 0)
    throw invalidArgument('contents is missing or empty');
  const messages = contents.map((content) => readTurn(content, 'contents', engine));
  if (!isAsked(systemInstruction)) return messages;
  const system = readTurn(systemInstruction, 'system_instruction', engine);
  return [{ ...system, role: 'system' }, ...messages];
}

function readTurn(turn: unknown, place: string, engine: InferenceEngine): ChatMessage {
  if (!isObject(turn)) throw wrongField(place, 'object', turn);
  const { role = 'user', parts } = turn;
  if (role !== 'user' && role !== 'model') throw invalidArgument('role must be user or model');
  if (!Array.isArray(parts) || parts.length === 0)
    throw invalidArgument(`${place}.parts is missing or empty`);
  const content = readContentOr(invalidArgument, parts.map(openaiPart), engine);
  return { role: role === 'model' ? 'assistant' : role, content };
}

/** Translates a part into OpenAI's form, which the engine's own reader of media knows. */
function openaiPart(part: any): object {
  const { text, inlineData, fileData, functionResponse } = part ?? {};
  if (typeof text === 'string') return { type: 'text', text };
  if (functionResponse !== undefined) return { type: 'text', text: JSON.stringify(functionResponse) };
  const mimeType = String(inlineData?.mimeType ?? fileData?.mimeType ?? 'image/unknown');
  const [kind = ''] = mimeType.split('/', 1);
  const url = inlineData ? `data:${mimeType};base64,${inlineData.data}` : fileData?.fileUri;
  const type = `${kind}_url`;
  return typeof url === 'string' ? { type, [type]: { url } } : { type: 'unknown' };
}

function readSampling(config: BodyFields, engine: InferenceEngine, prompt: ReadPrompt): Sampling {
  for (const name of ['responseSchema', 'responseJsonSchema', 'responseLogprobs']) {
    if (config.has(name)) throw invalidArgument(`${name} is not supported`);
  }
  if ((config.string('responseMimeType') ?? 'text/plain') !== 'text/plain')
    throw invalidArgument('responseMimeType is not supported');
  if ((config.integer('candidateCount') ?? 1) !== 1)
    throw invalidArgument('candidateCount above 1 is not supported');
  const maxTokens = config.integer('maxOutputTokens') ?? engine.contextLength;
  if (maxTokens < 1) throw invalidArgument('maxOutputTokens must be positive');
  return fillSampling(engine, prompt, {
    maxTokens,
    stop: config.texts('stopSequences'),
    temperature: config.number('temperature'),
    topP: config.number('topP'),
    topK: config.integer('topK'),
    seed: config.integer('seed'),
  });
}

/** Makes a reply, or an event of a stream: a whole reply with the text that is new and the counts so far. */
function makeReply({ prompt, tail }: GeminiJob, text: string, generated: number, finish?: Finish): object {
  return {
    candidates: [
      {
        content: { parts: [{ text }], role: 'model' },
        ...(finish && { finishReason: finish.reason === 'length' ? 'MAX_TOKENS' : 'STOP' }),
        index: 0,
      },
    ],
    usageMetadata: {
      promptTokenCount: prompt.tokens,
      candidatesTokenCount: generated,
      totalTokenCount: prompt.tokens + generated,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: prompt.tokens }],
    },
    ...tail,
  };
}

async function sendWhole(exchange: HttpExchange, engine: InferenceEngine): Promise<void> {
  const job = readJob(exchange, engine);
  const reply = await collect(job.prompt.generate, job.sampling, exchange.signal);
  if (reply === undefined) return;
  const { text, tokens, finish } = reply;
  exchange.reply(200, pretty(makeReply(job, text, tokens, finish)), JSON_HEADERS);
}

/** What a stream has before its first event, between events and after its last one. */
interface StreamFraming {
  readonly headers: Readonly<Record<string, string>>;
  readonly before: string;
  event(reply: object): string;
  readonly between: string;
  readonly after: string;
}

const JSON_HEADERS = { 'content-type': 'application/json; charset=UTF-8' };

function pretty(value: object): string {
  return JSON.stringify(value, null, 2);
}

/** With `alt=sse`. Google ends lines with CR LF. */
const SSE: StreamFraming = {
  headers: { 'content-type': 'text/event-stream' },
  before: '',
  event: (reply) => `data: ${JSON.stringify(reply)}\r\n\r\n`,
  between: '',
  after: '',
};

/** One JSON array. */
const ARRAY: StreamFraming = {
  headers: JSON_HEADERS,
  before: '[',
  event: pretty,
  between: ',\r\n',
  after: '\n]',
};

/** The headers go out with the first event: until then an error has its own status. */
async function sendStream(
  exchange: HttpExchange,
  engine: InferenceEngine,
  framing: StreamFraming,
): Promise<void> {
  const job = readJob(exchange, engine);
  let writer: ReturnType<HttpExchange['stream']> | undefined;
  let generated = 0;
  await job.prompt.generate(
    job.sampling,
    ({ text, tokens, finish }) => {
      generated += tokens;
      if (text === '' && finish === undefined) return;
      const before = writer === undefined ? framing.before : framing.between;
      writer ??= exchange.stream(framing.headers);
      const event = before + framing.event(makeReply(job, text, generated, finish));
      if (finish === undefined) writer.write(event);
      else writer.end(event + framing.after);
    },
    exchange.signal,
  );
}

function errorBody(code: number, status: string, message: string): object {
  return { error: { code, message, status } };
}

function geminiError(code: number, status: string, message: string): HttpError {
  return new HttpError(code, pretty(errorBody(code, status, message)), JSON_HEADERS);
}

function invalidArgument(message: string): HttpError {
  return geminiError(400, 'INVALID_ARGUMENT', message);
}

const wrongField: Complain = (name, expected, value) =>
  invalidArgument(`${name} must be of the type ${expected}, not ${JSON.stringify(value)}`);

/** An error of a stream that is an array is an array too. */
function asArray({ status, body }: HttpError): HttpError {
  return new HttpError(status, `[${body}\n]`, JSON_HEADERS);
}

const internal = (message: string) => errorBody(500, 'INTERNAL', message);

const WORDS: ErrorWords = {
  refused: invalidArgument,
  broken: (message) => geminiError(500, 'INTERNAL', message),
  brokenStream: (message) => pretty(internal(message)),
};

const SSE_WORDS: ErrorWords = {
  ...WORDS,
  brokenStream: (message) => SSE.event(internal(message)),
};

const ARRAY_WORDS: ErrorWords = {
  refused: (message) => asArray(WORDS.refused(message)),
  broken: (message) => asArray(WORDS.broken(message)),
  brokenStream: (message) => ARRAY.between + ARRAY.event(internal(message)) + ARRAY.after,
};
