/**
 * OpenAI's Realtime API, text in and text out, over WebSockets: a protocol that is no HTTP request and its reply.
 *
 *     ais_bench --models ./examples/backends/openai-realtime.ts --datasets demo_gsm8k_gen --url https://api.openai.com \
 *       --model gpt-realtime --api-key '{env:OPENAI_API_KEY}' --mode perf --set models.0.stream=true
 *
 * undici's WebSocket is the one that is built into Node.js 22; taken from the package it runs on Node.js 20 too, and sends headers.
 */
import {
  BaseAPIModel,
  type ExchangeRequest,
  type MessageSink,
  type PromptType,
  type RequestOutput,
  toMessages,
  toText,
} from 'ais-bench';
import { WebSocket } from 'undici';

export class OpenAIRealtime extends BaseAPIModel {
  /** Connections without a request: opening one takes longer than most first tokens. */
  readonly #idle: WebSocket[] = [];

  getUrl(): string {
    const url = new URL('v1/realtime', this.baseUrl.replace(/^http/, 'ws'));
    url.searchParams.set('model', this.getServiceModelPath());
    return url.href;
  }

  /** A response outside of any conversation: nothing of one request is left for the next one of its connection. */
  getRequestBody(input: PromptType, maxOutLen: number): object {
    const all = toMessages(input);
    const turns = all.filter(({ role }) => role !== 'system');
    const response = {
      conversation: 'none',
      output_modalities: ['text'],
      instructions: toText(all.filter(({ role }) => role === 'system')),
      input: turns.map(({ role, content }) => ({
        type: 'message',
        role,
        content: [
          { type: role === 'assistant' ? 'output_text' : 'input_text', text: toText([{ role, content }]) },
        ],
      })),
      ...this.options.generationKwargs,
      max_output_tokens: maxOutLen,
    };
    return { type: 'response.create', response };
  }

  override async exchange({ url, headers, body }: ExchangeRequest, sink: MessageSink): Promise<void> {
    const socket = this.#idle.pop() ?? new WebSocket(url, { headers });
    const send = () => socket.send(JSON.stringify(body));
    if (socket.readyState === WebSocket.OPEN) send();
    else socket.onopen = send;
    await new Promise<void>((resolve, reject) => {
      sink.signal.onabort = () => reject(sink.signal.reason);
      socket.onclose = ({ code }) => reject(closed(`the connection was closed (code ${code})`));
      socket.onerror = ({ error }) => reject(closed('the connection failed', error));
      socket.onmessage = ({ data }) => {
        const event = JSON.parse(data);
        sink.message(event);
        if (/^(response\.done|error)$/.test(event.type)) resolve();
      };
    }).catch((error) => {
      socket.close();
      throw error;
    });
    socket.onclose = () => this.#idle.splice(this.#idle.indexOf(socket), 1);
    this.#idle.push(socket);
  }

  override parseStreamResponse(event: any, output: RequestOutput): void {
    if (event.type === 'response.output_text.delta') output.addContent(event.delta);
    if (event.type === 'error') output.error = event.error.message;
    if (event.type === 'response.done') readEnd(event.response, output);
  }

  override streamIsComplete(output: RequestOutput): boolean {
    return output.finishReason !== undefined;
  }

  override async close(): Promise<void> {
    for (const socket of [...this.#idle]) socket.close();
  }
}

function readEnd({ status, status_details, usage }: any, output: RequestOutput): void {
  if (status === 'failed') output.error = status_details?.error?.message ?? 'the response failed';
  const cut = status_details?.reason === 'max_output_tokens' ? 'length' : (status_details?.reason ?? status);
  output.finishReason = status === 'completed' ? 'stop' : cut;
  output.inputTokens = usage?.input_tokens;
  output.outputTokens = usage?.output_tokens;
  output.cachedTokens = usage?.input_token_details?.cached_tokens;
}

/** What the engine takes for a lost connection. */
function closed(message: string, cause?: Error): Error {
  return Object.assign(new Error(message, { cause }), { code: 'ECONNRESET' });
}
