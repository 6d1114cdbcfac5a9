import { exactTextOf, type InstructionCheck, type InstructionFamily, textOf } from '../ifeval/kwargs.ts';
import { wordTokens } from '../ifeval/natural-language.ts';
import { isLower, isUpper, lengthOf, NOT_SPACE, pythonSplit, pythonStrip, SPACE } from '../python-text.ts';
import type { RuleSet } from '../types.ts';
import { firstOf, plainWords, splitterOf, trimMarks, withoutMarks } from './marks.ts';
import words from './words.json' with { type: 'json' };

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

/** Where a reader is: `record` and `field` at the start of one, `quote` behind what may be the last quote of a field. */
type CsvState = 'record' | 'field' | 'bare' | 'quoted' | 'quote' | 'ended';

/**
 * The records that Python's `csv.reader` reads of a text, lines ending with LF: quotes around a field may hold line breaks, two quotes
 * are one; undefined where it raises, at a CR within a line.
 */
export function csvRows(text: string, delimiter: string): string[][] | undefined {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let state = 'record' as CsvState;
  const end = () => {
    row.push(field);
    field = '';
  };
  const close = () => {
    rows.push(row);
    row = [];
    state = 'record';
  };
  for (const line of linesOf(text)) {
    for (const character of line) {
      const isBreak = character === '\n' || character === '\r';
      if (state === 'ended') {
        if (!isBreak) return undefined;
      } else if (state === 'quoted') {
        if (character === '"') state = 'quote';
        else field += character;
      } else if (state === 'quote' && character === '"') {
        field += '"';
        state = 'quoted';
      } else if (isBreak) {
        if (state !== 'record') end();
        state = 'ended';
      } else if (character === delimiter) {
        end();
        state = 'field';
      } else if (character === '"' && (state === 'record' || state === 'field')) {
        state = 'quoted';
      } else {
        field += character;
        state = 'bare';
      }
    }
    if (state === 'field' || state === 'bare' || state === 'quote') end();
    if (state !== 'quoted') close();
  }
  if (state === 'quoted') {
    end();
    close();
  }
  return rows;
}

/** Each with its LF; a text that ends with one has none behind it. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  const last = lines.pop()!;
  return [...lines.map((line) => `${line}\n`), ...(last === '' ? [] : [last])];
}

const CAPITALS = words.capitals.flatMap((line) => line.split(' '));
const ALPHABET = [...'abcdefghijklmnopqrstuvwxyz'];
const MULTIPLES = ['14', '21', '28', '35', '42', '49'];
const AFRICAN_COUNTRIES = 52;

/** Requests that are one of a kind, each with a check of its own. */
export const custom = (rules: RuleSet): InstructionFamily => {
  const sentences = splitterOf(rules);
  return {
    multiples: () => (reply) => String(reply.match(/\p{Nd}+/gu)) === String(MULTIPLES),
    mcq_count_length: () => hasFourQuestions,
    reverse_newline: () => (reply) => isDescending(reply.split('\n').map(trimMarks)),
    word_reverse: () => (reply) => plainWords(reply).toReversed().join(' ').includes('bald eagle'),
    character_reverse: () => (reply) => reply.toLowerCase().includes('elgae dlab'),
    sentence_alphabet: () => (reply) => {
      // Under compat a quote before it is no first letter.
      const starts = sentences(reply).map((one) =>
        firstOf((rules === 'compat' ? one : one.replace(START, '')).toLowerCase()),
      );
      return starts.join() === ALPHABET.join();
    },
    european_capitals_sort: () => (reply) =>
      asciiOf(reply)
        .split(',')
        .map(pythonStrip)
        .filter((city) => city !== '')
        .join() === CAPITALS.join(),
    csv_city: () => (reply) => {
      const rows = csvRows(reply, ',') ?? [];
      return (
        rows.length === 8 &&
        rows.every((row) => row.length === 5) &&
        rows[0]!.join() === 'ID,Country,City,Year,Count'
      );
    },
    csv_special_character: () => hasSpecialCharacter,
    csv_quotes: () => isAllQuoted,
    date_format_list: () => (reply) => pythonStrip(reply).split(',').map(pythonStrip).every(isDate),
  };
};

