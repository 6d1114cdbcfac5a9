/** AISBench's rules of three closed tasks of L-Eval, and of its arithmetic. */
import { isPythonDigits } from '../math/python-text.ts';
import { PYTHON_SPACE, pythonSplit } from '../python-text.ts';
import { squadText } from './squad.ts';

const SPACES = new RegExp(`[${PYTHON_SPACE}]+`, 'g');

/** The digits of the first word with a digit behind the first `The answer is`, as one number; '' where there is none. */
export function gsm100Number(text: string): string {
  const behind = text.split('The answer is')[1] ?? '';
  const word = behind.split(' ').find((one) => [...one].some(isPythonDigits)) ?? '';
  return [...word].filter(isPythonDigits).join('');
}

/** Output of a program with one blank for space, without commas, quotes, backslashes and `.0`, brackets close together. */
export function plainOutput(text: string): string {
  return text
    .replace(SPACES, ' ')
    .replace(/[,'\\]/g, '')
    .replaceAll('.0', '')
    .replaceAll('] [', '][')
    .replaceAll('[ [', '[[')
    .replaceAll('] ]', ']]')
    .trim();
}

const FINAL = 'the final output';
/** In this order: what the first leaves the later may find. */
const FILLERS = ['will be', 'of the code', 'is', 'would be', 'the value of', 'the result of', 'printed'];

/** How AISBench finds the output in a reply: three words more than the right one has, from `the final output` on or at the end. */
export function statedOutput(reply: string, reference: string): string {
  let text = plainOutput(reply);
  for (const filler of FILLERS) text = text.replaceAll(filler, '');
  const count = pythonSplit(reference).length + 3;
  const parts = text.split(FINAL);
  const words = parts.at(-1)!.split(SPACES);
  return (parts.length > 1 ? words.slice(0, count) : words.slice(-count)).join(' ');
}

/** Equal without case, punctuation and English articles. */
export function sameOutput(own: string, right: string): boolean {
  return squadText(own) === squadText(right);
}

/** Whether the words of `right` are the last of `text`, in the same way. */
export function endsWithOutput(text: string, right: string): boolean {
  const [own, wanted] = [squadText(plainOutput(text)), squadText(plainOutput(right))];
  return wanted !== '' && ` ${own}`.endsWith(` ${wanted}`);
}

export type Truth = 'true' | 'false';

/** The first word before `[fact:` that is true or false but for marks around it, else the first that holds one of the two. */
export function loyaltyIn(reply: string): Truth | undefined {
  const [text = ''] = reply.toLowerCase().split('[fact:', 1);
  const words = pythonSplit(text);
  const bare = words.map((word) => word.replace(/^[.,;:!]+|[.,;:!]+$/g, ''));
  const exact = bare.find((word): word is Truth => word === 'true' || word === 'false');
  return exact ?? truthIn(words);
}

/** The first of the two that a word of a text holds. */
export function truthOf(reference: string): Truth | undefined {
  return truthIn(pythonSplit(reference.toLowerCase()));
}

function truthIn(words: readonly string[]): Truth | undefined {
  const word = words.find((one) => one.includes('true') || one.includes('false'));
  return word === undefined ? undefined : word.includes('true') ? 'true' : 'false';
}
