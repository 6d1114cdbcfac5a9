/** The scores of LongBench's tasks, one answer against one reference, 0 to 1. */
import type { RuleSet } from '../types.ts';
import { chineseText } from './chinese.ts';
import { fuzzRatio, similarity } from './sequence-matcher.ts';
import { sharedF1 } from './squad.ts';

export type Language = 'en' | 'zh';

/** F1 of the words of Chinese texts. */
export function chineseF1(predicted: readonly string[], reference: readonly string[]): number {
  const bare = (words: readonly string[]) => words.map(chineseText).filter((word) => word !== '');
  return sharedF1(bare(predicted), bare(reference));
}

/** Which share of the numbers in the answer is this one; 0 where there are none. */
export function countScore(predicted: string, number: string): number {
  const numbers = predicted.match(/\p{Nd}+/gu) ?? [];
  return numbers.length === 0 ? 0 : numbers.filter((one) => one === number).length / numbers.length;
}

/** The number of a paragraph that a reference names, `Paragraph 7` or `段落7`; undefined where it names none. */
export function paragraphNumber(reference: string, language: Language): string | undefined {
  return (language === 'en' ? /Paragraph (\p{Nd}+)/u : /段落(\p{Nd}+)/u).exec(reference)?.[1];
}

/** How alike the first line of code and the right line are; lines of Markdown and comments are passed over. */
export function codeScore(predicted: string, reference: string): number {
  const lines = predicted.replace(/^\n+/, '').split('\n');
  const code = lines.find((line) => !/[`#]|\/\//.test(line)) ?? '';
  return fuzzRatio(code, reference) / 100;
}

/**
 * 1 over the number of classes that the answer names, if the right one is among them. Classes whose names are a part of the right
 * one's are not counted. Where it names none: `fixed` takes the class whose name is most like the answer; `compat` counts 0,
 * and leaves out every second class of a run of such parts, as LongBench's authors and AISBench do.
 */
export function classScore(
  predicted: string,
  reference: string,
  { classes, rules }: { readonly classes: readonly string[]; readonly rules: RuleSet },
): number {
  const named = classes.filter((name) => predicted.includes(name));
  const isPart = (name: string) => reference.includes(name) && name !== reference;
  const counted =
    rules === 'compat' ? withoutEverySecond(named, isPart) : named.filter((name) => !isPart(name));
  if (rules === 'fixed' && named.length === 0) return mostAlike(predicted, classes) === reference ? 1 : 0;
  return counted.includes(reference) ? 1 / counted.length : 0;
}

/** What taking items out of a list does that is being gone through: the one behind each that goes is not looked at. */
function withoutEverySecond(names: readonly string[], isOut: (name: string) => boolean): string[] {
  const left = [...names];
  for (let i = 0; i < left.length; i++) {
    const name = left[i]!;
    if (isOut(name)) left.splice(left.indexOf(name), 1);
  }
  return left;
}

function mostAlike(predicted: string, classes: readonly string[]): string | undefined {
  let [best, highest]: [string | undefined, number] = [undefined, 0];
  for (const name of classes) {
    const own = similarity(name, predicted);
    if (own > highest) [best, highest] = [name, own];
  }
  return best;
}
