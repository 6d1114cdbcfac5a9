import { expect, it } from 'vitest';
import { wordTokens } from './natural-language.ts';

it.each([
  ['Good muffins cost $3.88 in New York.', 'Good muffins cost $ 3.88 in New York .'],
  ['Mr. Smith left. The end', 'Mr. Smith left . The end'],
  ["I can't, she'll; we're DON'T", "I ca n't , she 'll ; we 're DO N'T"],
  ['He said "Go!" (twice)', "He said `` Go ! '' ( twice )"],
  ['“Curly” and ‘single’ quotes', '“ Curly ” and ‘ single ’ quotes'],
  ['a well-known--if odd--word…', 'a well-known -- if odd -- word…'],
  ['I cannot, gonna WANNA go', 'I can not , gon na WAN NA go'],
  ['Wait... 10:30, 1,000: yes', 'Wait ... 10:30 , 1,000 : yes'],
  ['*BOLD* <TAG> [x] {y} a/b', '* BOLD * < TAG > [ x ] { y } a/b'],
  ["the dogs' bowl isn't Tom's", "the dogs ' bowl is n't Tom 's"],
  ["'quoted' words", "' quoted ' words"],
  ['1990–1995 and U.S.A. now', '1990 – 1995 and U.S.A. now'],
  ['"Start" it', "`` Start '' it"],
  ["'Tis it and 'twas", "' Tis it and ' twas"],
])('%s', (text, expected) => {
  expect(wordTokens(text).join(' ')).toBe(expected);
});
