/** Turns of phrase that say which option is the answer, in English and Chinese. All read `plainText`. */
import { type Letter, type Letters, letterBehind, optionAt } from './letter-at.ts';

export interface Stated extends Letter {
  readonly rule: string;
}

/** A way to say it: every place where it is said. */
type Turn = (text: string, letters: Letters) => Stated[];

type Accepts = (text: string, letter: Letter, start: number) => boolean;

/** A turn whose letter comes behind it. */
function before(rule: string, mark: RegExp, accepts: Accepts = () => true): Turn {
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
export function outrightPlaces(text: string): { readonly rule: string; readonly place: number }[] {
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

const isMeant: Accepts = (text, _letter, start) => !NEVER.test(text.slice(Math.max(0, start - 12), start));
const isLast: Accepts = (text, { at }) => ENDS.test(text.slice(at + 1, at + 8));

const DRESSED_END = String.raw`[)*"'\]}】]{0,4}`;
const RIGHT = String.raw`\s+(?:is|seems|(?:must|would|should)\s+be|appears\s+to\s+be)\s+(?:(?:therefore|thus|clearly|also|indeed|most\s+likely|the|only|most|best|a)\s+){0,3}(?:correct|right|best|answer|accurate|appropriate)\b`;
const RIGHT_CN = String.raw`\s?(?:选项|项)?\s?(?:是|为|最|才)?\s?(?:正确|对的|最佳|最合适|符合题意)(?!吗)`;
const IF = /(?:\b(?:if|whether)\b|如果|若|是否)\s*(?:option|choice|选项)?\s*["(*]{0,3}$/iu;

/** `(B) is correct`, `B是正确的`. */
const isRight: Turn = (text, letters) => {
  const said = new RegExp(
    String.raw`(?<![\w'’\\-])[${letters.all}](?=${DRESSED_END}(?:${RIGHT}|${RIGHT_CN}))`,
    'gu',
  );
  return [...text.matchAll(said)]
    .filter(({ index }) => !IF.test(text.slice(Math.max(0, index - 30), index)))
    .map(({ 0: letter, index }) => ({ letter, at: index, rule: 'is-correct' }));
};

/** Says it in passing. */
const IN_PASSING: readonly Turn[] = [
  isRight,
  before('choose', CHOOSE, isMeant),
  before('选', XUAN, isMeant),
  before('so', SO, isLast),
];

/** The last that says outright what the answer is. */
export function outright(text: string, letters: Letters): Stated | undefined {
  return latestOf(OUTRIGHT_TURNS, text, letters);
}

/** The last that says so in passing. */
export function inPassing(text: string, letters: Letters): Stated | undefined {
  return latestOf(IN_PASSING, text, letters);
}

function latestOf(turns: readonly Turn[], text: string, letters: Letters): Stated | undefined {
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
export function bareLines(text: string, letters: Letters): Stated[] {
  const bare = new RegExp(`^${BULLET}${NAMED}([${letters.all}])${BARE_END}`, 'dgmu');
  return lettersIn(text, bare, 'bare-letter');
}

/**
 * Lines that begin with a letter as the label of an option that is not called wrong: `B. …`, `(B) …`, `B - …`. `A:` may be the
 * turn of a speaker.
 */
export function labels(text: string, letters: Letters): Stated[] {
  const label = new RegExp(
    String.raw`^${BULLET}([${letters.all}])[*_"']{0,3}(?:[.)\]】、]|:(?!\s*(?:Let|let|\n))|[ \t]+[-–—][ \t])`,
    'dgmu',
  );
  return lettersIn(text, label, 'label').filter(({ at }) => !WRONG.test(text.slice(at + 1, at + LOOK)));
}

/** Letters in bold, alone or with their option's text. */
export function boldLetters(text: string, letters: Letters): Stated[] {
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

/** Letters that are mentioned as options and not called wrong. `A` and `I` only where they cannot be a word. */
export function mentions(text: string, letters: Letters): Stated[] {
  return [...text.matchAll(new RegExp(`[${letters.all}]`, 'g'))].flatMap(({ 0: letter, index }) => {
    const ahead = text.slice(Math.max(0, index - LOOK), index);
    const behind = text.slice(index + 1, index + LOOK);
    if (/(?:(?!\p{Script=Han})[\p{L}\p{N}]|[_\\'’-])$/u.test(ahead)) return [];
    if (optionAt(text, index, letters) === undefined) return [];
    const isListed = BEFORE_ANOTHER.test(ahead) || letters.another.test(behind);
    if (/[AI]/.test(letter) && !isListed && !OPENED.test(ahead) && !SHUT.test(behind)) return [];
    return WRONG.test(behind) || NOT.test(ahead) ? [] : [{ letter, at: index, rule: 'mention' }];
  });
}
