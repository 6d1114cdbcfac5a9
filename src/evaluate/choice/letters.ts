/** AISBench's post-processors that make one letter, or several, of an answer. `fixed` is the careful reader of read-choice. */
import { isPythonUpper } from '../python-text.ts';
import type { Configurable, Extraction, Extractor, PredPostprocessor } from '../types.ts';
import { badKey, lettersIn, onlyKeys } from './config-keys.ts';
import { firstOption } from './first-option.ts';
import { choiceReader, choicesReader } from './read-choice.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const none = '';

/** `first-capital`: the first character that Python calls upper case, of any script. */
export const firstCapital: PredPostprocessor = {
  name: 'first-capital',
  compat: (text) => capitalsIn(text)[0],
  fixed: choiceReader(ALPHABET),
  none,
};

/** `last-capital`: the last one. */
export const lastCapital: PredPostprocessor = {
  name: 'last-capital',
  compat: (text) => capitalsIn(text).at(-1),
  fixed: choiceReader(ALPHABET),
  none,
};

/** `first-capital-multi`: the first run of the letters A to D, as it stands. */
export const firstCapitalMulti: PredPostprocessor = {
  name: 'first-capital-multi',
  compat: firstMatch(/[A-D]+/, 'first-run'),
  fixed: choicesReader('ABCD'),
  none,
};

/** `multiple-select`: every capital of the text, once and sorted, so that those of a sentence count too. */
export const multipleSelect: PredPostprocessor = {
  name: 'multiple-select',
  compat: (text) => {
    const found = capitalsIn(text);
    const [first, last] = [found[0], found.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    const letters = new Set(found.map(({ answer }) => answer));
    const answer = [...letters].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!).join('');
    return { answer, rule: 'all-capitals', span: [first.span[0], last.span[1]] };
  },
  fixed: choicesReader('ABCDEFGHIJ'),
  none,
};

/** `first_option_postprocess`, keys `options` and `cushion` (true unless told). */
export const firstOptionPostprocess: Configurable<PredPostprocessor> = (keys) => {
  onlyKeys(keys, 'pred_postprocessor', ['options', 'cushion']);
  const letters = lettersIn(keys, 'pred_postprocessor');
  const { cushion = true } = keys;
  if (typeof cushion !== 'boolean') throw badKey('pred_postprocessor.cushion', cushion, 'true or false');
  const compat = firstOption(letters, { cushion });
  return { name: 'first_option_postprocess', compat, fixed: choiceReader(letters), none };
};

/** `last_option_postprocess`, key `options`: the last such letter anywhere, that of a word too. */
export const lastOptionPostprocess: Configurable<PredPostprocessor> = (keys) => {
  onlyKeys(keys, 'pred_postprocessor', ['options']);
  const letters = lettersIn(keys, 'pred_postprocessor');
  const compat: Extractor = (text) => {
    const at = Math.max(...[...letters].map((letter) => text.lastIndexOf(letter)));
    return at === -1 ? undefined : { answer: text[at]!, rule: 'last-option', span: [at, at + 1] };
  };
  return { name: 'last_option_postprocess', compat, fixed: choiceReader(letters), none };
};

function capitalsIn(text: string): Extraction[] {
  const found: Extraction[] = [];
  for (let at = 0; at < text.length; ) {
    const char = String.fromCodePoint(text.codePointAt(at)!);
    const end = at + char.length;
    if (isPythonUpper(char)) found.push({ answer: char, rule: 'capital', span: [at, end] });
    at = end;
  }
  return found;
}

function firstMatch(pattern: RegExp, rule: string): Extractor {
  return (text) => {
    const found = pattern.exec(text);
    return found === null
      ? undefined
      : { answer: found[0], rule, span: [found.index, found.index + found[0].length] };
  };
}
