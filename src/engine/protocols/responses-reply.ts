/** The response object of OpenAI's Responses API with vLLM's keys, and the events that build it. */
import type { WholeReply } from '../collect.ts';
import type { Body } from '../fields.ts';
import type { Engine, Piece, ReadPrompt, Sampling } from '../types.ts';
import { epochSeconds, newId } from './openai-reply.ts';

export interface ResponseJob {
  readonly id: string;
  readonly itemId: string;
  readonly created: number;
  readonly engine: Engine;
  readonly body: Body;
  readonly prompt: ReadPrompt;
  readonly sampling: Sampling;
}

export function startedResponse(
  body: Body,
  engine: Engine,
  prompt: ReadPrompt,
  sampling: Sampling,
): ResponseJob {
  const ids = { id: newId('resp_'), itemId: newId('msg_'), created: epochSeconds() };
  return { ...ids, engine, body, prompt, sampling };
}

export function endedResponse(job: ResponseJob, { text, tokens, finish }: WholeReply): object {
  const isCut = finish.reason === 'length';
  return response(job, {
    status: isCut ? 'incomplete' : 'completed',
    incomplete_details: isCut ? { reason: 'max_output_tokens' } : null,
    output: [item(job, 'completed', [part(text, null)])],
    usage: usage(job.prompt.tokens, tokens),
  });
}

interface State {
  readonly status: string;
  readonly incomplete_details: object | null;
  readonly output: readonly object[];
  readonly usage: object | null;
}

function response({ id, created, engine, body, sampling }: ResponseJob, state: State): object {
  return {
    id,
    created_at: created,
    incomplete_details: state.incomplete_details,
    instructions: body['instructions'] ?? null,
    metadata: body['metadata'] ?? null,
    model: engine.model,
    object: 'response',
    output: state.output,
    parallel_tool_calls: true,
    temperature: sampling.temperature,
    tool_choice: 'none',
    tools: [],
    top_p: sampling.topP,
    background: false,
    max_output_tokens: sampling.maxTokens,
    max_tool_calls: null,
    previous_response_id: null,
    prompt: null,
    reasoning: null,
    service_tier: 'auto',
    status: state.status,
    text: null,
    top_logprobs: null,
    truncation: 'disabled',
    usage: state.usage,
    user: null,
    presence_penalty: 0,
    frequency_penalty: 0,
    kv_transfer_params: null,
    ec_transfer_params: null,
    input_messages: null,
    output_messages: null,
  };
}

function usage(input: number, output: number): object {
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: 0,
      cache_write_tokens: 0,
      input_tokens_per_turn: [],
      cached_tokens_per_turn: [],
    },
    output_tokens: output,
    output_tokens_details: {
      reasoning_tokens: 0,
      tool_output_tokens: 0,
      output_tokens_per_turn: [],
      tool_output_tokens_per_turn: [],
    },
    total_tokens: input + output,
  };
}

function item({ itemId }: ResponseJob, status: string, content: readonly object[]): object {
  return { id: itemId, content, role: 'assistant', status, type: 'message', phase: null };
}

function part(text: string, logprobs: null | readonly object[]): object {
  return { annotations: [], text, type: 'output_text', logprobs };
}

/** The texts of a stream's events, numbered. */
export class ResponseEvents {
  readonly #job: ResponseJob;
  readonly #texts: string[] = [];
  #tokens = 0;
  #next = 0;

  constructor(job: ResponseJob) {
    this.#job = job;
  }

  /** The events of a piece; '' for one that shows nothing. */
  piece({ text, tokens, finish }: Piece): string {
    this.#tokens += tokens;
    if (text === '' && finish === undefined) return '';
    const said = (this.#next === 0 ? this.#opening() : '') + (text === '' ? '' : this.#delta(text));
    this.#texts.push(text);
    if (finish === undefined) return said;
    return said + this.#ending({ text: this.#texts.join(''), tokens: this.#tokens, finish });
  }

  #opening(): string {
    const state = { status: 'in_progress', incomplete_details: null, output: [], usage: null };
    const begun = { response: response(this.#job, state) };
    return (
      this.#event('response.created', begun) +
      this.#event('response.in_progress', begun) +
      this.#event('response.output_item.added', {
        item: item(this.#job, 'in_progress', []),
        output_index: 0,
      }) +
      this.#event('response.content_part.added', { ...this.#place(), part: part('', []) })
    );
  }

  #delta(text: string): string {
    const type = 'response.output_text.delta';
    const { itemId } = this.#job;
    return (
      `event: ${type}\ndata: {"content_index":0,"delta":${JSON.stringify(text)},"item_id":"${itemId}","logprobs":[],` +
      `"output_index":0,"sequence_number":${this.#next++},"type":"${type}"}\n\n`
    );
  }

  #ending(reply: WholeReply): string {
    const { text } = reply;
    return (
      this.#event('response.output_text.done', {
        content_index: 0,
        item_id: this.#job.itemId,
        logprobs: [],
        output_index: 0,
        sequence_number: this.#next++,
        text,
      }) +
      this.#event('response.content_part.done', { ...this.#place(), part: part(text, null) }) +
      this.#event('response.output_item.done', {
        item: item(this.#job, 'completed', [part(text, null)]),
        output_index: 0,
      }) +
      // vLLM says `completed` also of a response that its own status calls incomplete.
      this.#event('response.completed', { response: endedResponse(this.#job, reply) })
    );
  }

  #place(): object {
    return { content_index: 0, item_id: this.#job.itemId, output_index: 0 };
  }

  #event(type: string, fields: object): string {
    const numbered = 'sequence_number' in fields ? fields : { ...fields, sequence_number: this.#next++ };
    const data = { ...numbered, type };
    return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
  }
}
