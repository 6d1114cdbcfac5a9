/** Tool calls of `v1/chat/completions`, whole and as the deltas that vLLM streams. */
import { randomBytes } from 'node:crypto';
import { type Body, isObject } from '../fields.ts';
import type { Finish, ReadPrompt, Tool, ToolCall } from '../types.ts';
import { badRequest, invalidBody } from './openai-errors.ts';
import type { ReplyShape } from './openai-reply.ts';
import { isAsked } from './openai-request.ts';

/** The call to answer with, and the finish reason that vLLM gives it. */
export interface NamedCall extends ToolCall {
  readonly finishReason: 'stop' | 'tool_calls';
}

/**
 * What `tools` and `tool_choice` ask for; undefined where words are the answer. Throws HttpError 400 when the engine
 * calls no functions.
 */
export function readToolCall(body: Body, prompt: ReadPrompt): NamedCall | undefined {
  const tools = readTools(body['tools']);
  const choice = body['tool_choice'] ?? 'auto';
  if (choice === 'none') return undefined;
  if (tools.length === 0) {
    if (!isAsked(body['tool_choice']) || choice === 'auto') return undefined;
    throw badRequest('When using `tool_choice`, `tools` must be set. (parameter=tool_choice)', 'tool_choice');
  }
  if (prompt.callTool === undefined) throw badRequest('This model calls no tools.', 'tools');
  // A named function ends with `stop`, a free choice with `tool_calls`: that is how vLLM 0.32 answers.
  const named = isObject(choice);
  const call = prompt.callTool(named ? [theNamed(tools, choice)] : tools, choice !== 'auto');
  return call && { ...call, finishReason: named ? 'stop' : 'tool_calls' };
}

function theNamed(tools: readonly Tool[], choice: Body): Tool {
  const wanted = isObject(choice['function']) ? choice['function']['name'] : undefined;
  const tool = tools.find(({ name }) => name === wanted);
  if (tool !== undefined) return tool;
  const message = 'The tool specified in `tool_choice` does not match any of the specified `tools`';
  throw badRequest(`${message} (parameter=tool_choice)`, 'tool_choice');
}

function readTools(value: unknown): readonly Tool[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalidBody('list_type', 'body.tools', 'Input should be a valid list');
  return value.map((tool, index) => {
    const details = isObject(tool) ? tool['function'] : undefined;
    if (isObject(details) && typeof details['name'] === 'string') {
      return { name: details['name'], parameters: details['parameters'] };
    }
    throw invalidBody('missing', `body.tools.${index}.function.name`, 'Field required');
  });
}

/** The shape of a chat reply whose text is the arguments of a call. */
export function toolCallShape(chat: ReplyShape, { name, finishReason }: NamedCall): ReplyShape {
  const id = `chatcmpl-tool-${randomBytes(8).toString('hex')}`;
  const head = { id, type: 'function', index: 0, function: { name } };
  // A call that max_tokens cut is not finished, which a client must be able to see.
  const reasonOf = (finish: Finish) => (finish.reason === 'length' ? 'length' : finishReason);
  const beforeText = '{"index":0,"delta":{"content":null,"tool_calls":[{"index":0,"function":{"arguments":';
  const afterText = '}}]},"logprobs":null,"finish_reason":null,"token_ids":null}';
  return {
    ...chat,
    opening: [
      ...chat.opening,
      {
        choice:
          `{"index":0,"delta":{"content":null,"tool_calls":[${JSON.stringify(head)}]},` +
          '"logprobs":null,"finish_reason":null,"token_ids":null}',
        after: '',
      },
    ],
    beforeText,
    afterText,
    last: (text, finish) => [
      ...(text === '""' ? [] : [`${beforeText}${text}${afterText}`]),
      `{"index":0,"delta":{},"logprobs":null,"finish_reason":"${reasonOf(finish)}","stop_reason":null,"token_ids":null}`,
    ],
    wholeChoice: (text, finish) => ({
      index: 0,
      message: {
        role: 'assistant',
        content: '',
        refusal: null,
        annotations: null,
        audio: null,
        function_call: null,
        tool_calls: [{ id, type: 'function', function: { name, arguments: text } }],
        reasoning: null,
      },
      logprobs: null,
      finish_reason: reasonOf(finish),
      stop_reason: null,
      token_ids: null,
      routed_experts: null,
    }),
  };
}
