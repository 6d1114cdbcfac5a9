/** Equality and F1 of answers as the authors of DROP count them: bags of words, spans aligned, numbers that must agree. */

import { floatRepr } from '../../python-data/repr.ts';
import { pythonFloat } from '../python-number.ts';
import { pythonSplit } from '../python-text.ts';
import { bestAssignment } from './assignment.ts';
import { withoutArticles, withoutPunctuation } from './squad.ts';

export interface DropMetrics {
  /** 1 where the spans are the same, else 0. */
  readonly exactMatch: number;
  /** 0 to 1, rounded to two places as the authors do. */
  readonly f1: number;
}

/** An answer, a span or several, against a gold answer of spans. */
export function dropMetrics(predicted: readonly string[], gold: readonly string[]): DropMetrics {
  const [ours, theirs] = [predicted.map(dropText), gold.map(dropText)];
  const [ourSet, theirSet] = [new Set(ours), new Set(theirs)];
  const isSame =
    ours.length === theirs.length &&
    ourSet.size === theirSet.size &&
    [...ourSet].every((one) => theirSet.has(one));
  const [ourBags, theirBags] = [ours.map(bagOf), theirs.map(bagOf)];
  const scores = theirBags.map((golden) => ourBags.map((own) => alignedF1(own, golden)));
  const mean = bestAssignment(scores) / Math.max(ours.length, theirs.length, 1);
  return { exactMatch: isSame ? 1 : 0, f1: inHundredths(mean) };
}

/** The best of both over the gold answers that hold something; 0 where none does. */
export function bestDropMetrics(
  predicted: readonly string[],
  golds: readonly (readonly string[])[],
): DropMetrics {
  const all = golds.filter(([first = '']) => first.trim() !== '').map((gold) => dropMetrics(predicted, gold));
  return {
    exactMatch: Math.max(0, ...all.map(({ exactMatch }) => exactMatch)),
    f1: Math.max(0, ...all.map(({ f1 }) => f1)),
  };
}

/** Words in small letters, without articles and punctuation, numbers as Python writes floats: `3.0`. */
export function dropText(text: string): string {
  return text
    .toLowerCase()
    .split(/[ -]/)
    .map((token) => withoutArticles(asNumber(isNumber(token) ? token : withoutPunctuation(token))))
    .filter((part) => part !== '')
    .join(' ');
}

function asNumber(token: string): string {
  const value = pythonFloat(token);
  return value === undefined ? token : floatRepr(value);
}

function isNumber(token: string): boolean {
  return pythonFloat(token) !== undefined;
}

function bagOf(text: string): ReadonlySet<string> {
  return new Set(pythonSplit(text));
}

/** F1 of two bags; 0 where the gold one has numbers of which the other has none. */
function alignedF1(own: ReadonlySet<string>, gold: ReadonlySet<string>): number {
  const numbers = [...gold].filter(isNumber);
  if (numbers.length > 0 && !numbers.some((one) => own.has(one))) return 0;
  const shared = [...gold].filter((word) => own.has(word)).length;
  const precision = own.size === 0 ? 1 : shared / own.size;
  const recall = gold.size === 0 ? 1 : shared / gold.size;
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

/** numpy's `round(value, 2)`: halves go to the even neighbour. */
function inHundredths(value: number): number {
  const scaled = value * 100;
  const below = Math.floor(scaled);
  const isUp = scaled - below > 0.5 || (scaled - below === 0.5 && below % 2 === 1);
  return (isUp ? below + 1 : below) / 100;
}
