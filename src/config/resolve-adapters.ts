import { resolve } from 'node:path';
import { type AisBenchError, messageOf } from '../contract/errors.ts';
import type { AdapterPlan } from './connection-plan.ts';
import { readNamedFile } from './load.ts';
import type { ServiceModelConfig } from './schema.ts';
import { type RawEntry, wrongValue } from './validate.ts';

const MAP_FILE = ['generation_kwargs', 'lora_data_map_file'];

/**
 * Which adapter a case asks for: `lora_mix`, or AISBench's `generation_kwargs.lora_data_map_file`, a JSON object of row →
 * adapter (§2.3). Throws UTILS-CFG-002 for a file that cannot be read: silently asking the base model would measure
 * something else.
 */
export function resolveAdapters(
  config: ServiceModelConfig,
  entry: RawEntry,
  cwd: string,
): AdapterPlan | undefined {
  const file = config.generation_kwargs['lora_data_map_file'];
  const shares = config.lora_mix;
  if (shares !== undefined) {
    if (file !== undefined && file !== null && file !== '')
      throw wrongValue(
        entry,
        ['lora_mix'],
        'lora_mix and lora_data_map_file are both given',
        'keep one of the two',
      );
    return { kind: 'mix', seed: config.lora_seed, shares };
  }
  // AISBench takes an empty name for none.
  if (file === undefined || file === null || file === '') return undefined;
  if (typeof file !== 'string') throw wrongValue(entry, MAP_FILE, 'this is no file name', 'write its path');
  return {
    kind: 'rows',
    path: file,
    names: readMap(resolve(cwd, file), (why) => wrongMap(entry, file, why)),
  };
}

function readMap(path: string, refuse: (why: string) => AisBenchError): Record<string, string> {
  let data: unknown;
  try {
    data = JSON.parse(readNamedFile(path));
  } catch (error) {
    throw refuse(`it cannot be read: ${messageOf(error)}`);
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw refuse('it is no JSON object');
  for (const [row, name] of Object.entries(data)) {
    if (!/^\d+$/.test(row)) throw refuse(`"${row}" is no row number, counted from 0`);
    if (typeof name !== 'string') throw refuse(`the adapter of row ${row} is no text`);
  }
  return data as Record<string, string>;
}

function wrongMap(entry: RawEntry, path: string, why: string): AisBenchError {
  return wrongValue(entry, MAP_FILE, `${path}: ${why}`, 'write {"0": "adapter-a", "1": "adapter-b"}');
}
