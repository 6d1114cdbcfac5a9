/** Dialogues and tools in the form of Anthropic's Messages API. */
import { urlOf } from '../../contract/media-part.ts';
import {
  type ContentPart,
  type Message,
  type PromptType,
  toMessages,
  toText,
} from '../../contract/prompt-list.ts';

/** The dialogue without its system messages, and those as one text. */
export function anthropicInput(input: PromptType): { system?: string; messages: readonly object[] } {
  const all = toMessages(input);
  const system = all.filter(({ role }) => role === 'system');
  const turns = all.filter(({ role }) => role !== 'system');
  const messages = turns.flatMap((turn, n) =>
    turn.role === 'tool' ? resultsFrom(turns, n) : [messageOf(turn)],
  );
  return system.length === 0 ? { messages } : { system: toText(system), messages };
}

/** The results of one turn's calls belong into one message: it stands where the first of them stood. */
function resultsFrom(turns: readonly Message[], n: number): object[] {
  if (turns[n - 1]?.role === 'tool') return [];
  const length = turns.slice(n).findIndex(({ role }) => role !== 'tool');
  const results = turns.slice(n, length < 0 ? undefined : n + length);
  const content = results.map(({ tool_call_id: tool_use_id, content }) => ({
    type: 'tool_result',
    tool_use_id,
    content,
  }));
  return [{ role: 'user', content }];
}

function messageOf({ role, content, tool_calls }: Message): object {
  if (!Array.isArray(tool_calls) || tool_calls.length === 0) {
    return { role, content: typeof content === 'string' ? content : content.map(blockOf) };
  }
  const text: readonly ContentPart[] =
    typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  const blocks = text.filter((part) => part['text'] !== '').map(blockOf);
  return { role, content: [...blocks, ...tool_calls.map(toolUse)] };
}

function toolUse({ id, function: { name, arguments: args } }: any): object {
  return { type: 'tool_use', id, name, input: objectIn(args) };
}

/** The API takes objects only; a model may have written anything. */
function objectIn(json: string): object {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function blockOf(part: ContentPart): object {
  const url = urlOf(part);
  if (part.type !== 'image_url' || url === undefined) return part;
  const [, media_type, data] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? [];
  const source = data === undefined ? { type: 'url', url } : { type: 'base64', media_type, data };
  return { type: 'image', source };
}

/** A function as chat completions describe it, in Anthropic's words. */
export function anthropicTool(tool: any): unknown {
  if (tool?.type !== 'function' || !tool.function) return tool;
  const { name, description, parameters } = tool.function;
  return { name, ...(description === undefined ? {} : { description }), input_schema: parameters };
}
