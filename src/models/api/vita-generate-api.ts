import { BaseAPIModel, endpointUrl, type RequestArgs } from '../../contract/base-api-model.ts';
import type { RequestOutput } from '../../contract/output.ts';
import { type ContentPart, type PromptType, partUrl, toMessages } from '../../contract/prompt-list.ts';
import { chooseModelName } from './openai.ts';
import { asText } from './reply.ts';

/** VITA's `generate` behind MindIE: parts in, text out (AISBench §2.3, App. A.6). Written from its description. */
export class VITAGenerateAPI extends BaseAPIModel {
  getUrl(): string {
    return endpointUrl(this.baseUrl, 'generate');
  }

  getRequestBody(input: PromptType, maxOutLen: number, _output?: RequestOutput, args?: RequestArgs): object {
    const { stream, generationKwargs } = this.options;
    return {
      prompt: toMessages(input).flatMap(({ content }) =>
        typeof content === 'string' ? [{ type: 'text', text: content }] : content.map(flatPart),
      ),
      stream,
      ...generationKwargs,
      max_tokens: maxOutLen,
      model: chooseModelName(this, args),
    };
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    output.content = asText(data?.text?.[0]);
  }

  override parseStreamResponse(data: any, output: RequestOutput): void {
    output.addContent(asText(data?.text?.[0]));
  }
}

/** OpenAI's `{ type, image_url: { url } }` as `{ type, image_url: url }`, files by their bare path. */
function flatPart(part: ContentPart): ContentPart {
  const { type } = part;
  const url = partUrl(part);
  if (type === 'text' || url === undefined) return part;
  return { type, [type]: url.startsWith('file://') ? barePath(url) : url };
}

/** A URL that we made has its blanks encoded; one that a config wrote may have a path as it is, with any sign in it. */
function barePath(url: string): string {
  const path = url.slice('file://'.length);
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
