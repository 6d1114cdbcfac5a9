/**
 * The careful reader of choices, `fixed` of every post-processor that wants a letter: the last statement of an answer counts,
 * whatever letters stand around it, and where nothing is stated nothing is found.
 */
import { strippedSpan } from '../python-text.ts';
import type { Extraction, Extractor } from '../types.ts';

// Whether an option's letter is at a place of a text, and is there as an option: not as a word of a sentence, a
// variable of a formula, the beginning of a name or one of several.

/** The text of the reader: full-width and circled letters and signs as ASCII, one for one, so that places stay. */
function plainText(text: string): string {
  return text.replace(/[\u24b6-\u24cf\uff01-\uff5e]/g, (char) => {
    const code = char.charCodeAt(0);
    return String.fromCharCode(code >= 0xff01 ? code - 0xfee0 : code - 0x24b6 + 0x41);
  });
}

interface LetterPlace {
  /** Upper case. */
  readonly letter: string;
  readonly at: number;
}

const HAN = String.raw`\p{Script=Han}`;
/** How far behind a letter is looked. */
const LOOK_BEHIND = 80;

/** What may stand between a turn of phrase and its letter: brackets, quotes, stars, LaTeX that dresses it; not without end. */
const DRESS = /(?:[\s*_"'“”‘’`([{【「『<《$:,>-]|\\[([]|\\(?:f?boxed|text\w*|math\w*|bf|rm)\b\{?){0,80}/uy;
/** Words that may. Longer ones first. */
const WORDS =
  /(?:(?:the\s+)?(?:option|choice|letter|statement|answer)s?|most\s+likely|(?:most\s+)?probably|likely|definitely|clearly|indeed|simply|actually|still|therefore|thus|hence|i\s+(?:think|believe|would\s+say)|it\s+is|it's|that|is)(?![\p{L}\p{N}'’])[\s,:]*|选项|选择|选|应该是|应为|应是|是|为/iuy;

/** The letters that may be chosen, and what is made of them once. */
interface Letters {
  /** In upper case. */
  readonly all: string;
  /** Behind a letter: another one, as in `A and C`, `B or (D)`, `A, C.` */
  readonly another: RegExp;
}

function lettersOf(all: string): Letters {
  const close = String.raw`^[\s)*\]"'}]*`;
  const open = String.raw`\s*(?:[Oo]ption\s+|[Cc]hoice\s+|选项)?[("'*[]*`;
  const joined = String.raw`(?:and|or|&|和|或|及|与|以及)${open}[${all}](?!(?!${HAN})[\p{L}\p{N}'’]|\s+(?:is|was|seems)\b)`;
  const listed = String.raw`[,、/]${open}[${all}](?=[\s)"'*\]]*(?:[,.、;。]|and\b|or\b|和|或|\n|$))`;
  return { all, another: new RegExp(`${close}(?:${joined}|${listed})`, 'u') };
}

/** Where the letter behind a turn of phrase that ends at `place` would stand. */
function skipDress(text: string, place: number): number {
  let at = skip(DRESS, text, place);
  for (let words = 0; words < 4; words++) {
    const next = skip(DRESS, text, skip(WORDS, text, at));
    if (next === at) break;
    at = next;
  }
  return at;
}

/** The one letter behind a turn of phrase that ends at `place`. */
function letterBehind(text: string, place: number, letters: Letters): LetterPlace | undefined {
  const found = optionAt(text, skipDress(text, place), letters);
  if (found === undefined) return undefined;
  return letters.another.test(text.slice(found.at + 1, found.at + 1 + LOOK_BEHIND)) ? undefined : found;
}

function skip(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex : at;
}

/** The letter begins a word, a name or a number: `Both`, `C++`, `A's`, `B-cells`, `C_2`. */
const GOES_ON = new RegExp(
  String.raw`^(?:(?!${HAN})[\p{L}\p{N}+#^&]|['’]\p{L}|_[\p{L}\p{N}{]|-[\p{L}\p{N}])`,
  'u',
);
/** It is part of a formula: `B = 2`, `A \times C`. */
const FORMULA = /^\s*(?:[=≤≥≠+×÷/]|<(?![/|a-z])|\*(?=[\p{L}\p{N}(])|\\(?!text|quad|[)\],; ]))/u;
/** A noun behind `A` or `I` makes a word of it; these do not: `the answer is A because …`. */
const CONNECTORS =
  /^[ \t]+(?:because|since|as|and|or|with|for|which|due|given|based|in|from|according|if|when|but|while|so|not|rather|where|is|that|by|on|here|this|the)\b/;
