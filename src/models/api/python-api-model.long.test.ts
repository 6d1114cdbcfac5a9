import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { BaseAPIModel } from '../../contract/base-api-model.ts';
import { modelOptions, readRecordedReply, testServiceModel } from '../../testing/index.ts';
import { pythonAPIModelClass } from './python-api-model.ts';

const file = fileURLToPath(new URL('../../../test/support/python/guide_models.py', import.meta.url));
const place = { file, name: 'Completions', folder: dirname(file), extraOptions: [] };

const Completions = pythonAPIModelClass({ ...place, parsesText: true, parsesStream: true });

/** One a set of options: each has a process of its own, and the checks make a model for every cut of a stream. */
const made = new Map<string, BaseAPIModel>();
afterAll(() => Promise.all([...made.values()].map((model) => model.close?.())));

function create(options = modelOptions()): BaseAPIModel {
  const key = JSON.stringify(options);
  const model = made.get(key) ?? new Completions(options);
  made.set(key, model);
  return model;
}

const recorded = (name: string) => readRecordedReply(`test/fixtures/vllm/${name}`);

describe('a Python class for a service, recordings of vLLM', () => {
  // Every cut of a stream is a way through another process and back.
  testServiceModel((name, run) => it(name, run, 120_000), {
    create,
    recordings: {
      text: recorded('completions_nostream'),
      stream: recorded('completions_stream_usage'),
    },
  });
});

it('has the methods that its text has', () => {
  const { prototype } = pythonAPIModelClass({ ...place, parsesText: false, parsesStream: true });
  expect([prototype.parseTextResponse, typeof prototype.parseStreamResponse]).toEqual([
    undefined,
    'function',
  ]);
});
