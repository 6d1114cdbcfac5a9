import { BaseAPIModel, type Framing, type RequestArgs } from '../../contract/base-api-model.ts';
import type { RequestOutput } from '../../contract/output.ts';
import {
  type ContentPart,
  type Message,
  type PromptType,
  partUrl,
  toMessages,
  toText,
} from '../../contract/prompt-list.ts';
import { isTokenCount } from '../../contract/record.ts';
import {
  chooseModelName,
  isComplete,
  readCachedTokens,
  readReasoningTokens,
  readTokenCounts,
} from './openai.ts';
import { divideKwargs, inlineData, readChoice } from './own-option.ts';
import { asList, asText, parseObject, readReason, readWholeCall } from './reply.ts';

/** Keys of `generation_kwargs` that stand beside `generationConfig` in a request; every other one is a part of it. */
const BESIDE: ReadonlySet<string> = new Set(
  'cachedContent labels safetySettings systemInstruction toolConfig tools'.split(' '),
);

/** Gemini's `models/NAME:generateContent` and `:streamGenerateContent`, as Google's API and Vertex AI speak it. */
export class GeminiAPI extends BaseAPIModel {
  /** An event brings as much text as the service has ready. */
  static override readonly chunksAreTokens = false;

  /**
   * `stream_framing`: `sse`, or the one JSON array that the service sends without `alt=sse`. `auth`: `api_key` sends the key as
   * `x-goog-api-key`, `bearer` as an access token, as Vertex AI takes it.
   */
  static override readonly extraOptions: readonly string[] = ['stream_framing', 'auth'];

  readonly #framing = readChoice(this.options, 'stream_framing', ['sse', 'json-array']);
  readonly #auth = readChoice(this.options, 'auth', ['api_key', 'bearer']);

  getUrl(args?: RequestArgs): string {
    const { stream } = this.options;
    const url = modelUrl(this.baseUrl, chooseModelName(this, args), stream);
    if (stream && this.#framing === 'sse') url.searchParams.set('alt', 'sse');
    return url.href;
  }

  override getFraming(): Framing {
    return this.#framing;
  }

  /** Google refuses an API key that also comes as a bearer token: the empty header takes that one away. */
  override headers(): Record<string, string> {
    const { apiKey } = this.options;
    return this.#auth === 'bearer' || apiKey === '' ? {} : { 'x-goog-api-key': apiKey, authorization: '' };
  }

  getRequestBody(input: PromptType, maxOutLen: number, _output?: RequestOutput, args?: RequestArgs): object {
    const { beside, inside } = divideKwargs(this.options, 'generationConfig', BESIDE);
    return {
      ...geminiInput(input),
      ...beside,
      generationConfig: { ...inside, maxOutputTokens: maxOutLen },
      ...(args?.tools && { tools: [{ functionDeclarations: args.tools.map(declaration) }] }),
    };
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    this.parseStreamResponse(data, output);
  }

  /** An event is a whole reply with what is new in it; its counts are those so far. */
  override parseStreamResponse(data: any, output: RequestOutput): void {
    const candidate = asList(data?.candidates).find((one) => (one?.index ?? 0) === 0);
    for (const part of asList(candidate?.content?.parts)) readPart(part, output);
    readReason(candidate?.finishReason, output);
    readUsage(data?.usageMetadata, output);
    const blocked = asText(data?.promptFeedback?.blockReason);
    if (blocked !== '') output.error = `the service blocked the prompt: ${blocked}`;
  }

  override streamIsComplete(output: RequestOutput, sawDone: boolean): boolean {
    return isComplete(output, sawDone);
  }
}

/** A base URL without a path gets `v1beta`; any other one has its version, and on Vertex AI project and publisher, itself. */
function modelUrl(baseUrl: string, name: string, stream: boolean): URL {
  const url = new URL(baseUrl);
  const folder = url.pathname === '/' ? '/v1beta/' : url.pathname;
  const model = name.includes('/') ? name : `models/${name}`;
  url.pathname = `${folder}${model}:${stream ? 'streamGenerateContent' : 'generateContent'}`;
  return url;
}

function readPart(part: any, output: RequestOutput): void {
  if (part?.thought === true) output.addReasoningContent(asText(part.text));
  else output.addContent(asText(part?.text));
  const call = part?.functionCall;
  if (call) readWholeCall(call.id, call.name, call.args, output);
}

/** Thoughts are generated tokens that `candidatesTokenCount` leaves out; results of tools are prompt tokens. */
function readUsage(usage: any, output: RequestOutput): void {
  const { promptTokenCount, toolUsePromptTokenCount, candidatesTokenCount, thoughtsTokenCount } = usage ?? {};
  readTokenCounts(
    sum(promptTokenCount, toolUsePromptTokenCount),
    sum(candidatesTokenCount, thoughtsTokenCount),
    output,
  );
  readReasoningTokens(thoughtsTokenCount, output);
  readCachedTokens(usage?.cachedContentTokenCount, output);
}

/** Adds the counts that are there; undefined where neither is. */
function sum(...counts: readonly unknown[]): number | undefined {
  const given = counts.filter(isTokenCount);
  return given.length === 0 ? undefined : given.reduce((total, count) => total + count, 0);
}

/** The dialogue as `contents`, its system messages as one instruction. */
function geminiInput(input: PromptType): object {
  const all = toMessages(input);
  const system = all.filter(({ role }) => role === 'system');
  const contents = all.filter(({ role }) => role !== 'system').map(geminiContent);
  return system.length === 0
    ? { contents }
    : { contents, systemInstruction: { parts: [{ text: toText(system) }] } };
}

function geminiContent({ role, content, tool_calls, name }: Message): object {
  if (role === 'tool') {
    const response = { result: typeof content === 'string' ? content : toText([{ role, content }]) };
    return { role: 'user', parts: [{ functionResponse: { name, response } }] };
  }
  const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  const calls = asList(tool_calls).map(({ function: called }) => ({
    functionCall: { name: called.name, args: parseObject(called.arguments) },
  }));
  const said = calls.length > 0 ? parts.filter((part) => part['text'] !== '') : parts;
  return { role: role === 'assistant' ? 'model' : role, parts: [...said.flatMap(geminiParts), ...calls] };
}

/** A video that came as frames becomes as many images. */
function geminiParts(part: ContentPart): object[] {
  if (typeof part['text'] === 'string') return [{ text: part['text'] }];
  const url = partUrl(part) ?? '';
  // Files that Google holds already: of its Files API, of Cloud Storage, of YouTube.
  if (/^(gs|https):\/\//i.test(url)) return [{ fileData: { fileUri: url } }];
  const { mimeType, data } = inlineData('GeminiAPI', part);
  const type = mimeType.replace(/^video\/(?=jpeg$|png$)/, 'image/');
  return data.split(',').map((one) => ({ inlineData: { mimeType: type, data: one } }));
}

/** Translates a function from chat completions' form. */
function declaration(tool: any): unknown {
  const { name, description, parameters } = tool?.function ?? tool ?? {};
  return {
    name,
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
  };
}
