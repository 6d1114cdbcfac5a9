/**
 * The careful reader of choices, `fixed` of every post-processor that wants a letter: the last statement of an answer counts,
 * whatever letters stand around it, and where nothing is stated nothing is found.
 */
import { strippedSpan } from '../python-text.ts';
import type { Extraction, Extractor } from '../types.ts';
import { type Letters, lettersOf, optionAt, plainText, skipDress } from './letter-at.ts';
import {
  bareLines,
  boldLetters,
  inPassing,
  labels,
  mentions,
  outright,
  outrightPlaces,
  type Stated,
} from './statements.ts';

/** Finds the one letter of `all`, the options in upper case, that a text gives as its answer. */
export function choiceReader(all: string): Extractor {
  const letters = lettersOf(all);
  return (text) => {
    const own = ownParts(plainText(text));
    return first(own, (part) => stated(part, letters) ?? mentioned(part, letters));
  };
}

/** The two halves of it, for who has something to try in between: what is stated, and the only letter that is mentioned. */
export function choiceReaders(all: string): { readonly stated: Extractor; readonly mentioned: Extractor } {
  const letters = lettersOf(all);
  return {
    stated: (text) => first(ownParts(plainText(text)), (part) => stated(part, letters)),
    mentioned: (text) => first(ownParts(plainText(text)), (part) => mentioned(part, letters)),
  };
}

/** Finds all letters that a text gives as its answer, sorted: `B and D`, `BD`, `D, B` are BD. */
export function choicesReader(all: string): Extractor {
  const letters = lettersOf(all);
  return (text) =>
    first(ownParts(plainText(text)), (part) => severalIn(part, letters) ?? stated(part, letters));
}

function first(
  parts: readonly string[],
  read: (part: string) => Stated | Extraction | undefined,
): Extraction | undefined {
  for (const part of parts) {
    const found = read(part);
    if (found !== undefined) return 'span' in found ? found : extraction(found);
  }
  return undefined;
}

function extraction({ letter, at, rule }: Stated): Extraction {
  return { answer: letter, rule, span: [at, at + 1] };
}

const NEXT_QUESTION = /^[ \t>*#_]*(?:Question|Q|问题|题目)[ \t]{0,4}\d{0,4}[ \t]{0,4}:/gm;
const OPTION_LIST = /^[ \t]*\(?A[.)、:][^\n]*\n\s*\(?B[.)、:]/m;
const BARE_FIRST_LINE = /^\s*[("*]{0,4}[A-Z][)".:*]{0,4}[ \t]*\n/;

/**
 * What a text says itself, then all of it. A model that was shown examples goes on with a next question and its answer, which
 * is not asked for; but a text may also begin with the question again.
 */
function ownParts(text: string): readonly string[] {
  const [start] = strippedSpan(text);
  const next = [...text.matchAll(NEXT_QUESTION)].find(({ index }) => index > start)?.index;
  const list = BARE_FIRST_LINE.test(text) ? text.search(OPTION_LIST) : -1;
  const end = Math.min(next ?? text.length, list > start ? list : text.length);
  return end === text.length ? [text] : [text.slice(0, end), text];
}

function stated(text: string, letters: Letters): Stated | undefined {
  const [start, end] = strippedSpan(text);
  const body = text.slice(start, end);
  const lastLine = start + body.lastIndexOf('\n') + 1;
  const firstEnd = start + (body.includes('\n') ? body.indexOf('\n') : body.length);
  const bare = bareLines(text, letters).filter(({ at }) => at >= lastLine || at < firstEnd);
  return (
    outright(text, letters) ??
    bare.at(-1) ??
    smallLetter(text, start, end, letters) ??
    onlyOne(labels(text, letters), ({ at }) => at < firstEnd) ??
    inPassing(text, letters) ??
    onlyOne(labels(text, letters)) ??
    onlyOne(boldLetters(text, letters))
  );
}

/** The text is one letter in lower case, as `b` or `(b).` */
function smallLetter(text: string, start: number, end: number, letters: Letters): Stated | undefined {
  if (!/^[("*]{0,3}[a-z][)".*]{0,4}$/.test(text.slice(start, end))) return undefined;
  const at = start + text.slice(start, end).search(/[a-z]/);
  const letter = text[at]!.toUpperCase();
  return letters.all.includes(letter) ? { letter, at, rule: 'bare-letter' } : undefined;
}

function mentioned(text: string, letters: Letters): Stated | undefined {
  // Whoever says outright that it is A and C does not mean the one of them that is mentioned elsewhere.
  if (outrightPlaces(text).some(({ place }) => optionAt(text, skipDress(text, place), letters)))
    return undefined;
  const all = mentions(text, letters);
  const [start, end] = strippedSpan(text);
  const lastLine = start + text.slice(start, end).lastIndexOf('\n') + 1;
  const only = onlyOne(all) ?? onlyOne(all.filter(({ at }) => at >= lastLine));
  return only && { ...only, rule: 'only-letter' };
}

/** The last of them where all are the same letter, if it is where it should be. */
function onlyOne(
  found: readonly Stated[],
  isThere: (one: Stated) => boolean = () => true,
): Stated | undefined {
  const [one] = found;
  if (one === undefined || found.some(({ letter }) => letter !== one.letter)) return undefined;
  return found.findLast(isThere);
}

/** Between two letters of a list. */
const BETWEEN =
  /[)\]"'*]{0,4}[ \t]*(?:(?:[,、;&+/]|and\b|和|及|与|以及)[ \t]*){0,2}(?:option\s+|选项)?["'(*[]{0,4}/uy;

const ENDS_LINE = /^[)\]"'*.。 \t]*(?:\n|$)/;

function severalIn(text: string, letters: Letters): Extraction | undefined {
  const [start] = strippedSpan(text);
  for (const { rule, place } of [...outrightPlaces(text), { rule: 'letters', place: start }]) {
    const list = listAt(text, skipDress(text, place), letters);
    const [head, tail] = [list[0], list.at(-1)];
    if (head === undefined || tail === undefined) continue;
    if (list.length === 1 && optionAt(text, head, letters) === undefined) continue;
    if (rule === 'letters' && !ENDS_LINE.test(text.slice(tail + 1, tail + 20))) continue;
    const answer = [...new Set(list.map((at) => text[at]!))].sort().join('');
    return { answer, rule, span: [head, tail + 1] };
  }
  return undefined;
}

/** Places of the letters that follow each other from a place on. */
function listAt(text: string, start: number, { all }: Letters): number[] {
  const found: number[] = [];
  for (let at = start; isLetter(text[at], all); ) {
    found.push(at);
    BETWEEN.lastIndex = at + 1;
    at = BETWEEN.test(text) ? BETWEEN.lastIndex : at + 1;
  }
  const behind = text.slice((found.at(-1) ?? start) + 1, (found.at(-1) ?? start) + 2);
  return /^(?!\p{Script=Han})[\p{L}\p{N}]/u.test(behind) ? found.slice(0, -1) : found;
}

function isLetter(char: string | undefined, all: string): boolean {
  return char !== undefined && all.includes(char);
}
