import { custom, formats } from '../ifbench/formats.ts';
import { counts, ratios, repeats, sentenceRules, wordRules } from '../ifbench/word-rules.ts';
import {
  badInstruction,
  comparisonOf,
  type InstructionCheck,
  type InstructionFamily,
  type InstructionKwargs,
  numberOf,
  textOf,
  textsOf,
} from '../ifeval/kwargs.ts';
import { detectLanguage, sentences, wordTokens } from '../ifeval/natural-language.ts';
import {
  BOUNDARY,
  count,
  isLower,
  isUpper,
  literal,
  pythonSplit,
  pythonStrip,
  SPACE,
  stripCharacter,
  wordsIn,
} from '../python-text.ts';
import type { Evaluator, Grade, RuleSet, Sample } from '../types.ts';

const language: InstructionFamily = {
  response_language: (kwargs) => {
    const wanted = textOf(kwargs, 'language');
    return (reply) => isIn(reply, wanted);
  },
};

/** Whether a text is in this language; one whose language cannot be determined is, as upstream has it. */
function isIn(text: string, wanted: string): boolean {
  return (detectLanguage(text) ?? wanted) === wanted;
}

const changeCase: InstructionFamily = {
  /** A hyphenated word is one; `I` and `A` are words in capitals. */
  capital_word_frequency: (kwargs) => {
    const isRight = comparisonOf(kwargs, 'capital_relation', 'capital_frequency');
    return (reply) => isRight(wordTokens(reply).filter(isUpper).length);
  },
  english_capital: () => (reply) => isUpper(reply) && isIn(reply, 'en'),
  english_lowercase: () => (reply) => isLower(reply) && isIn(reply, 'en'),
};

const combination: InstructionFamily = {
  /** Two replies that differ, with `******` between; it may also stand before the first and after the second. */
  two_responses: () => (reply) => {
    const pieces = reply.split('******').map((piece) => pythonStrip(piece));
    if (pieces.slice(1, -1).includes('')) return false;
    const [first, second, ...more] = pieces.filter((piece) => piece !== '');
    return second !== undefined && more.length === 0 && first !== second;
  },
  repeat_prompt: (kwargs) => {
    const prompt = textOf(kwargs, 'prompt_to_repeat').toLowerCase();
    return (reply) => pythonStrip(reply).toLowerCase().startsWith(prompt);
  },
};

/** Markers that may be written with spaces, as patterns of lower-case text. Any other is as it is. */
const MARKERS: Readonly<Record<string, string>> = {
  'P.S.': String.raw`p\.${SPACE}?s\.`,
  'P.P.S': String.raw`p\.${SPACE}?p\.${SPACE}?s`,
};

const detectableContent: InstructionFamily = {
  /** At least so many `[…]`, each in one line. */
  number_placeholders: (kwargs) => {
    const wanted = numberOf(kwargs, 'num_placeholders');
    return (reply) => reply.split('\n').reduce((sum, line) => sum + placeholdersIn(line), 0) >= wanted;
  },
  /** The marker is anywhere, in any case. */
  postscript: (kwargs) => {
    const marker = textOf(kwargs, 'postscript_marker');
    const pattern = new RegExp(MARKERS[marker] ?? literal(marker.toLowerCase()), 'u');
    return (reply) => pattern.test(reply.toLowerCase());
  },
};

function placeholdersIn(line: string): number {
  let found = 0;
  for (let at = line.indexOf('['); at !== -1; found++) {
    const end = line.indexOf(']', at);
    if (end === -1) break;
    at = line.indexOf('[', end);
  }
  return found;
}

/** Lines end with LF alone; the space before a bullet may reach over several lines. */
const STAR_BULLET = new RegExp(String.raw`(?<![^\n])${SPACE}*\*[^*][^\n]*`, 'gu');
const DASH_BULLET = new RegExp(String.raw`(?<![^\n])${SPACE}*-[^\n]*`, 'gu');

const ANSWERS = ['My answer is yes.', 'My answer is no.', 'My answer is maybe.'];

const detectableFormat: InstructionFamily = {
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
  return pythonStrip(line.slice(start, end)) !== '';
}

/** `*…*` and `**…**` within a line that are not blank. */
function countHighlights(reply: string): number {
  const single = reply.match(/\*[^\n*]*\*/g) ?? [];
  const double = reply.match(/\*\*[^\n*]*\*\*/g) ?? [];
  return [...single, ...double].filter((found) => pythonStrip(stripCharacter(found, '*')) !== '').length;
}

const FENCES = ['```json', '```Json', '```JSON', '```'];

