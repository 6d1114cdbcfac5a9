/** AISBench's post-processors that make one letter, or several, of an answer. `fixed` is the careful reader of read-choice. */

import { badKey, lettersIn, onlyKeys } from '../inputs.ts';
import { pythonRegex } from '../python-regex.ts';
import { isPythonUpper, PYTHON_SPACE, strippedSpan } from '../python-text.ts';
import type { Configurable, Extraction, Extractor, PredPostprocessor } from '../types.ts';
import turnsOfPhrase from './first-option.json' with { type: 'json' };
import { choiceReader, choicesReader } from './read-choice.ts';

// The option that AISBench's `first_option_postprocess` finds: the first of some fifty Chinese and English turns of phrase
// that is anywhere in the text decides, in this order, whatever comes later in the text.

/**
 * One a line, in Python's syntax with `.` for any character: `@` is one of the options, captured; `#` the same, not captured;
 * `…` anything up to the next place where the rest fits; `~` a word, up to its last 。 or the end of the text.
 *
 * `故选` and `只有` are one line because a comma is missing where they should be two, in AISBench and in OpenCompass.
 */
const TURNS: readonly string[] = turnsOfPhrase;

/** Tried after the others, unless told not to: any option with a colon, any option. */
const CUSHION: readonly string[] = ['@:', '@'];

type OptionSpan = readonly [start: number, end: number];
/** What a turn captures, or the whole of it where that is empty. */
type Find = (text: string) => OptionSpan | undefined;

/** The patterns as Python writes them, for a check against Python itself. */
export function firstOptionPatterns(letters: string, cushion: boolean): string[] {
  return turns(cushion).map((turn) =>
    filled(turn.replace('…', '.*?').replace('~', String.raw`\s?(\S+)(?:。|$)`), letters),
  );
}

/**
 * The first letter, in the order of `letters`, that is in what the first matching turn captured; where none does, the
 * next turn is tried. `cushion: false` leaves out the last two turns.
 */
export function firstOption(
  letters: string,
  { cushion = true }: { readonly cushion?: boolean } = {},
): Extractor {
  const rules = turns(cushion).map((turn) => ({
    rule: `first-option ${turn}`,
    find: finderOf(turn, letters),
  }));
  return (original) => {
    const [lead, end] = strippedSpan(original);
    const text = original.slice(lead, end);
    for (const { rule, find } of rules) {
      const found = find(text);
      const letter = found && letterIn(text.slice(...found), letters);
      if (letter !== undefined) return extraction(letter, rule, lead + found![0] + letter.at);
    }
    return undefined;
  };
}

function turns(cushion: boolean): readonly string[] {
  return cushion ? [...TURNS, ...CUSHION] : TURNS;
}

function filled(turn: string, letters: string): string {
  return turn.replaceAll('@', `([${letters}])`).replaceAll('#', `[${letters}]`);
}

function letterIn(
  part: string,
  letters: string,
): { readonly letter: string; readonly at: number } | undefined {
  const letter = [...letters].find((one) => part.includes(one));
  return letter === undefined ? undefined : { letter, at: part.indexOf(letter) };
}

function extraction({ letter }: { readonly letter: string }, rule: string, start: number): Extraction {
  return { answer: letter, rule, span: [start, start + 1] };
}

function finderOf(turn: string, letters: string): Find {
  const [before = '', after] = turn.split('…');
  if (after !== undefined) return laterBox(before, filled(after, letters));
  if (turn.endsWith('~')) return wordAfter(turn.slice(0, -1));
  const pattern = pythonRegex(filled(turn, letters), { dotAll: true });
  return (text) => capturedBy(pattern, text);
}

function capturedBy(pattern: RegExp, text: string): OptionSpan | undefined {
  const [whole, captured] = pattern.exec(text)?.indices ?? [];
  return captured !== undefined && captured[1] > captured[0] ? captured : whole;
}

/**
 * `before.*?after`: the first place of `after` behind the first of `before`. As one expression it would look through the
 * rest of the text again from each `before`.
 */
function laterBox(before: string, after: string): Find {
  const first = pythonRegex(before);
  const next = pythonRegex(after, { flags: 'g' });
  return (text) => {
    const start = first.exec(text)?.indices?.[0]?.[1];
    if (start === undefined) return undefined;
    next.lastIndex = start;
    return capturedBy(next, text);
  };
}

const SPACE_OR_END = new RegExp(`[${PYTHON_SPACE}]|$`, 'g');

/** `prefix\s?(\S+)(?:。|$)` in one pass: a run of characters without space is looked at once, however often it has the prefix. */
function wordAfter(prefix: string): Find {
  return (text) => {
    for (let at = text.indexOf(prefix); at !== -1; ) {
      const behind = at + prefix.length;
      const start = runEnd(text, behind) === behind ? behind + 1 : behind;
      const end = runEnd(text, start);
      if (end === text.length && end > start) return [start, end];
      const stop = text.slice(start, end).lastIndexOf('。');
      if (stop > 0) return [start, start + stop];
      at = text.indexOf(prefix, Math.max(behind, end - prefix.length));
    }
    return undefined;
  };
}

/** Where the characters without space that begin at a position end. */
function runEnd(text: string, start: number): number {
  if (start >= text.length) return text.length;
  SPACE_OR_END.lastIndex = start;
  return SPACE_OR_END.exec(text)?.index ?? text.length;
}

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

/** `first-capital-multi`: the first run of the letters A to D, as it is. */
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

/** `first_option_postprocess`, keys `options` and `cushion` (true by default). */
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
