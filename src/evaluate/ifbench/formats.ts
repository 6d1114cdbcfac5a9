import { exactTextOf, type InstructionCheck, type InstructionFamily, textOf } from '../ifeval/kwargs.ts';
import { wordTokens } from '../ifeval/word-tokens.ts';
import { isLower, isUpper, NOT_SPACE, pythonSplit, pythonStrip } from '../python-text.ts';
import type { RuleSet } from '../types.ts';
import { firstOf, splitterOf, trimMarks, withoutMarks } from './marks.ts';

const NESTED_BRACKETS = 5;
const NESTED_QUOTES = 3;
const CLOSES: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** One character that is an emoji by itself; a digit is a part of one. */
const EMOJI = /^(?![0-9#*\u{1f1e6}-\u{1f1ff}])\p{Emoji}$/u;

const TEMPLATE = ['My Answer:', 'My Conclusion:', 'Future Outlook:'];

/** How a reply looks. */
export const formats = (rules: RuleSet): InstructionFamily => {
  const sentences = splitterOf(rules);
  return {
    parentheses: () => hasNestedBrackets,
    quotes: () => hasNestedQuotes,
    options: (kwargs) => isOneOf(exactTextOf(kwargs, 'options')),
    newline: () => (reply) => {
      const text = pythonStrip(withoutMarks(reply));
      return text.split('\n').filter((line) => line !== '').length === pythonSplit(text).length;
    },
    emoji: () => (reply) => endWithEmojis(sentences(reply)),
    line_indent: () => (reply) => {
      const indents = reply
        .split('\n')
        .filter((line) => pythonStrip(line) !== '')
        .map((line) => line.search(/[^ ]/));
      return indents.every((indent, i) => i === 0 || indent > indents[i - 1]!);
    },
    quote_unquote: () => (reply) => explainsQuotes(reply, rules),
    list: (kwargs) => {
      const mark = textOf(kwargs, 'sep');
      return (reply) => reply.split(mark).length > 2;
    },
    thesis: () => hasThesis,
    'sub-bullets': () => (reply) =>
      reply
        .split('*')
        .slice(1)
        .every((bullet) => bullet.includes('-')),
    no_bullets_bullets: () => (reply) => bulletsAfterSentences(reply, sentences),
    title_case: () => (reply) => wordTokens(reply).every((token) => isTitled(token, rules)),
    output_template: () => (reply) => TEMPLATE.every((part) => reply.includes(part)),
    no_whitespace: () => (reply) => new RegExp(`^${NOT_SPACE}*$`, 'u').test(reply),
  };
};

/** A bracket closes of five that were open; one that closes no other begins again. */
function hasNestedBrackets(reply: string): boolean {
  let open: string[] = [];
  let deepest = 0;
  for (const character of reply) {
    if ('([{'.includes(character)) {
      open.push(character);
      deepest = Math.max(deepest, open.length);
    } else if (character in CLOSES) {
      if (open.at(-1) === CLOSES[character]) {
        open.pop();
        if (deepest >= NESTED_BRACKETS) return true;
      } else {
        open = [];
        deepest = 0;
      }
    }
  }
  return false;
}

/** Three levels of straight quotes close; an apostrophe is one too. */
function hasNestedQuotes(reply: string): boolean {
  const open: string[] = [];
  let deepest = 0;
  for (const character of reply) {
    if (open.length > 0 && character === open.at(-1)) {
      open.pop();
      if (deepest - open.length >= NESTED_QUOTES) return true;
    } else if (character === '"' || character === "'") {
      open.push(character);
      deepest = Math.max(deepest, open.length);
    }
  }
  return false;
}

const LETTERS = /^[^\p{L}\p{N}_]*[aA][^\p{L}\p{N}_]*[bB][^\p{L}\p{N}_]*[cC]/u;

/** One of the options, which are parted by slashes, else by `or`, else by commas; letters as they are written, words in any case. */
function isOneOf(options: string): InstructionCheck {
  const separator = ['/', 'or'].find((one) => options.includes(one)) ?? ',';
  const all = options.split(separator).map(pythonStrip);
  if (LETTERS.test(options)) return (reply) => all.includes(reply);
  const plain = all.map((option) => trimMarks(option).toLowerCase());
  return (reply) => plain.includes(trimMarks(reply).toLowerCase());
}

/** Each sentence ends with an emoji, or the next one begins with it. */
function endWithEmojis(sentences: readonly string[]): boolean {
  const texts = sentences.map((sentence) => [...pythonStrip(withoutMarks(sentence))]);
  return texts.every((characters, i) => {
    if (characters.length === 0) return false;
    // The last may be a selector that belongs to the one before.
    if (characters.slice(-2).some((one) => EMOJI.test(one))) return true;
    return EMOJI.test(texts[i + 1]?.[0] ?? '');
  });
}

/** No two quotes with nothing between, and none at the end, where digits and marks do not count. */
function explainsQuotes(reply: string, rules: RuleSet): boolean {
  const straight = reply.replace(/[“”]/g, '"').replaceAll(`'"'`, '');
  const text = pythonSplit(straight).join('');
  if (text.includes('""')) return false;
  const end = [...text].findLast((one) => one === '"' || (trimMarks(one) !== '' && !/[0-9]/.test(one)));
  return end === undefined ? rules !== 'compat' : end !== '"';
}

/** Something in italics, and something behind it. */
function hasThesis(reply: string): boolean {
  const tag = ['i', 'em'].find((name) => reply.includes(`<${name}>`));
  if (tag === undefined) return false;
  const from = reply.indexOf(`<${tag}>`) + tag.length + 2;
  const to = reply.indexOf(`</${tag}>`, from);
  return (
    to !== -1 &&
    pythonStrip(reply.slice(from, to)) !== '' &&
    pythonStrip(reply.slice(to + tag.length + 3)) !== ''
  );
}

/** Two sentences or more, then lines that begin with `*`, two or more, and nothing else; one blank line may stand between. */
function bulletsAfterSentences(reply: string, sentences: (text: string) => readonly string[]): boolean {
  let said = 0;
  let bullets = 0;
  let mayGoOn = true;
  for (const line of reply.split('\n').map(pythonStrip)) {
    if (line.startsWith('*')) {
      if (said < 2) return false;
      mayGoOn = false;
      bullets++;
    } else if (mayGoOn) {
      const n = sentences(line).length;
      mayGoOn = n > 0;
      said += n;
    } else return false;
  }
  return bullets >= 2;
}

/** Not all small, nor only its first letter. */
function isTitled(token: string, rules: RuleSet): boolean {
  const first = firstOf(token);
  if (!isLower(first)) return true;
  const rest = token.slice(first.length);
  if (rest === '') return rules === 'compat' || !/\p{L}/u.test(first);
  return !isLower(rest) && !isUpper(rest);
}
