/** The rule of VLMEvalKit that AISBench reads choices with: a letter near the end, else the text of an option. */
import { pythonSplit } from '../python-text.ts';
import type { NamedOption, Options } from './read-option.ts';
import { textsOf } from './read-option.ts';

/** What a reply is refused for, as an answer of none of the options. */
const REFUSALS = [
  "Sorry, I can't help with images of people yet.",
  "I can't process this file.",
  "I'm sorry, but without the image provided",
  'Cannot determine the answer',
];

/** Of so many words at the end the letter must be one. */
const LAST_WORDS = 5;

/**
 * The option that VLMEvalKit infers, `Z` where it takes the reply for a refusal; undefined where it infers none. AISBench's own
 * depends on an environment variable, `VERBOSE`: an `A` in more than three words is refused where that is set. Here it is not.
 */
export function canInfer(reply: string, options: Options): NamedOption | undefined {
  return inferOption(reply, options) ?? inferText(reply, options);
}

function inferOption(reply: string, options: Options): NamedOption | undefined {
  if (reply.includes('Failed to obtain answer via API')) return undefined;
  if (REFUSALS.some((one) => reply.includes(one))) return { letter: 'Z', rule: 'refusal' };
  const words = pythonSplit(reply.replace(/[.()[\],:;!*#{}]/g, ' '));
  const there = new Set(words);
  const named = textsOf(options).filter(([letter]) => there.has(letter));
  if (named.length === 0 && there.has('Z')) return { letter: 'Z', rule: 'letter' };
  const [one] = named;
  if (one === undefined || named.length > 1) return undefined;
  return words.indexOf(one[0]) > words.length - LAST_WORDS ? { letter: one[0], rule: 'letter' } : undefined;
}

function inferText(reply: string, options: Options): NamedOption | undefined {
  const texts = textsOf(options);
  const lower = reply.toLowerCase();
  const length = texts.reduce((sum, [, text]) => sum + lengthOf(text), 0);
  if (lengthOf(lower) > 2 * length) return undefined;
  const contained = texts.filter(([, text]) => lower.includes(text.toLowerCase()));
  return contained.length === 1 ? { letter: contained[0]![0], rule: 'option-text' } : undefined;
}

function lengthOf(text: string): number {
  return [...text].length;
}
