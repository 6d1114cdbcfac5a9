/** `generate` of old vLLM (0.2; gone today), from its description: every answer has the prompt and all of the text so far. */
import type { Route } from '../exchange.ts';
import type { Engine } from '../types.ts';
import { answerGenerate, GENERATE_WORDS, readGenerateBody, refused } from './plain-generate.ts';

export function vllmGenerate(engine: Engine): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/generate',
      words: GENERATE_WORDS,
      accepts: (body) => typeof body['prompt'] === 'string',
      handle(exchange) {
        const body = readGenerateBody(exchange);
        const { prompt } = body;
        if (typeof prompt !== 'string') throw refused('the request has no prompt');
        return answerGenerate(exchange, body, engine, { text: prompt, shown: prompt, cumulative: true });
      },
    },
  ];
}
