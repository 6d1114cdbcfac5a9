/**
 * Words and punctuation as nltk's `word_tokenize` takes a text apart: sentence by sentence, by the rules of the Penn
 * Treebank. Only a sentence's last period is a token of its own; `can't` is `ca` and `n't`; a hyphen joins.
 */
import { BOUNDARY, pythonSplit, WORD } from '../python-text.ts';
import { remembering, sentences } from './sentences.ts';

type Substitution = readonly [pattern: RegExp, replacement: string];

const OPENING: readonly Substitution[] = [
  [/[«“‘„]|`+/gu, ' $& '],
  [/^"/u, '``'],
  [/``/gu, ' $& '],
  [/([ ([{<])(?:"|'')/gu, '$1 `` '],
  [new RegExp(`(?<!${WORD})'(?!(?:re|ve|ll|m|t|s|d|n)${BOUNDARY})(?=${WORD})`, 'giu'), '$& '],
];

const PUNCTUATION: readonly Substitution[] = [
  [/([^.])\.([\])}>"'»”’ ]*)\s*$/u, '$1 . $2 '],
  [/([:,])(\P{Nd})/gu, ' $1 $2'],
  [/[:,]$/u, ' $& '],
  [/\.{2,}/gu, ' $& '],
  [/[;@#$%&]/gu, ' $& '],
  [/[\u2012-\u2015]/gu, ' $& '],
  [/([^.])\.([\])}>"']*)\s*$/u, '$1 .$2 '],
  [/[?!]/gu, ' $& '],
  [/([^'])' /gu, "$1 ' "],
  [/\*/gu, ' $& '],
  [/[\][(){}<>]/gu, ' $& '],
  [/--/gu, ' -- '],
];

const CLOSING: readonly Substitution[] = [
  [/[»”’]/gu, ' $& '],
  [/''/gu, " '' "],
  [/"/gu, " '' "],
  [/\s+/gu, ' '],
  [/([^' ])('[sSmMdD]|') /gu, '$1 $2 '],
  [/([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) /gu, '$1 $2 '],
];

const JOINED = ['(can)(not)', "(d)('ye)", '(gim)(me)', '(gon)(na)', '(got)(ta)', '(lem)(me)', "(more)('n)"];
const CONTRACTIONS: readonly Substitution[] = [
  ...JOINED.map((pair) => [new RegExp(BOUNDARY + pair + BOUNDARY, 'giu'), ' $1 $2 '] as const),
  [new RegExp(String.raw`${BOUNDARY}(wan)(na)(?=\s)`, 'giu'), ' $1 $2 '],
  [new RegExp(` ('t)(is)${BOUNDARY}`, 'giu'), ' $1 $2 '],
  [new RegExp(` ('t)(was)${BOUNDARY}`, 'giu'), ' $1 $2 '],
];

/** The tokens of a text, in order; double quotes come out as two back-ticks or two apostrophes. */
export const wordTokens: (text: string) => readonly string[] = remembering((text) =>
  sentences(text).flatMap((sentence) => {
    const opened = replaceAll(sentence, [...OPENING, ...PUNCTUATION]);
    return pythonSplit(replaceAll(` ${opened} `, [...CLOSING, ...CONTRACTIONS]));
  }),
);

function replaceAll(text: string, steps: readonly Substitution[]): string {
  return steps.reduce((changed, [pattern, replacement]) => changed.replace(pattern, replacement), text);
}
