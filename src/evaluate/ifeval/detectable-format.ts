import { numberOf, textOf } from './kwargs.ts';
import { count, literal, SPACE, strip, stripCharacter } from './python-text.ts';
import type { Family } from './types.ts';

/** Lines end with LF alone; the space before a bullet may reach over several lines. */
const STAR_BULLET = new RegExp(String.raw`(?<![^\n])${SPACE}*\*[^*][^\n]*`, 'gu');
const DASH_BULLET = new RegExp(String.raw`(?<![^\n])${SPACE}*-[^\n]*`, 'gu');

const ANSWERS = ['My answer is yes.', 'My answer is no.', 'My answer is maybe.'];

export const detectableFormat: Family = {
  /** Exactly so many lines that begin with `*` (and no second one) or with `-`. */
  number_bullet_lists: (kwargs) => {
    const wanted = numberOf(kwargs, 'num_bullets');
    return (reply) => count(reply, STAR_BULLET) + count(reply, DASH_BULLET) === wanted;
  },
  constrained_response: () => (reply) => ANSWERS.some((answer) => reply.includes(answer)),
  number_highlighted_sections: (kwargs) => {
    const wanted = numberOf(kwargs, 'num_highlights');
    return (reply) => countHighlights(reply) >= wanted;
  },
  /** At least so many headings: the splitter and a number. */
  multiple_sections: (kwargs) => {
    const splitter = literal(textOf(kwargs, 'section_spliter'));
    const heading = new RegExp(String.raw`${SPACE}?${splitter}${SPACE}?\p{Nd}+${SPACE}?`, 'gu');
    const wanted = numberOf(kwargs, 'num_sections');
    return (reply) => count(reply, heading) >= wanted;
  },
  json_format: () => (reply) => isJson(withoutFence(reply)),
  /** A line has `<<…>>` with something between. */
  title: () => (reply) => reply.split('\n').some(hasTitle),
};

/** From the first `<<` of a line to its last `>>`: what an expression would look for from every `<<` again. */
function hasTitle(line: string): boolean {
  let [start, end] = [line.indexOf('<<'), line.lastIndexOf('>>')];
  if (start === -1 || end < start + 3) return false;
  while (line[start] === '<') start++;
  while (line[end - 1] === '>') end--;
  return strip(line.slice(start, end)) !== '';
}

/** `*…*` and `**…**` within a line that are not blank. */
function countHighlights(reply: string): number {
  const single = reply.match(/\*[^\n*]*\*/g) ?? [];
  const double = reply.match(/\*\*[^\n*]*\*\*/g) ?? [];
  return [...single, ...double].filter((found) => strip(stripCharacter(found, '*')) !== '').length;
}

const FENCES = ['```json', '```Json', '```JSON', '```'];

function withoutFence(reply: string): string {
  let text = strip(reply);
  for (const fence of FENCES) if (text.startsWith(fence)) text = text.slice(fence.length);
  return strip(text.endsWith('```') ? text.slice(0, -3) : text);
}

/** Whether Python's `json.loads` reads it: `NaN` and the two infinities are numbers there. */
function isJson(text: string): boolean {
  const plain = text.replace(/"(?:[^"\\]|\\[\s\S])*"|NaN|-?Infinity/g, (part) =>
    part.startsWith('"') ? part : 'null',
  );
  try {
    JSON.parse(plain);
    return true;
  } catch {
    return false;
  }
}