const BEFORE_A_WORD = /^[ \t]+["'“]?(?!\p{Script=Han})\p{L}/u;
/** What closes a letter in lower case, which would be a word otherwise. */
const CLOSED = /^["'”’]?(?:[)\]}*]|[.,;:。]?\s*(?:\n|$))/u;

/** The option whose letter is exactly at a place. */
function optionAt(text: string, at: number, { all }: Letters): LetterPlace | undefined {
  const char = text[at];
  if (char === undefined || !/[A-Za-z]/.test(char)) return undefined;
  const letter = char.toUpperCase();
  const behind = text.slice(at + 1, at + 1 + LOOK_BEHIND);
  if (!all.includes(letter) || GOES_ON.test(behind) || FORMULA.test(behind)) return undefined;
  if (char !== letter && !CLOSED.test(behind)) return undefined;
  const isWord = /[AI]/.test(char) && BEFORE_A_WORD.test(behind) && !CONNECTORS.test(behind);
  return isWord ? undefined : { letter, at };
}

// Turns of phrase that say which option is the answer, in English and Chinese. All read `plainText`.

interface Stated extends LetterPlace {
  readonly rule: string;
}

/** A way to say it: every place where it is said. */
type ChoicePhrase = (text: string, letters: Letters) => Stated[];

type AcceptsLetter = (text: string, letter: LetterPlace, start: number) => boolean;

/** A turn whose letter comes behind it. */
function before(rule: string, mark: RegExp, accepts: AcceptsLetter = () => true): ChoicePhrase {
  return (text, letters) =>
    [...text.matchAll(mark)].flatMap(({ 0: words, index }) => {
      const letter = letterBehind(text, index + words.length, letters);
      return letter !== undefined && accepts(text, letter, index) ? [{ ...letter, rule }] : [];
    });
}

const IS = String.raw`(?:is|are|was|equals|(?:should|would|must|will|could|has\s+to|can)(?:\s+(?:only|then|thus|therefore))?\s+be)`;
const ABOUT = String.raw`(?:\s+(?:to|for|of|in)\s[^\n.:?]{0,80}?)?`;
const CORRECT = '(?:correct|right|best|final|appropriate|closest|chosen)';
const NOUN = String.raw`(?:ans(?:wer)?(?:\s+(?:choice|option|letter))?|my\s+(?:choice|pick)|${CORRECT}\s+(?:option|choice|one|statement|selection|letter|response))`;
/** The noun with its verb, colon or arrow; or as a heading, the letter in the next line. */
const ANSWER_IS = new RegExp(
  String.raw`\b${NOUN}\b[*_"”]*(?:${ABOUT}(?:\s+${IS}\b|\s*[:=]|\s*-{0,2}[>→⇒])|[ \t:*_]*\n)`,
  'giu',
);
const DA_AN = /答案[^\n。;?A-Za-z不非错]{0,12}?(?:[是为為选選:=]|(?=["(*【「]{0,4}[A-Z]))/gu;
const CORRECT_OPTION = /正确的?(?:选项|选择|说法|答案)[^\n。;?A-Za-z不非错]{0,6}?[是为為:有]/gu;
const SO_CHOOSE = /(?:故|应|应该|应当|本题|此题|因此|所以|综上|最终)[^\n。;?A-Za-z不]{0,6}?(?:选择|选|選)/gu;
const BOXED = /\\f?boxed\s*\{/g;

/** Says outright what the answer is. */
const OUTRIGHT: readonly (readonly [rule: string, mark: RegExp])[] = [
  ['answer-is', ANSWER_IS],
  ['答案是', DA_AN],
  ['正确选项', CORRECT_OPTION],
  ['故选', SO_CHOOSE],
  ['boxed', BOXED],
];
const OUTRIGHT_TURNS = OUTRIGHT.map(([rule, mark]) => before(rule, mark));

/** Where such turns of phrase end, the last first. */
function outrightPlaces(text: string): { readonly rule: string; readonly place: number }[] {
  return OUTRIGHT.flatMap(([rule, mark]) =>
    [...text.matchAll(mark)].map(({ 0: words, index }) => ({ rule, place: index + words.length })),
  ).sort((a, b) => b.place - a.place);
}

const CHOOSE = /\b(?:choose|select|pick|go\s+with|choosing|selecting|chose|selected|picked)\b/giu;
const XUAN = /(?<![不可多单挑筛])选择?(?!项)/gu;
const SO = /\b(?:therefore|thus|hence|consequently|so)\b,?|(?:因此|所以|显然|综上)/giu;
const NEVER = /(?:not|n't|never|cannot|不|勿|别)\s*$/u;
/** Behind a letter that ends its sentence or is closed, so that it is no word of it. */
const ENDS = /^["'”’]?\s*(?:[)\]}*.。]|\n|$)/u;

const isMeant: AcceptsLetter = (text, _letter, start) =>
  !NEVER.test(text.slice(Math.max(0, start - 12), start));
const isLast: AcceptsLetter = (text, { at }) => ENDS.test(text.slice(at + 1, at + 8));

const DRESSED_END = String.raw`[)*"'\]}】]{0,4}`;
const RIGHT = String.raw`\s+(?:is|seems|(?:must|would|should)\s+be|appears\s+to\s+be)\s+(?:(?:therefore|thus|clearly|also|indeed|most\s+likely|the|only|most|best|a)\s+){0,3}(?:correct|right|best|answer|accurate|appropriate)\b`;
const RIGHT_CN = String.raw`\s?(?:选项|项)?\s?(?:是|为|最|才)?\s?(?:正确|对的|最佳|最合适|符合题意)(?!吗)`;
const IF = /(?:\b(?:if|whether)\b|如果|若|是否)\s*(?:option|choice|选项)?\s*["(*]{0,3}$/iu;

/** `(B) is correct`, `B是正确的`. */
const isRight: ChoicePhrase = (text, letters) => {
  const said = new RegExp(
    String.raw`(?<![\w'’\\-])[${letters.all}](?=${DRESSED_END}(?:${RIGHT}|${RIGHT_CN}))`,
    'gu',
  );
  return [...text.matchAll(said)]
    .filter(({ index }) => !IF.test(text.slice(Math.max(0, index - 30), index)))
    .map(({ 0: letter, index }) => ({ letter, at: index, rule: 'is-correct' }));
};

/** Says it in passing. */
const IN_PASSING: readonly ChoicePhrase[] = [
  isRight,
  before('choose', CHOOSE, isMeant),
  before('选', XUAN, isMeant),
  before('so', SO, isLast),
];

/** The last that says outright what the answer is. */
function outright(text: string, letters: Letters): Stated | undefined {
  return latestOf(OUTRIGHT_TURNS, text, letters);
}

/** The last that says so in passing. */
function inPassing(text: string, letters: Letters): Stated | undefined {
  return latestOf(IN_PASSING, text, letters);
}

function latestOf(turns: readonly ChoicePhrase[], text: string, letters: Letters): Stated | undefined {
  let latest: Stated | undefined;
  for (const found of turns.flatMap((turn) => turn(text, letters))) {
    if (latest === undefined || found.at > latest.at) latest = found;
  }
  return latest;
}

/** Letters that stand for themselves. */
const BULLET = String.raw`[ \t*_#>"'(\[【「$-]{0,8}`;
const NAMED = String.raw`(?:(?:[Oo]ption|[Cc]hoice|[Aa]nswer|选项|\\text|\\mathbf|\\boxed)[ \t:{]{0,3}[("*]{0,3})?`;
const BARE_END = String.raw`[ \t*_)\]】」}.。:"'$,]{0,8}$`;

/** Lines that are a letter and nothing else: `B`, `**(B)**`, `Option B.`. */
function bareLines(text: string, letters: Letters): Stated[] {
  const bare = new RegExp(`^${BULLET}${NAMED}([${letters.all}])${BARE_END}`, 'dgmu');
  return lettersIn(text, bare, 'bare-letter');
}

/**
 * Lines that begin with a letter as the label of an option that is not called wrong: `B. …`, `(B) …`, `B - …`. `A:` may be the
 * turn of a speaker.
 */
function labels(text: string, letters: Letters): Stated[] {
  const label = new RegExp(
    String.raw`^${BULLET}([${letters.all}])[*_"']{0,3}(?:[.)\]】、]|:(?!\s*(?:Let|let|\n))|[ \t]+[-–—][ \t])`,
    'dgmu',
  );
  return lettersIn(text, label, 'label').filter(({ at }) => !WRONG.test(text.slice(at + 1, at + LOOK)));
}

/** Letters in bold, alone or with their option's text. */
function boldLetters(text: string, letters: Letters): Stated[] {
  const bold = new RegExp(
    String.raw`\*\*[ \t]*(?:(?:[Oo]ption|[Cc]hoice)[ \t]+|选项)?[("]{0,2}([${letters.all}])[)"]{0,2}(?:[.:、)][^*\n]{0,200})?[ \t]*\*\*`,
    'dgu',
  );
  return lettersIn(text, bold, 'bold');
}

function lettersIn(text: string, pattern: RegExp, rule: string): Stated[] {
  return [...text.matchAll(pattern)].flatMap(({ 1: letter = '', indices }) => {
    const at = indices?.[1]?.[0];
    return at === undefined ? [] : [{ letter, at, rule }];
  });
}

/** How far around a letter is looked. */
const LOOK = 25;
const OPENED = /[(["【*]$|(?:[Oo]ption|[Cc]hoice|[Ll]etter|选项|[\p{Script=Han}])\s?$/u;
const SHUT = /^[)\]"】*.,;:。、]|^\p{Script=Han}|^\s*$/u;
const WRONG =
  /^[)*"'\]}】.]*\s*(?:(?:选项|项)\s*)?(?:(?:is|are|was|seems|也|都|是)\s+|是\s*)?(?:clearly\s+|also\s+)?(?:not\b|isn't|cannot|can't|doesn't|incorrect|inaccurate|wrong|false|错|不|排除)/u;
/** What makes an `A` the second of two options: `B or A?`. */
const BEFORE_ANOTHER = /(?<![\p{L}\p{N}])[A-Z]\s*(?:or|and|&|\/)\s*["'(*[]{0,3}$/u;
const NOT = /(?:\bnot|n't|\bneither|\bnor|不是|排除)\s+(?:be\s+)?(?:option\s+|choice\s+|选项)?["(*]{0,3}$/iu;

/** Nouns whose letter numbers a piece of the reasoning, or of the question: `Step B`, `Figure A`. */
const NUMBERED =
  /\b(?:steps?|parts?|cases?|stages?|phases?|figures?|fig\.|tables?|sections?|appendix|exercises?|problems?|questions?)\s+["'(*]{0,3}$/iu;

/** Letters that are mentioned as options and not called wrong. `A` and `I` only where they cannot be a word. */
function mentions(text: string, letters: Letters): Stated[] {
  return [...text.matchAll(new RegExp(`[${letters.all}]`, 'g'))].flatMap(({ 0: letter, index }) => {
    const ahead = text.slice(Math.max(0, index - LOOK), index);
    const behind = text.slice(index + 1, index + LOOK);
    if (/(?:(?!\p{Script=Han})[\p{L}\p{N}]|[_\\'’-])$/u.test(ahead)) return [];
    if (optionAt(text, index, letters) === undefined || NUMBERED.test(ahead)) return [];
    const isListed = BEFORE_ANOTHER.test(ahead) || letters.another.test(behind);
    if (/[AI]/.test(letter) && !isListed && !OPENED.test(ahead) && !SHUT.test(behind)) return [];
    return WRONG.test(behind) || NOT.test(ahead) ? [] : [{ letter, at: index, rule: 'mention' }];
  });
}

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
  // A reply that says outright that it is A and C does not mean the one of them that is mentioned elsewhere.
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
