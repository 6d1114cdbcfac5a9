/** A request of TGI, with the limits that TGI 3 sets. */
import { type Body, Fields } from '../fields.ts';
import { readText, samplingOf } from '../sampling.ts';
import type { Engine, ReadPrompt, Sampling } from '../types.ts';
import { invalid, undeserializable, wrongField } from './tgi-errors.ts';

export const MOST_STOPS = 4;

/** TGI's default since 3.0. */
const DEFAULT_MAX_TOKENS = 1024;

export interface TgiRequest {
  readonly text: string;
  readonly prompt: ReadPrompt;
  readonly sampling: Sampling;
  readonly details: boolean;
  /** Whether the prompt's own tokens are wanted with their probabilities. */
  readonly inputDetails: boolean;
  /** Whether the answer begins with the prompt. */
  readonly fullText: boolean;
}

/** `fullTextByDefault`: as `POST /` has it. Throws HttpError 422, PromptRefused for a prompt that is too long. */
export function readTgiRequest(
  body: Body,
  engine: Engine,
  fullTextByDefault: boolean,
  stream = false,
): TgiRequest {
  const top = new Fields(body, wrongField);
  const parameters = top.within('parameters');
  const text = top.string('inputs');
  if (text === undefined) throw undeserializable('missing field `inputs`');
  if (text === '') throw invalid('`inputs` cannot be empty');
  refuseUnsupported(parameters);
  const prompt = readText(engine, text);
  const inputDetails = parameters.boolean('decoder_input_details') ?? false;
  if (inputDetails && stream) {
    throw invalid('`decoder_input_details` == true is not supported when streaming tokens');
  }
  if (inputDetails && prompt.score === undefined) throw invalid('`decoder_input_details` is not supported');
  return {
    text,
    prompt,
    sampling: samplingOf(engine, prompt, readSampling(parameters)),
    details: parameters.boolean('details') ?? false,
    inputDetails,
    fullText: parameters.boolean('return_full_text') ?? fullTextByDefault,
  };
}

function readSampling(parameters: Fields) {
  const temperature = parameters.number('temperature');
  const topP = parameters.number('top_p');
  const topK = parameters.integer('top_k');
  const maxTokens = parameters.integer('max_new_tokens') ?? DEFAULT_MAX_TOKENS;
  const stop = parameters.texts('stop');
  if (maxTokens < 1) throw invalid('`max_new_tokens` must be strictly positive');
  if (temperature !== undefined && temperature <= 0) throw invalid('`temperature` must be strictly positive');
  if (topP !== undefined && (topP <= 0 || topP >= 1)) throw invalid('`top_p` must be > 0.0 and < 1.0');
  if (topK !== undefined && topK <= 0) throw invalid('`top_k` must be strictly positive');
  if (stop.length > MOST_STOPS) {
    throw invalid(`\`stop\` supports up to ${MOST_STOPS} stop sequences. Given: ${stop.length}`);
  }
  const sampled = parameters.boolean('do_sample') ?? [temperature, topP, topK].some((it) => it !== undefined);
  return {
    maxTokens,
    stop,
    // TGI leaves the stop sequence in the text.
    keepStop: true,
    temperature: sampled ? (temperature ?? 1) : 0,
    topP,
    topK,
    seed: parameters.integer('seed'),
  };
}

// Left out in silence, each of these would give a reply that means something else than the client believes.
function refuseUnsupported(parameters: Fields): void {
  const bestOf = parameters.integer('best_of') ?? 1;
  if (bestOf !== 1) throw invalid('`best_of` != 1 is not supported');
  if ((parameters.integer('top_n_tokens') ?? 0) !== 0) throw invalid('`top_n_tokens` is not supported');
  if (parameters.has('grammar')) throw invalid('`grammar` is not supported');
}