function withoutFence(reply: string): string {
  let text = pythonStrip(reply);
  for (const fence of FENCES) if (text.startsWith(fence)) text = text.slice(fence.length);
  return pythonStrip(text.endsWith('```') ? text.slice(0, -3) : text);
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

/**
 * Words that are to be there, or not. A keyword counts inside of longer words too, a forbidden word only where it is
 * alone. Both are looked for as they are written; upstream takes them for patterns, which is the same for letters.
 */
const keywords: InstructionFamily = {
  existence: (kwargs) => {
    const wanted = textsOf(kwargs, 'keywords').map((word) => ignoringCase(literal(word)));
    return (reply) => wanted.every((word) => count(withLatinI(reply), word) > 0);
  },
  frequency: (kwargs) => {
    const word = ignoringCase(literal(textOf(kwargs, 'keyword')));
    const isRight = comparisonOf(kwargs, 'relation', 'frequency');
    return (reply) => isRight(count(withLatinI(reply), word));
  },
  forbidden_words: (kwargs) => {
    const forbidden = textsOf(kwargs, 'forbidden_words').map((word) =>
      ignoringCase(BOUNDARY + literal(word) + BOUNDARY),
    );
    return (reply) => forbidden.every((word) => count(withLatinI(reply), word) === 0);
  },
  letter_frequency: (kwargs) => {
    const letter = textOf(kwargs, 'letter').toLowerCase();
    const isRight = comparisonOf(kwargs, 'let_relation', 'let_frequency');
    return (reply) => isRight(reply.toLowerCase().split(letter).length - 1);
  },
};

function ignoringCase(pattern: string): RegExp {
  return new RegExp(pattern, 'giu');
}

/** Python takes the two i of Turkish for an i where case is ignored; JavaScript does not. */
function withLatinI(text: string): string {
  return text.replace(/[İı]/g, 'i');
}

const DIVIDER = new RegExp(String.raw`${SPACE}?\*\*\*${SPACE}?`, 'u');

const length: InstructionFamily = {
  number_words: (kwargs) => {
    const isRight = comparisonOf(kwargs, 'relation', 'num_words');
    return (reply) => isRight(wordsIn(reply).length);
  },
  number_sentences: (kwargs) => {
    const isRight = comparisonOf(kwargs, 'relation', 'num_sentences');
    return (reply) => isRight(sentences(reply).length);
  },
  /** Exactly so many paragraphs between `***`; only the first and the last piece may be blank. */
  number_paragraphs: (kwargs) => {
    const wanted = numberOf(kwargs, 'num_paragraphs');
    return (reply) => {
      const pieces = reply.split(DIVIDER).map((piece) => pythonStrip(piece));
      if (pieces.slice(1, -1).includes('')) return false;
      return pieces.filter((piece) => piece !== '').length === wanted;
    };
  },
  nth_paragraph_first_word: (kwargs) => {
    const asked = {
      paragraphs: numberOf(kwargs, 'num_paragraphs'),
      nth: numberOf(kwargs, 'nth_paragraph'),
      word: textOf(kwargs, 'first_word').toLowerCase(),
    };
    return (reply) => hasFirstWord(reply, asked);
  },
};

interface FirstWord {
  readonly paragraphs: number;
  /** Counted from 1, blank paragraphs too, though those are not in `paragraphs`. */
  readonly nth: number;
  readonly word: string;
}

function hasFirstWord(reply: string, { paragraphs, nth, word }: FirstWord): boolean {
  const all = reply.split('\n\n').map((paragraph) => pythonStrip(paragraph));
  const written = all.filter((paragraph) => paragraph !== '').length;
  if (nth > written) return false;
  const [first] = pythonSplit(all[nth - 1] ?? '');
  if (first === undefined) return false;
  const bare = first.replace(/^'+/, '').replace(/^"+/, '');
  const [start = ''] = bare.split(/[.,?!'"]/);
  return written === paragraphs && start.toLowerCase() === word;
}

const punctuation: InstructionFamily = {
  /** The comma of other scripts (`，`, `،`) is none. */
  no_comma: () => (reply) => !reply.includes(','),
};

const startEnd: InstructionFamily = {
  /** Ends with the phrase, in any case; quotation marks around the reply do not count. */
  end_checker: (kwargs) => {
    const phrase = textOf(kwargs, 'end_phrase').toLowerCase();
    return (reply) => stripCharacter(pythonStrip(reply), '"').toLowerCase().endsWith(phrase);
  },
  quotation: () => (reply) => {
    const text = pythonStrip(reply);
    return text.length > 1 && text.startsWith('"') && text.endsWith('"');
  },
};

/** The 25 instruction types of IFEval, by the two halves of their ids. */
export const FAMILIES: Readonly<Record<string, InstructionFamily>> = {
  keywords,
  language,
  length_constraints: length,
  detectable_content: detectableContent,
  detectable_format: detectableFormat,
  combination,
  startend: startEnd,
  change_case: changeCase,
  punctuation,
};

export interface Instruction {
  /** `length_constraints:number_words`. */
  readonly id: string;
  readonly isFollowed: InstructionCheck;
}

/** What instructions there are, and what they are of. */
interface Benchmark {
  readonly name: string;
  readonly families: Readonly<Record<string, InstructionFamily>>;
}

const IFEVAL: Benchmark = { name: 'IFEval', families: FAMILIES };

/**
 * The instructions of a row: an object with `key`, `instruction_id_list` and `kwargs`, or its JSON text. Throws
 * DSET-DATA-002 naming the row for any other, for an unknown id and for kwargs that lack what the check needs.
 */
export function instructionsOf(gold: unknown, { name, families } = IFEVAL): Instruction[] {
  const { key, instruction_id_list: ids, kwargs } = recordOf(typeof gold === 'string' ? parsed(gold) : gold);
  const row = `${name}, key ${String(key)}`;
  if (!Array.isArray(ids) || !Array.isArray(kwargs) || ids.length === 0 || ids.length !== kwargs.length) {
    throw badInstruction(row, "'instruction_id_list' and 'kwargs' are not two lists of the same length");
  }
  return ids.map((id: unknown, i) =>
    instructionOf(families, String(id), { values: recordOf(kwargs[i]), where: `${row}, ${String(id)}` }),
  );
}

function instructionOf(families: Benchmark['families'], id: string, kwargs: InstructionKwargs): Instruction {
  const [family = '', type = ''] = id.split(':');
  const types = Object.hasOwn(families, family) ? families[family] : undefined;
  const make = types !== undefined && Object.hasOwn(types, type) ? types[type] : undefined;
  if (make === undefined) throw badInstruction(kwargs.where, 'there is no such instruction type');
  return { id, isFollowed: make(kwargs) };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The 58 instruction types of IFBench (Ai2), by the two halves of their ids. `fixed` is the authors' code of 2026, `compat` AISBench's copy,
 * which is older; where either raises, the instruction is not followed.
 */
export const IFBENCH: Readonly<Record<RuleSet, Readonly<Record<string, InstructionFamily>>>> = {
  fixed: familiesOf('fixed'),
  compat: familiesOf('compat'),
};

function familiesOf(rules: RuleSet): Readonly<Record<string, InstructionFamily>> {
  return {
    count: counts(rules),
    ratio: ratios(rules),
    words: wordRules(rules),
    sentence: sentenceRules(rules),
    format: formats(rules),
    custom: custom(rules),
    repeat: repeats(rules),
  };
}

interface Followed {
  readonly id: string;
  /** By the reply as it came. */
  readonly strict: boolean;
  /** By the reply, or by one of the seven texts that are left without its stars, first line or last line. */
  readonly loose: boolean;
}

/** Which instructions a reply follows. A blank reply follows none. */
export function follow(reply: string, instructions: readonly Instruction[]): Followed[] {
  const strict = instructions.map(({ isFollowed }) => isFollowedBy(reply, isFollowed));
  const loose = [...strict];
  // Text by text: what one check found out of a text the next one need not.
  for (const variant of looseVariants(reply))
    for (const [i, { isFollowed }] of instructions.entries()) loose[i] ||= isFollowedBy(variant, isFollowed);
  return instructions.map(({ id }, i) => ({ id, strict: strict[i]!, loose: loose[i]! }));
}

/** The reply without stars, and without its first line, its last one or both, with their stars and without. */
export function looseVariants(reply: string): string[] {
  const lines = reply.split('\n');
  const kept = [lines.slice(1), lines.slice(0, -1), lines.slice(1, -1)];
  const shorter = kept.map((some) => pythonStrip(some.join('\n')));
  return [...shorter, ...[reply, ...shorter].map((text) => text.replaceAll('*', ''))];
}

function isFollowedBy(text: string, check: InstructionCheck): boolean {
  return pythonStrip(text) !== '' && check(text);
}

/**
 * Instruction following, by the rules of google-research's `instruction_following_eval`: a reply is right if it follows all
 * instructions of its row as it came. The three other numbers are parts, under AISBench's names. The gold is the row.
 */
export const ifEvaluator: Evaluator = {
  name: 'IFEvaluator',
  metric: 'Prompt-level-strict-accuracy',
  grade: (sample) => gradeOf(follow(replyOf(sample), instructionsOf(sample.gold))),
};

/** The same of IFBench, by the code of its authors or by AISBench's copy of an older one. */
export const ifBenchEvaluator: Evaluator = {
  name: 'IFBenchEvaluator',
  metric: ifEvaluator.metric!,
  grade: (sample) =>
    gradeOf(
      follow(
        replyOf(sample),
        instructionsOf(sample.gold, { name: 'IFBench', families: IFBENCH[sample.rules] }),
      ),
    ),
};

/** Space around a reply counts (a blank first line is a paragraph), and only the default extractor took it away. */
function replyOf({ answer, text }: Sample): string {
  return answer === text.trim() ? text : answer;
}

function gradeOf(followed: readonly Followed[]): Grade {
  const n = followed.length;
  const strict = followed.filter((one) => one.strict).length;
  const loose = followed.filter((one) => one.loose).length;
  return {
    credit: strict === n ? 1 : 0,
    ...(strict === n ? {} : { explanation: explain(followed) }),
    parts: {
      'Inst-level-strict-accuracy': [strict, n],
      'Prompt-level-loose-accuracy': [loose === n ? 1 : 0, 1],
      'Inst-level-loose-accuracy': [loose, n],
    },
  };
}

function explain(followed: readonly Followed[]): string {
  const missed = followed.filter(({ strict }) => !strict);
  return `not followed: ${missed.map(({ id, loose }) => (loose ? `${id} (loosely it is)` : id)).join(', ')}`;
}
