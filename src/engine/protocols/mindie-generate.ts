/**
 * MindIE's `generate` in the style of vLLM, and VITA's, which MindIE serves: from AISBench's description. Unlike vLLM's,
 * answers are without the prompt, and an event has what is new.
 */
import type { Route } from '../exchange.ts';
import type { Body } from '../fields.ts';
import type { Engine } from '../types.ts';
import { answerGenerate, GENERATE_WORDS, readGenerateBody, refused } from './plain-generate.ts';
import { textOfParts } from './text-parts.ts';

export function mindieGenerate(engine: Engine): readonly Route[] {
  return [routeFor(engine, (body) => 'prompt' in body)];
}

/** A list of parts as the prompt tells VITA's requests from old vLLM's. */
export function vitaGenerate(engine: Engine): readonly Route[] {
  return [routeFor(engine, (body) => Array.isArray(body['prompt']))];
}

function routeFor(engine: Engine, accepts: (body: Body) => boolean): Route {
  return {
    method: 'POST',
    path: '/generate',
    words: GENERATE_WORDS,
    accepts,
    handle(exchange) {
      const body = readGenerateBody(exchange);
      const { prompt } = body;
      const text = typeof prompt === 'string' ? prompt : textOfParts(prompt);
      if (text === undefined) throw refused('the prompt must be a text, or a list of text parts');
      return answerGenerate(exchange, body, engine, { text, shown: '', cumulative: false });
    },
  };
}
