import {
  type APIModelOptions,
  type BaseAPIModel,
  baseUrlOf,
  type RequestArgs,
} from '../contract/base-api-model.ts';
import { basicCredentials } from './basic-credentials.ts';
import { filled } from './header-template.ts';

type Headers = Readonly<Record<string, string>>;

/** Content type, the key where one is set, the model class's own headers, the config's; later ones replace earlier ones. */
export function requestHeaders(model: BaseAPIModel, args: RequestArgs): Record<string, string> {
  const { options } = model;
  return merged([
    { 'content-type': 'application/json' },
    authorization(options),
    model.headers?.() ?? {},
    configured(options, args),
  ]);
}

/** Headers of a question that belongs to no call (which model is served?): the key and the config's. */
export function plainHeaders(options: APIModelOptions): Record<string, string> {
  const args = { index: 0, repetition: 0, turn: 0, conversationId: 'none' };
  return merged([authorization(options), configured(options, args)]);
}

/** No key, no header: some services refuse a request that carries an empty or a made-up one. */
function authorization(options: APIModelOptions): Headers {
  const { apiKey } = options;
  if (apiKey !== '') return { authorization: `Bearer ${apiKey}` };
  const basic = basicCredentials(new URL(baseUrlOf(options)));
  return basic === undefined ? {} : { authorization: basic };
}

function configured({ headers = {} }: APIModelOptions, args: RequestArgs): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, filled(value, args)]));
}

/** Names are compared without regard to case: two of one name would both be sent. */
function merged(layers: readonly Headers[]): Record<string, string> {
  const byName = new Map<string, readonly [string, string]>();
  for (const layer of layers)
    for (const [name, value] of Object.entries(layer)) byName.set(name.toLowerCase(), [name, value]);
  return Object.fromEntries(byName.values());
}
