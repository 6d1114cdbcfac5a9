/** How TGI 3 says what is wrong; MindIE's own protocol is taken to say it the same way. */
import type { ErrorWords } from '../exchange.ts';
import type { Complain } from '../fields.ts';
import { HttpError } from '../http-error.ts';

/** A request that is understood and refused. */
export function invalid(message: string): HttpError {
  return new HttpError(422, validation(message));
}

/** A body that is no JSON is a 400, one of the wrong form a 422; both in plain text. */
export function undeserializable(message: string): HttpError {
  const isJson = message !== '';
  const text = isJson
    ? `Failed to deserialize the JSON body into the target type: ${message}`
    : 'Failed to parse the request body as JSON';
  return new HttpError(isJson ? 422 : 400, text);
}

export const wrongField: Complain = (name, expected, value) =>
  undeserializable(`${name}: invalid type: ${JSON.stringify(value)}, expected ${expected}`);

export const TGI_WORDS: ErrorWords = {
  refused: invalid,
  broken: (message) => new HttpError(424, generation(message)),
  brokenStream: (message) => event(generation(message)),
};

/** On a stream's path even a refusal is a stream: status 200, and one event. */
export const TGI_STREAM_WORDS: ErrorWords = {
  ...TGI_WORDS,
  refused: (message) => asStream(validation(message)),
  broken: (message) => asStream(generation(message)),
};

/** The refusal of a whole reply, as the stream's path has it. */
export function asStreamError(error: unknown): unknown {
  const isRefusal = error instanceof HttpError && error.status === 422 && typeof error.body === 'object';
  return isRefusal ? asStream(error.body as object) : error;
}

function asStream(body: object): HttpError {
  return new HttpError(200, event(body), { 'content-type': 'text/event-stream' });
}

function validation(message: string): object {
  return { error: `Input validation error: ${message}`, error_type: 'validation' };
}

function generation(message: string): object {
  return { error: `Request failed during generation: ${message}`, error_type: 'generation' };
}

function event(body: object): string {
  return `data: ${JSON.stringify(body)}\n\n`;
}
