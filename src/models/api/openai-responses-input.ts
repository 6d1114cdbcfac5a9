/** Dialogues and tools in the form of OpenAI's Responses API. */
import { urlOf } from '../../contract/media-part.ts';
import type { ContentPart, Message, PromptType } from '../../contract/prompt-list.ts';

/** Text stays text; messages become items, tool calls and their results items of their own. */
export function responsesInput(input: PromptType): string | readonly object[] {
  return typeof input === 'string' ? input : input.flatMap(itemsOf);
}

function itemsOf({ role, content, tool_calls, tool_call_id, ...rest }: Message): object[] {
  if (role === 'tool') return [{ type: 'function_call_output', call_id: tool_call_id, output: content }];
  const calls = Array.isArray(tool_calls) ? tool_calls.map(callItem) : [];
  if (calls.length > 0 && content === '') return calls;
  const parts = typeof content === 'string' ? content : content.map((part) => partOf(part, role));
  return [{ role, content: parts, ...rest }, ...calls];
}

function callItem(call: any): object {
  const { name, arguments: args } = call.function;
  return { type: 'function_call', call_id: call.id, name, arguments: args };
}

function partOf(part: ContentPart, role: string): object {
  if (part.type === 'text') return { ...part, type: role === 'assistant' ? 'output_text' : 'input_text' };
  if (part.type !== 'image_url') return part;
  const { detail }: any = part['image_url'];
  return { type: 'input_image', image_url: urlOf(part), ...(detail === undefined ? {} : { detail }) };
}

/** A function without the `function` member that chat completions wrap it in. */
export function responsesTool(tool: any): unknown {
  return tool?.type === 'function' && tool.function ? { type: 'function', ...tool.function } : tool;
}
