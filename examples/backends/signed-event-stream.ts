import { createHash, createHmac } from 'node:crypto';
import {
  BaseAPIModel,
  type OutgoingRequest,
  type PromptType,
  type RequestOutput,
  toMessages,
} from 'ais-bench';
import { AwsEventSplitter, type AwsMessage } from './aws-event-splitter.ts';

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();

/** Amazon Bedrock's Converse API: requests signed with Signature Version 4, replies as a binary event stream. */
export class BedrockConverse extends BaseAPIModel {
  static override readonly extraOptions = ['region', 'access_key', 'secret_key'];

  getUrl(): string {
    const action = this.options.stream ? 'converse-stream' : 'converse';
    return `${this.baseUrl}model/${encodeURIComponent(this.getServiceModelPath())}/${action}`;
  }

  getRequestBody(input: PromptType, maxOutLen: number): object {
    const messages = toMessages(input).map(({ role, content }) => ({ role, content: [{ text: content }] }));
    return { messages, inferenceConfig: { maxTokens: maxOutLen, ...this.options.generationKwargs } };
  }

  override getFraming = () => 'bytes' as const;
  override makeSplitter = () => new AwsEventSplitter();

  override signRequest({ method, url, headers, body }: OutgoingRequest): Record<string, string> {
    const { region, accessKey, secretKey } = this.options;
    const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const scope = [time.slice(0, 8), String(region), 'bedrock', 'aws4_request'];
    const path = new URL(url).pathname.split('/').map(encodeURIComponent).join('/');
    const lines = [`host:${headers['host']}`, `x-amz-date:${time}`, '', 'host;x-amz-date', sha256(body)];
    const request = [method, path, '', ...lines].join('\n');
    const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(request)].join('\n');
    const signature = [...scope, text].reduce<string | Buffer>(hmac, `AWS4${secretKey}`).toString('hex');
    const credential = `Credential=${accessKey}/${scope.join('/')}`;
    const authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host;x-amz-date, Signature=${signature}`;
    return { 'x-amz-date': time, authorization };
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    for (const { text = '' } of data.output.message.content) output.content += text;
    output.finishReason = data.stopReason;
    this.#readUsage(data, output);
  }

  override parseStreamResponse({ headers, data }: AwsMessage, output: RequestOutput): void {
    if (headers[':message-type'] !== 'event') output.error = `${headers[':exception-type']}: ${data.message}`;
    output.content += data.delta?.text ?? '';
    output.finishReason ??= data.stopReason;
    this.#readUsage(data, output);
  }

  #readUsage({ usage = {} }: any, output: RequestOutput): void {
    output.inputTokens ??= usage.inputTokens;
    output.outputTokens ??= usage.outputTokens;
  }

  override streamIsComplete = (output: RequestOutput): boolean => output.finishReason !== undefined;
}
