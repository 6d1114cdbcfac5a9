/** `GET /v1/models` and `GET /health`. */
import { randomBytes } from 'node:crypto';
import type { Route } from '../exchange.ts';
import type { Engine } from '../types.ts';
import { OPENAI_WORDS } from './openai-errors.ts';

export function models(engine: Engine): readonly Route[] {
  const created = Math.floor(Date.now() / 1000);
  const list = { object: 'list', data: [card(engine, created)] };
  return [
    {
      method: 'GET',
      path: '/v1/models',
      words: OPENAI_WORDS,
      handle: (exchange) => exchange.reply(200, list),
    },
    { method: 'GET', path: '/health', words: OPENAI_WORDS, handle: (exchange) => exchange.reply(200, '') },
  ];
}

function card(engine: Engine, created: number): object {
  return {
    id: engine.model,
    object: 'model',
    created,
    owned_by: engine.owner,
    root: engine.model,
    parent: null,
    max_model_len: engine.contextLength,
    permission: [permission(created)],
    simulated: engine.simulated,
  };
}

function permission(created: number): object {
  return {
    id: `modelperm-${randomBytes(8).toString('hex')}`,
    object: 'model_permission',
    created,
    allow_create_engine: false,
    allow_sampling: true,
    allow_logprobs: false,
    allow_search_indices: false,
    allow_view: true,
    allow_fine_tuning: false,
    organization: '*',
    group: null,
    is_blocking: false,
  };
}
