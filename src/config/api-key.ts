import { resolve } from 'node:path';
import { messageOf } from '../contract/errors.ts';
import { readNamedFile } from './load.ts';
import type { Surroundings } from './reading.ts';
import { type RawEntry, wrongValue } from './validate.ts';

/**
 * The key that a config means: itself, or what `{env:NAME}` or `{file:PATH}` holds, so that the key stands in neither config nor command.
 * Throws UTILS-CFG-002 where that is nothing.
 */
export function readApiKey(given: string, entry: RawEntry, { env, cwd }: Surroundings): string {
  const [, source, name = ''] = /^\{(env|file):([^{}]*)\}$/.exec(given) ?? [];
  if (source === undefined) return given;
  const refuse = (why: string) =>
    wrongValue(entry, ['api_key'], why, 'put the key there, or name another place: {env:NAME}, {file:PATH}');
  if (source === 'env') {
    const key = env[name];
    if (key) return key;
    throw refuse(`the environment variable ${name} is not set`);
  }
  let key = '';
  try {
    key = readNamedFile(resolve(cwd, name)).trim();
  } catch (error) {
    throw refuse(`the file cannot be read: ${messageOf(error)}`);
  }
  if (key === '' || /[\r\n]/.test(key)) throw refuse(`the file ${name} does not hold one line`);
  return key;
}
