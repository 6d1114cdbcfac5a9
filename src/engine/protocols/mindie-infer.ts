/** MindIE's own `infer`, after its description; not tested against a live server. */
import { collect, type Finish, type InferenceEngine, type ReadPrompt, type Sampling } from '../engine.ts';
import type { HttpExchange, Route } from '../exchange.ts';
import { type Body, BodyFields, fillSampling, joinTextParts, parseObject, readText } from '../fields.ts';
import { invalidRequest, TGI_WORDS, tgiFinishReason, tgiWrongField, undeserializable } from './tgi.ts';

const DEFAULT_MAX_TOKENS = 20;

/** Serves MindIE's `infer`. */
export function mindieInfer(engine: InferenceEngine): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/infer',
      words: TGI_WORDS,
      async handle(exchange) {
        const body = parseObject(exchange.body);
        if (body === undefined) throw undeserializable('');
        const prompt = readText(engine, readInputs(body));
        const parameters = new BodyFields(body, tgiWrongField).within('parameters');
        const sampling = readSampling(parameters, engine, prompt);
        if (body['stream'] === true) return sendStream(exchange, prompt, sampling);
        const reply = await collect(prompt.generate, sampling, exchange.signal);
        if (reply === undefined) return;
        const { text, tokens, finish } = reply;
        exchange.reply(200, { generated_text: text, details: makeDetails(finish, tokens, sampling) });
      },
    },
  ];
}

function readInputs({ inputs }: Body): string {
  if (inputs === undefined) throw undeserializable('missing field `inputs`');
  if (inputs === '') throw invalidRequest('`inputs` cannot be empty');
  const text = typeof inputs === 'string' ? inputs : joinTextParts(inputs);
  if (text !== undefined) return text;
  throw invalidRequest('`inputs` must be a text, or a list of text parts');
}

function readSampling(parameters: BodyFields, engine: InferenceEngine, prompt: ReadPrompt): Sampling {
  const maxTokens = parameters.integer('max_new_tokens') ?? DEFAULT_MAX_TOKENS;
  if (maxTokens < 1) throw invalidRequest('`max_new_tokens` must be strictly positive');
  const temperature = parameters.number('temperature');
  const sampled = parameters.boolean('do_sample') ?? temperature !== undefined;
  return fillSampling(engine, prompt, {
    maxTokens,
    stop: parameters.texts('stop'),
    ignoreEos: parameters.boolean('ignore_eos'),
    temperature: sampled ? (temperature ?? 1) : 0,
    topP: parameters.number('top_p'),
    topK: parameters.integer('top_k'),
    seed: parameters.integer('seed'),
  });
}

/** The last event has the whole text and the details: known from AISBench's parser, not from a server. */
async function sendStream(exchange: HttpExchange, prompt: ReadPrompt, sampling: Sampling): Promise<void> {
  const writer = exchange.stream();
  const texts: string[] = [];
  let generated = 0;
  let before = performance.now();
  await prompt.generate(
    sampling,
    ({ text, tokens, finish }) => {
      const now = performance.now();
      const time = (now - before).toFixed(2);
      before = now;
      const times = generated === 0 ? `${time},"decode_time":null` : `null,"decode_time":${time}`;
      texts.push(text);
      generated += tokens;
      const event = `data: {"prefill_time":${times},"token":{"id":0,"text":${JSON.stringify(text)}}`;
      if (finish === undefined) return writer.write(`${event}}\n\n`);
      const details = JSON.stringify(makeDetails(finish, generated, sampling));
      writer.end(`${event},"generated_text":${JSON.stringify(texts.join(''))},"details":${details}}\n\n`);
    },
    exchange.signal,
  );
}

function makeDetails(finish: Finish, tokens: number, { seed }: Sampling): object {
  return { finish_reason: tgiFinishReason(finish), generated_tokens: tokens, seed: seed ?? null };
}