const START = new RegExp(`^(?:${SPACE}|[!-/:-@[-\`{-~])+`, 'u');

/** Of the countries from Zimbabwe on each is before the last one by its letters, marks and accents left out. */
function isDescending(lines: readonly string[]): boolean {
  const written = lines.filter((line) => line !== '');
  const from = written.findIndex((line) => line.includes('Zimbabwe'));
  const countries = from === -1 ? [] : written.slice(from).map(asciiOf);
  return (
    countries.length >= AFRICAN_COUNTRIES &&
    countries.every((name, i) => i === 0 || name <= countries[i - 1]!)
  );
}

function asciiOf(text: string): string {
  return text.normalize('NFKD').replace(/[^\0-\x7f]/g, '');
}

const LABEL = new RegExp(String.raw`Question \p{Nd}+[.|):;]?${SPACE}*`, 'u');
const OPTION = new RegExp(String.raw`^[A-Ea-e][.|)]${SPACE}*[\p{L}\p{N}_]`, 'u');

/** Four questions of five options each, every one with more words before its options than the last. */
function hasFourQuestions(reply: string): boolean {
  if (reply.indexOf('Question') > 0) return false;
  const questions = reply
    .split(LABEL)
    .map(pythonStrip)
    .filter((question) => question !== '');
  const lengths = questions.map((question) => {
    const lines = question.split('\n').map(pythonStrip);
    const first = lines.findIndex((line) => OPTION.test(line));
    return lines.filter((line) => OPTION.test(line)).length === 5
      ? lengthOf(pythonStrip(lines.slice(0, first).join(' ')))
      : undefined;
  });
  return (
    lengths.length === 4 &&
    lengths.every((length, i) => length !== undefined && (i === 0 || length > lengths[i - 1]!))
  );
}

const PRODUCT_HEADER =
  /^(?:ProductID|"ProductID"),[ \t]*(?:Category|"Category"),[ \t]*(?:Brand|"Brand"),[ \t]*(?:Price|"Price"),[ \t]*(?:Stock|"Stock")$/;
const STUDENT_HEADER =
  /^(?:StudentID|"StudentID")\t *(?:Subject|"Subject")\t *(?:Grade|"Grade")\t *(?:Semester|"Semester")\t *(?:Score|"Score")$/;

/** The rows of a text whose quotes stay in the fields; undefined where the first line is no such header. */
function quotedRows(reply: string, header: RegExp, delimiter: string): string[][] | undefined {
  if (!header.test(pythonStrip(reply.split('\n', 1)[0]!))) return undefined;
  return csvRows(reply.replaceAll('"', '"""'), delimiter);
}

/** Fourteen rows, up to the first of which a field in quotes has a character that is no letter, number or space. */
function hasSpecialCharacter(reply: string): boolean {
  const rows = quotedRows(reply, PRODUCT_HEADER, ',');
  if (rows?.length !== 15) return false;
  for (const row of rows.slice(1)) {
    if (row.length !== 5) return false;
    if (row.some(isQuotedSpecial)) return true;
  }
  return false;
}

const SPECIAL = new RegExp(String.raw`(?!${SPACE})[^\p{L}\p{N}_]`, 'u');

function isQuotedSpecial(field: string): boolean {
  const [line = ''] = field.split('\n', 1);
  return line.startsWith('"') && SPECIAL.test(line.slice(1, Math.max(line.lastIndexOf('"'), 1)));
}

/** Three rows whose fields are all in quotes, as those of the header are. */
function isAllQuoted(reply: string): boolean {
  const rows = quotedRows(reply, STUDENT_HEADER, '\t');
  return (
    rows?.length === 4 &&
    rows.every(
      (row) =>
        row.length === 5 &&
        row.map(pythonStrip).every((field) => field.startsWith('"') && field.endsWith('"')),
    )
  );
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Of Napoleon's life; month and day may be 00. */
function isDate(text: string): boolean {
  const [, year, month, day] = (/^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []).map(Number);
  if (year === undefined || year < 1769 || year > 1821 || month! > 12) return false;
  return day! <= (DAYS[month! - 1] ?? 99);
}
