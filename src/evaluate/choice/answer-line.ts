/**
 * The line `ANSWER: …` as AISBench's MMMU reads it. It has two regular expressions for that, which take time with the square of the
 * length of the space in a reply; this finds what they find, reading on.
 */
import { isPythonUpper, PYTHON_SPACE, PYTHON_WORD, pythonStrip } from '../python-text.ts';

/** What the group of the expressions holds: letters, digits, blanks and commas. */
const GROUP = /[A-Za-z\u0130\u0131\u017f\u212a\p{Nd} ,]*/uy;
const SPACES = new RegExp(`[${PYTHON_SPACE}]*`, 'y');
const WORD = new RegExp(`[${PYTHON_WORD}]`, 'u');
const LEAD = /answer/giu;

/**
 * The letter of a reply to a question of `count` options; `''` where its line names none of them. Without such a line the last capital of
 * any script.
 */
export function readAnswerLine(text: string, count: number): string {
  const found = first(text, onOwnLine) ?? first(text, anywhere);
  if (found === undefined) return [...text].findLast(isPythonUpper) ?? '';
  const answer = pythonStrip(found);
  return Array.from({ length: count }, (_, n) => optionName(n)).includes(answer) ? answer : '';
}

const BEHIND = new RegExp(`ANSWER:[${PYTHON_SPACE}]*([^\\n]*)`);

/** What stands behind the first `ANSWER:`, so written, to the end of a line; undefined where there is none. */
export function behindAnswer(text: string): string | undefined {
  const [, found] = BEHIND.exec(text) ?? [];
  return found === undefined ? undefined : pythonStrip(found);
}

/** A to Z, then 1 and on, as AISBench names options. */
function optionName(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : String(index - 25);
}

interface Place {
  /** Where the space behind the colon begins. */
  readonly at: number;
  /** Where it ends. */
  readonly end: number;
  /** Where what the group can hold behind it ends. */
  readonly stop: number;
}

type Rule = (text: string, start: number, place: Place) => string | undefined;

function first(text: string, rule: Rule): string | undefined {
  for (const { 0: lead, index } of text.matchAll(LEAD)) {
    const colon = ends(SPACES, text, index + lead.length);
    if (text[colon] !== ':') continue;
    const end = ends(SPACES, text, colon + 1);
    const found = rule(text, index, { at: colon + 1, end, stop: ends(GROUP, text, end) });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** At the beginning of a line, with nothing behind it on its line but a full stop and what follows that. */
function onOwnLine(text: string, start: number, { at, end, stop }: Place): string | undefined {
  if (start > 0 && text[start - 1] !== '\n') return undefined;
  const behind = ends(SPACES, text, stop);
  const isEnd = (place: number) => place === text.length || text[place] === '.';
  if (stop > end && (isEnd(behind) || text.slice(stop, behind).includes('\n'))) return text.slice(end, stop);
  // Else the expression lets blanks be the answer.
  const space = text.slice(at, end);
  const blank = space.indexOf(' ');
  return blank !== -1 && (isEnd(end) || space.includes('\n', blank)) ? '' : undefined;
}

/** Anywhere, with no letter, digit or underscore behind it. */
function anywhere(text: string, _start: number, { at, end, stop }: Place): string | undefined {
  const isFree = (place: number) => place === text.length || !WORD.test(charAt(text, place));
  if (stop > end) {
    if (isFree(stop)) return text.slice(end, stop);
    const group = text.slice(end, stop);
    const cut = Math.max(group.lastIndexOf(' '), group.lastIndexOf(','));
    if (cut > 0) return group.slice(0, cut);
  }
  const space = text.slice(at, end);
  const blank = space.lastIndexOf(' ', space.length - 2);
  const isLastFree = space.endsWith(' ') && isFree(end);
  return (space.length > 1 && blank !== -1) || isLastFree ? '' : undefined;
}

function charAt(text: string, place: number): string {
  return String.fromCodePoint(text.codePointAt(place)!);
}

/** Where what a sticky expression matches at a place ends. */
function ends(pattern: RegExp, text: string, place: number): number {
  pattern.lastIndex = place;
  pattern.test(text);
  return pattern.lastIndex;
}
