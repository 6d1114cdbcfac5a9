import { BaseAPIModel, endpointUrl, type Framing, type RequestArgs } from '../../contract/base-api-model.ts';
import type { RequestOutput } from '../../contract/output.ts';
import {
  type ContentPart,
  type Message,
  type PromptType,
  toMessages,
  toText,
} from '../../contract/prompt-list.ts';
import { chooseModelName, isComplete, readTokenCounts } from './openai.ts';
import { divideKwargs, inlineData, readChoice, refuseMedia } from './own-option.ts';
import { asList, asText, parseObject, readReason, readWholeCall } from './reply.ts';

/** Keys of `generation_kwargs` that stand beside `options` in a request; every other one is one of the model's options. */
const BESIDE: ReadonlySet<string> = new Set(
  'format keep_alive logprobs raw shift suffix system template think tools top_logprobs truncate'.split(' '),
);

/** Ollama's own API, `api/chat` and `api/generate`: streams are lines of JSON. */
export class OllamaAPI extends BaseAPIModel {
  /** `endpoint`: `chat` sends messages, which the model's template renders; `generate` sends one text. */
  static override readonly extraOptions: readonly string[] = ['endpoint'];

  readonly #endpoint = readChoice(this.options, 'endpoint', ['chat', 'generate']);

  getUrl(): string {
    return endpointUrl(this.baseUrl, `api/${this.#endpoint}`);
  }

  override getFraming(): Framing {
    return 'ndjson';
  }

  getRequestBody(input: PromptType, maxOutLen: number, _output?: RequestOutput, args?: RequestArgs): object {
    refuseMedia('OllamaAPI', input, ['video_url', 'audio_url']);
    const { beside, inside } = divideKwargs(this.options, 'options', BESIDE);
    return {
      ...(this.#endpoint === 'chat'
        ? { messages: toMessages(input).map(ollamaMessage) }
        : promptFields(input)),
      stream: this.options.stream,
      ...beside,
      options: { ...inside, num_predict: maxOutLen },
      model: chooseModelName(this, args),
      ...(args?.tools && { tools: args.tools }),
    };
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    this.parseStreamResponse(data, output);
  }

  /** A line brings what is new; the last one has `done`, the reason and the counts. A call comes whole, in any line. */
  override parseStreamResponse(data: any, output: RequestOutput): void {
    const message = data?.message;
    if (typeof message?.role === 'string') output.role = message.role;
    output.addReasoningContent(asText(message?.thinking ?? data?.thinking));
    output.addContent(asText(message?.content ?? data?.response));
    for (const call of asList(message?.tool_calls)) {
      readWholeCall(call?.id, call?.function?.name, call?.function?.arguments, output);
    }
    if (data?.done !== true) return;
    // Servers before the middle of 2024 give no reason.
    readReason(data.done_reason ?? 'stop', output);
    readTokenCounts(data.prompt_eval_count, data.eval_count, output);
  }

  override streamIsComplete(output: RequestOutput, sawDone: boolean): boolean {
    return isComplete(output, sawDone);
  }
}

/** Texts joined, images as bare base64 beside them, arguments of calls as objects. */
function ollamaMessage({ role, content, tool_calls, tool_call_id: _, name, ...rest }: Message): object {
  const calls = asList(tool_calls).map(({ function: called }) => ({
    function: { name: called.name, arguments: parseObject(called.arguments) },
  }));
  return {
    ...rest,
    role,
    content: toText([{ role, content: texts(content) }]),
    ...imagesOf([{ role, content }]),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    ...(role === 'tool' && name !== undefined ? { tool_name: name } : {}),
  };
}

function promptFields(input: PromptType): object {
  const messages = toMessages(input);
  return {
    prompt: toText(messages.map((message) => ({ ...message, content: texts(message.content) }))),
    ...imagesOf(messages),
  };
}

function texts(content: Message['content']): Message['content'] {
  return typeof content === 'string' ? content : content.filter((part) => typeof part['text'] === 'string');
}

/** Throws ICLR-PARAM-003 where an image is a URL: Ollama fetches none. */
function imagesOf(messages: readonly Message[]): object {
  const parts = messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
  const images = parts.filter((part: ContentPart) => part.type === 'image_url');
  return images.length === 0 ? {} : { images: images.map((part) => inlineData('OllamaAPI', part).data) };
}
