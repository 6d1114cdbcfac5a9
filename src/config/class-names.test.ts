import fc from 'fast-check';
import { expect, it } from 'vitest';
import { classNameOf, snakeCase } from './class-source.ts';

it.each([
  ['MyCustomAPI', 'my_custom_api'],
  ['MyCustomModel', 'my_custom_model'],
  ['VLLMCustomAPIChat', 'vllm_custom_api_chat'],
  ['TGICustomAPI', 'tgi_custom_api'],
  ['Llama3Local', 'llama3_local'],
  ['A', 'a'],
])('%s is %s', (className, snake) => {
  expect(snakeCase(className)).toBe(snake);
});

it('a name in the guide’s style comes back', () => {
  const word = fc.stringMatching(/^[a-z][a-z]{1,6}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
      const snake = words.join('_');
      // Two acronyms in a row cannot be told apart again.
      fc.pre(!snake.includes('api_api'));
      expect(snakeCase(classNameOf(snake))).toBe(snake);
    }),
  );
});
