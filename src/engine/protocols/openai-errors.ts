import type { ErrorWords } from '../exchange.ts';
import type { Complain } from '../fields.ts';
import { HttpError } from '../http-error.ts';

/** A request that is understood and refused, in vLLM's body. */
export function badRequest(message: string, param: string | null = null): HttpError {
  return new HttpError(400, { error: { message, type: 'BadRequestError', param, code: 400 } });
}

/** A parameter with a value that is out of range, in vLLM's words. */
export function badParameter(message: string, param: string, value: unknown): HttpError {
  return badRequest(`${message} (parameter=${param}, value=${String(value)})`, param);
}

/** A body that does not have the form it must have: vLLM calls these validation errors and names the place. */
export function invalidBody(type: string, place: string, message: string): HttpError {
  const detail = `{'type': '${type}', 'loc': '${place}', 'msg': '${message}'}`;
  return new HttpError(400, {
    error: { message: `1 validation error:\n  ${detail}`, type: 'Bad Request', param: place, code: 400 },
  });
}

export function unknownModel(asked: string, served: string): HttpError {
  const message = `The model \`${asked}\` does not exist. Valid aliases: ${served}.`;
  return new HttpError(404, { error: { message, type: 'NotFoundError', param: 'model', code: 404 } });
}

const PYDANTIC = {
  number: ['float_type', 'Input should be a valid number'],
  integer: ['int_type', 'Input should be a valid integer'],
  boolean: ['bool_type', 'Input should be a valid boolean'],
  string: ['string_type', 'Input should be a valid string'],
  'list of texts': ['string_type', 'Input should be a valid string'],
  object: ['dict_type', 'Input should be a valid dictionary'],
} as const;

export const wrongField: Complain = (name, expected) =>
  invalidBody(PYDANTIC[expected][0], `body.${name}`, PYDANTIC[expected][1]);

const internal = (message: string) => ({
  error: { message, type: 'InternalServerError', param: null, code: 500 },
});

export const OPENAI_WORDS: ErrorWords = {
  refused: (message) => badRequest(message),
  broken: (message) => new HttpError(500, internal(message)),
  brokenStream: (message) => `data: ${JSON.stringify(internal(message))}\n\ndata: [DONE]\n\n`,
};
