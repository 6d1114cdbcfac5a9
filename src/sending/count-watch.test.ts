import { expect, it } from 'vitest';
import { RequestOutput } from '../contract/output.ts';
import { VLLMCustomAPI } from '../models/api/vllm-custom-api.ts';
import { modelOptions } from '../testing/index.ts';
import { CountWatch } from './count-watch.ts';

const model = new VLLMCustomAPI(modelOptions());
const event = { choices: [{ text: 'a' }], usage: { prompt_tokens: 7, completion_tokens: 1 } };

it('looks into one reply, and leaves every other request its model', () => {
  const watch = new CountWatch();
  const first = watch.next(model);
  expect(first).not.toBe(model);
  expect(watch.next(model)).toBe(model);
  const output = new RequestOutput();
  first.parseStreamResponse!(event, output);
  expect(output.content).toBe('a');
  expect(watch.places).toEqual({ input: 'usage.prompt_tokens', output: 'usage.completion_tokens' });
  watch.release(first, model);
  expect(watch.next(model)).toBe(model);
});

it('watches the next request where one ended without a reply', () => {
  const watch = new CountWatch();
  const [failed, other] = [watch.next(model), watch.next(model)];
  watch.release(other, model);
  expect(watch.next(model)).toBe(model);
  watch.release(failed, model);
  expect(watch.next(model)).not.toBe(model);
  expect(watch.places).toEqual({});
});
