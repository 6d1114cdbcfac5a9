/** Writes replies in vLLM's form, whole or as an event stream; chat, tool calls and plain text differ in a `ReplyShape`. */
import { randomBytes } from 'node:crypto';
import type { Finish, Generate, InferenceEngine, Sampling, WholeReply } from '../engine.ts';
import type { HttpExchange } from '../exchange.ts';
import type { StreamOptions } from './openai-request.ts';

/** A choice of a chunk before any text, and what follows its usage; both JSON texts. */
interface FirstChunk {
  readonly choice: string;
  readonly after: string;
}

/** The parts are JSON texts, cut where a chunk's text goes, so that a chunk costs one small `JSON.stringify`. */
export interface ReplyShape {
  readonly idPrefix: string;
  readonly chunkObject: string;
  readonly wholeObject: string;
  readonly opening: readonly FirstChunk[];
  readonly beforeText: string;
  readonly afterText: string;
  /** The choices of the last chunks, for the last text as a JSON text. */
  last(text: string, finish: Finish): readonly string[];
  wholeChoice(text: string, finish: Finish): object;
  /** Further keys of a whole reply. */
  readonly wholeExtras: object;
}

/** A reply to generate. */
export interface ReplyJob {
  readonly engine: InferenceEngine;
  readonly promptTokens: number;
  readonly generate: Generate;
  readonly sampling: Sampling;
}

/** Makes the body of a whole reply. */
export function wholeReply(shape: ReplyShape, job: ReplyJob, { text, tokens, finish }: WholeReply): object {
  return {
    id: newId(shape.idPrefix),
    object: shape.wholeObject,
    created: epochSeconds(),
    model: job.engine.model,
    choices: [shape.wholeChoice(text, finish)],
    service_tier: null,
    system_fingerprint: job.engine.owner,
    usage: {
      ...usage(job.promptTokens, tokens),
      prompt_tokens_details: null,
      completion_tokens_details: null,
    },
    ...shape.wholeExtras,
  };
}

/** Streams a reply as events. */
export async function sendStream(
  exchange: HttpExchange,
  shape: ReplyShape,
  job: ReplyJob,
  options: StreamOptions,
): Promise<void> {
  const writer = exchange.stream();
  const chunks = new Chunks(shape, job, options);
  await job.generate(
    job.sampling,
    ({ text, tokens, finish }) => {
      chunks.count(tokens);
      if (finish !== undefined) writer.end(chunks.last(text, finish));
      else if (text !== '') writer.write(chunks.next(text));
    },
    exchange.signal,
  );
}

/** The texts of a stream's events. */
class Chunks {
  readonly #shape: ReplyShape;
  readonly #job: ReplyJob;
  readonly #options: StreamOptions;
  readonly #head: string;
  #tokens = 0;
  #opened = false;

  constructor(shape: ReplyShape, job: ReplyJob, options: StreamOptions) {
    this.#shape = shape;
    this.#job = job;
    this.#options = options;
    const { idPrefix, chunkObject } = shape;
    const { model } = job.engine;
    const constant = { id: newId(idPrefix), object: chunkObject, created: epochSeconds(), model };
    this.#head = `data: ${JSON.stringify(constant).slice(0, -1)},"choices":[`;
  }

  count(tokens: number): void {
    this.#tokens += tokens;
  }

  next(text: string): string {
    const { beforeText, afterText } = this.#shape;
    return this.#open() + this.#chunk(`${beforeText}${JSON.stringify(text)}${afterText}`, '');
  }

  last(text: string, finish: Finish): string {
    const choices = this.#shape.last(JSON.stringify(text), finish);
    const fingerprint = `,"system_fingerprint":${JSON.stringify(this.#job.engine.owner)}`;
    const { usageAtEnd } = this.#options;
    const parts = choices.map((choice, index) =>
      this.#chunk(choice, usageAtEnd || index < choices.length - 1 ? '' : fingerprint),
    );
    const counts = JSON.stringify(usage(this.#job.promptTokens, this.#tokens));
    if (usageAtEnd) parts.push(`${this.#head}],"usage":${counts}${fingerprint}}\n\n`);
    return `${this.#open()}${parts.join('')}data: [DONE]\n\n`;
  }

  #open(): string {
    if (this.#opened) return '';
    this.#opened = true;
    const { promptTokens } = this.#job;
    const counts = this.#options.usageInChunks ? this.#usage(promptTokens, 0) : '';
    const { opening } = this.#shape;
    return opening.map(({ choice, after }) => `${this.#head}${choice}]${counts}${after}}\n\n`).join('');
  }

  #chunk(choice: string, after: string): string {
    const counts = this.#options.usageInChunks ? this.#usage(this.#job.promptTokens, this.#tokens) : '';
    return `${this.#head}${choice}]${counts}${after}}\n\n`;
  }

  #usage(promptTokens: number, tokens: number): string {
    return `,"usage":${JSON.stringify({ ...usage(promptTokens, tokens), completion_tokens_details: null })}`;
  }
}

function usage(promptTokens: number, completionTokens: number): object {
  return {
    prompt_tokens: promptTokens,
    total_tokens: promptTokens + completionTokens,
    completion_tokens: completionTokens,
  };
}

/** Makes a random id. */
export function newId(prefix: string): string {
  return prefix + randomBytes(8).toString('hex');
}

/** Returns the time in Unix seconds. */
export function epochSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
