/** `generate`, `generate_stream`, `/` and `info` of Hugging Face's TGI, as TGI 3.3 speaks them. */
import type { Exchange, Route } from '../exchange.ts';
import { type Body, parseObject } from '../fields.ts';
import type { Engine } from '../types.ts';
import { asStreamError, TGI_STREAM_WORDS, TGI_WORDS, undeserializable } from './tgi-errors.ts';
import { sendTgiStream, sendTgiWhole } from './tgi-reply.ts';
import { MOST_STOPS, readTgiRequest } from './tgi-request.ts';

export function tgi(engine: Engine): readonly Route[] {
  const whole = async (exchange: Exchange, body: Body, asList: boolean) =>
    sendTgiWhole(exchange, readTgiRequest(body, engine, asList), asList);
  const stream = async (exchange: Exchange, body: Body) => {
    try {
      await sendTgiStream(exchange, readTgiRequest(body, engine, false, true));
    } catch (error) {
      throw asStreamError(error);
    }
  };
  return [
    {
      method: 'POST',
      path: '/generate',
      words: TGI_WORDS,
      accepts: (body) => 'inputs' in body,
      handle: (exchange) => whole(exchange, read(exchange), false),
    },
    {
      method: 'POST',
      path: '/generate_stream',
      words: TGI_STREAM_WORDS,
      handle: (exchange) => stream(exchange, read(exchange)),
    },
    {
      method: 'POST',
      path: '/',
      words: TGI_WORDS,
      handle(exchange) {
        const body = read(exchange);
        return body['stream'] === true ? stream(exchange, body) : whole(exchange, body, true);
      },
    },
    { method: 'GET', path: '/', words: TGI_WORDS, handle: (exchange) => exchange.reply(200, '') },
    {
      method: 'GET',
      path: '/info',
      words: TGI_WORDS,
      handle: (exchange) => exchange.reply(200, info(engine)),
    },
  ];
}

function read(exchange: Exchange): Body {
  const body = parseObject(exchange.body);
  if (body === undefined) throw undeserializable('');
  return body;
}

function info({ model, contextLength }: Engine): object {
  return {
    model_id: model,
    model_sha: null,
    model_pipeline_tag: 'text-generation',
    max_concurrent_requests: 128,
    max_best_of: 1,
    max_stop_sequences: MOST_STOPS,
    max_input_tokens: contextLength - 1,
    max_total_tokens: contextLength,
    validation_workers: 1,
    max_client_batch_size: 1,
    router: 'ais_bench',
    version: '3',
    sha: null,
    docker_label: null,
  };
}
