import { pythonFloat } from '../python-number.ts';

/**
 * What an answer is told apart by in a vote: its number where it is one (`18`, `18.0` and `1_8` say the same), else its text
 * without space around it and with single spaces inside. Nothing of the reference is looked at: a vote does not know it.
 */
export function sameAnswerKey(answer: string): string {
  const number = pythonFloat(answer);
  if (number !== undefined && Number.isFinite(number)) return `number ${number === 0 ? 0 : number}`;
  return `text ${answer.trim().replace(/\s+/g, ' ')}`;
}
