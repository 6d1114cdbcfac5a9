/** Writes replies in vLLM's form, whole or as an event stream; chat and plain completions differ in a `ReplyShape`. */
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../exchange.ts';
import type { Engine, Finish, ReadPrompt, Sampling } from '../types.ts';
import type { StreamOptions } from './openai-request.ts';

/** The parts are JSON texts, cut where a chunk's text goes, so that a chunk costs one small `JSON.stringify`. */
export interface ReplyShape {
  readonly idPrefix: string;
  readonly chunkObject: string;
  readonly wholeObject: string;
  /** The choice of a first chunk before any text, and what stands after its usage; undefined when there is none. */
  readonly opening: { readonly choice: string; readonly after: string } | undefined;
  readonly beforeText: string;
  readonly afterText: string;
  afterLastText(finish: Finish): string;
  wholeChoice(text: string, finish: Finish): object;
  /** Further keys of a whole reply. */
  readonly wholeExtras: object;
}

export interface Job {
  readonly engine: Engine;
  readonly prompt: ReadPrompt;
  readonly sampling: Sampling;
}

export async function sendWhole(exchange: Exchange, shape: ReplyShape, job: Job): Promise<void> {
  const texts: string[] = [];
  let tokens = 0;
  let end: Finish | undefined;
  await job.prompt.generate(
    job.sampling,
    (piece) => {
      texts.push(piece.text);
      tokens += piece.tokens;
      end = piece.finish;
    },
    exchange.signal,
  );
  if (end === undefined) return;
  exchange.json(200, {
    id: newId(shape),
    object: shape.wholeObject,
    created: epochSeconds(),
    model: job.engine.model,
    choices: [shape.wholeChoice(texts.join(''), end)],
    service_tier: null,
    system_fingerprint: job.engine.owner,
    usage: {
      ...usage(job.prompt.tokens, tokens),
      prompt_tokens_details: null,
      completion_tokens_details: null,
    },
    ...shape.wholeExtras,
  });
}

export async function sendStream(
  exchange: Exchange,
  shape: ReplyShape,
  job: Job,
  options: StreamOptions,
): Promise<void> {
  const head = chunkHead(shape, job.engine.model);
  const promptTokens = job.prompt.tokens;
  const fingerprint = `,"system_fingerprint":${JSON.stringify(job.engine.owner)}`;
  const chunkUsage = (tokens: number): string =>
    options.usageInChunks
      ? `,"usage":${JSON.stringify({ ...usage(promptTokens, tokens), completion_tokens_details: null })}`
      : '';
  const events = exchange.events();
  let tokens = 0;
  let opening = shape.opening && `${head}${shape.opening.choice}]${chunkUsage(0)}${shape.opening.after}}\n\n`;
  await job.prompt.generate(
    job.sampling,
    (piece) => {
      tokens += piece.tokens;
      const { text, finish } = piece;
      if (text === '' && finish === undefined) return;
      const before = `${opening ?? ''}${head}${shape.beforeText}${JSON.stringify(text)}`;
      opening = undefined;
      if (finish === undefined) {
        events.write(`${before}${shape.afterText}]${chunkUsage(tokens)}}\n\n`);
        return;
      }
      const last = options.usageAtEnd
        ? `}\n\n${head}],"usage":${JSON.stringify(usage(promptTokens, tokens))}${fingerprint}}\n\n`
        : `${fingerprint}}\n\n`;
      events.end(`${before}${shape.afterLastText(finish)}]${chunkUsage(tokens)}${last}data: [DONE]\n\n`);
    },
    exchange.signal,
  );
}

function chunkHead(shape: ReplyShape, model: string): string {
  const constant = { id: newId(shape), object: shape.chunkObject, created: epochSeconds(), model };
  return `data: ${JSON.stringify(constant).slice(0, -1)},"choices":[`;
}

function usage(promptTokens: number, completionTokens: number): object {
  return {
    prompt_tokens: promptTokens,
    total_tokens: promptTokens + completionTokens,
    completion_tokens: completionTokens,
  };
}

function newId(shape: ReplyShape): string {
  return shape.idPrefix + randomBytes(8).toString('hex');
}

function epochSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
