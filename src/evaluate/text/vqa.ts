/** The accuracy of VQA and TextVQA: how many of ten people gave the same answer, after a normalisation of both. */
import { pythonSplit, pythonStrip } from '../python-text.ts';

/** So many people who say the same are enough. */
const ENOUGH = 3;

const PUNCTUATION = [...';/[]"{}()=+\\_->@`,?!', '<'];
const COMMA_IN_NUMBER = /\p{Nd},\p{Nd}/u;
/** A full stop that no digit follows. What the authors wrote to spare one behind a digit does nothing. */
const FULL_STOP = /\.(?!\p{Nd})/gu;

const ARTICLES: ReadonlySet<string> = new Set(['a', 'an', 'the']);

/** Word → digits. */
const NUMBERS: Readonly<Record<string, string>> = Object.fromEntries([
  ['none', '0'],
  ...'zero one two three four five six seven eight nine ten'.split(' ').map((word, n) => [word, String(n)]),
]);

/** Written without one of its apostrophes, each of these is taken for the word with all of them. */
const CONTRACTIONS =
  "ain't aren't can't could've couldn't couldn't've didn't doesn't don't hadn't hadn't've hasn't haven't he'd he'd've he's how'd how'll how's isn't it'd it'd've it'll ma'am mightn't mightn't've might've mustn't must've needn't not've o'clock oughtn't 'ow's'at shan't she'd've should've shouldn't shouldn't've somebody'd've somebody'll somebody's someone'd someone'd've someone'll someone's something'd something'd've something'll that's there'd there'd've there're there's they'd they'd've they'll they're they've 'twas wasn't we'd've we've weren't what'll what're what's what've when's where'd where's where've who'd who'd've who'll who's who've why'll why're why's won't would've wouldn't wouldn't've y'all y'all'll y'all'd've you'd you'd've you'll you're you've".split(
    ' ',
  );

/** As people write it → with its apostrophes; and one that the authors have the wrong way round. */
const MENDED: ReadonlyMap<string, string> = new Map([
  ...CONTRACTIONS.flatMap((word) =>
    [...word.matchAll(/'/g)].map(
      ({ index }) => [word.slice(0, index) + word.slice(index + 1), word] as const,
    ),
  ),
  ["somebody'd", 'somebodyd'],
]);

/**
 * Takes punctuation out, as the VQA script does: a mark that stands beside a blank anywhere, and every mark of an answer with a comma in
 * a number, leaves nothing behind; any other leaves a blank. At most `most` full stops go.
 */
export function withoutPunctuation(text: string, most: number = Number.POSITIVE_INFINITY): string {
  const hasNumber = COMMA_IN_NUMBER.test(text);
  let left = text;
  for (const mark of PUNCTUATION) {
    const isBeside = text.includes(`${mark} `) || text.includes(` ${mark}`);
    left = left.replaceAll(mark, hasNumber || isBeside ? '' : ' ');
  }
  let count = 0;
  return left.replace(FULL_STOP, (stop) => (count++ < most ? '' : stop));
}

/** Lower case, numbers to ten as digits, no articles, contractions with their apostrophes, one blank between words. */
export function plainWords(text: string): string {
  return pythonSplit(text.toLowerCase())
    .map((word) => (Object.hasOwn(NUMBERS, word) ? NUMBERS[word]! : word))
    .filter((word) => !ARTICLES.has(word))
    .map((word) => MENDED.get(word) ?? word)
    .join(' ');
}

/** Both, of an answer on one line. */
export function vqaText(text: string, most?: number): string {
  return plainWords(withoutPunctuation(onOneLine(text), most));
}

/** Line breaks and tabs as blanks, none of them around it. */
export function onOneLine(text: string): string {
  return pythonStrip(text.replace(/[\n\t]/g, ' '));
}

/**
 * 0 to 1: for each person, how many of the others agree with the answer, three being enough; the mean of that. `isOther` says which
 * answers are another's. Zero where there are none.
 */
export function vqaAccuracy<T>(
  answers: readonly T[],
  agrees: (answer: T) => boolean,
  isOther: (one: T, own: T, index: number, ownIndex: number) => boolean = (_one, _own, i, own) => i !== own,
): number {
  const scores = answers.map((own, ownIndex) => {
    const others = answers.filter((one, i) => isOther(one, own, i, ownIndex));
    return Math.min(1, others.filter(agrees).length / ENOUGH);
  });
  return scores.reduce((sum, one) => sum + one, 0) / Math.max(1, scores.length);
}
