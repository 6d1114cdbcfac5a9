/** AISBench's post-processors that look for one pattern: an answer line, an XML tag, a number. */

import { AisBenchError } from '../../contract/errors.ts';
import { floatRepr } from '../../python-data/repr.ts';
import { badKey, onlyKeys } from '../inputs.ts';
import { findNumbers, pythonFloat } from '../numbers.ts';
import { pythonRegex } from '../python-regex.ts';
import { strippedSpan } from '../python-text.ts';
import {
  type Configurable,
  type Extraction,
  type Extractor,
  type PredPostprocessor,
  sameByBothRules,
} from '../types.ts';
import { choiceReader } from './read-choice.ts';

/**
 * `match_answer_pattern`, key `answer_pattern`, an expression of Python with a group: what the group of the first match
 * holds. `fixed` is the careful reader where the group is one of several capital letters, as `([A-D])`; else the last match.
 */
export const matchAnswerPattern: Configurable<PredPostprocessor> = (keys) => {
  onlyKeys(keys, 'pred_postprocessor', ['answer_pattern']);
  const { answer_pattern: pattern } = keys;
  const where = 'pred_postprocessor.answer_pattern';
  if (typeof pattern !== 'string')
    throw badKey(where, pattern, 'an expression with a group, as (?i)ANSWER\\s*:\\s*([A-D])');
  const first = pythonRegex(pattern, { where });
  // An expression without a group would find nothing in any answer.
  if (new RegExp(`${first.source}|`, first.flags).exec('')!.length < 2)
    throw badKey(where, pattern, 'an expression with a group around the answer');
  const letters = lettersOf(pattern);
  return {
    name: 'match_answer_pattern',
    compat: (text) => groupOf(first.exec(text), 'pattern'),
    fixed: letters === undefined ? lastGroup(pattern, 'last-pattern') : choiceReader(letters),
    none: '',
  };
};

/** `GPQA_Simple_Eval_postprocess`: the last `ANSWER: X`, X in the case that it has, so that `answer: b` is never right. */
export const gpqaSimpleEval: PredPostprocessor = {
  name: 'GPQA_Simple_Eval_postprocess',
  compat: lastGroup(String.raw`(?i)ANSWER\s*:\s*([A-D])`, 'last-answer'),
  fixed: choiceReader('ABCD'),
  none: '',
};

/**
 * `specific-xml-tag`, key `tag`, as `<conclude>`: the text in the last such tag that is closed, without space around it.
 * `fixed` bears another case and does not take an empty tag for an answer.
 */
export const specificXmlTag: Configurable<PredPostprocessor> = (keys) => {
  onlyKeys(keys, 'pred_postprocessor', ['tag']);
  const { tag } = keys;
  if (typeof tag !== 'string' || !/^<[\w-]+>$/.test(tag))
    throw badKey('pred_postprocessor.tag', tag, 'a tag, as <answer>');
  return {
    name: 'specific-xml-tag',
    compat: (text) => tagsIn(text, tag).at(-1),
    fixed: (text) =>
      tagsIn(inLowerCase(text), tag.toLowerCase())
        .filter(({ span: [start, end] }) => end > start)
        .map((found) => ({ ...found, answer: text.slice(...found.span) }))
        .at(-1),
    none: 'NO ANSWER FOUND',
  };
};

/**
 * `first_number_postprocess`: the first number as Python writes a float, so that 5 is `5.0`, and 1,234 is `1.0`. `fixed`
 * reads thousands and fractions, and writes what was read: `5`, `1234`, `1/2`.
 */
export const firstNumberPostprocess: PredPostprocessor = {
  name: 'first_number_postprocess',
  compat: (text) => {
    const found = groupOf(FIRST_NUMBER.exec(text), 'first-number');
    return found && { ...found, answer: floatRepr(pythonFloat(found.answer) ?? Number.NaN) };
  },
  fixed: (text) => {
    const [first] = findNumbers(text);
    return first && { answer: first.value, rule: 'first-number', span: [first.start, first.end] };
  },
  none: '',
};

const FIRST_NUMBER = pythonRegex(String.raw`(-?\d*\.?\d+)`);

/** The letters of the first group of a pattern that is a set of capital letters: `([A-D])`, `([ABCD])`. */
function lettersOf(pattern: string): string | undefined {
  const [, set = ''] = /\(\[([A-Z]-[A-Z]|[A-Z]{2,26})\]\)/.exec(pattern) ?? [];
  if (!set.includes('-')) return set === '' ? undefined : set;
  const [from, to] = [set.charCodeAt(0), set.charCodeAt(2)];
  return Array.from({ length: to - from + 1 }, (_, i) => String.fromCharCode(from + i)).join('');
}

export function lastGroup(pattern: string, rule: string): Extractor {
  return (text) => groupOf([...text.matchAll(pythonRegex(pattern, { flags: 'g' }))].at(-1) ?? null, rule);
}

function groupOf(match: RegExpExecArray | null, rule: string): Extraction | undefined {
  const span = match?.indices?.[1];
  return span && { answer: match![1]!, rule, span };
}

/** Only ASCII, so that every character stays where it is. */
function inLowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function tagsIn(text: string, tag: string): Extraction[] {
  const closing = `</${tag.slice(1)}`;
  const found: Extraction[] = [];
  for (let at = text.indexOf(tag); at !== -1; ) {
    const start = at + tag.length;
    const end = text.indexOf(closing, start);
    if (end === -1) break;
    const [lead, tail] = strippedSpan(text.slice(start, end));
    const span = [start + lead, start + tail] as const;
    found.push({ answer: text.slice(...span), rule: 'xml-tag', span });
    at = text.indexOf(tag, end + closing.length);
  }
  return found;
}

type PatternOptions = Readonly<Record<string, unknown>>;

/** What is done to what a pattern found, in this order whatever the config's. */
const CLEANINGS: Readonly<Record<string, (text: string) => string>> = {
  strip: (text) => text.trim(),
  no_commas: (text) => text.replaceAll(',', ''),
  no_final_dot: (text) => text.replace(/\.$/, ''),
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
};

const KEYS = ['patterns', 'pick', 'ignore_case', 'clean'];

interface PatternRule {
  readonly name: string;
  readonly pattern: RegExp;
}

/**
 * An extractor made of regular expressions (JavaScript's, with Unicode meaning): `patterns` are tried in order, each a text or
 * `{name, pattern}`; the first that matches counts, with its first group or, without one, as a whole; of several matches
 * `pick` takes the `last` (default) or `first`. `clean` lists what is done to it. Throws UTILS-CFG-002 naming the key.
 */
export function patternPostprocess(options: PatternOptions): PredPostprocessor {
  const unknown = Object.keys(options).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw wrong(unknown, `there is no such key; only ${KEYS.join(', ')}`);
  const rules = rulesOf(options);
  const pick = oneOf(options, 'pick', ['last', 'first'] as const);
  const clean = cleaningOf(options['clean']);
  const extract: Extractor = (text) => {
    for (const rule of rules) {
      const found = [...text.matchAll(rule.pattern)];
      const match = pick === 'last' ? found.at(-1) : found[0];
      if (match !== undefined) return extractionOf(match, rule.name, clean);
    }
    return undefined;
  };
  return sameByBothRules('pattern_postprocess', extract);
}

function extractionOf(match: RegExpExecArray, rule: string, clean: (text: string) => string): Extraction {
  const [start, end] = match.indices?.[1] ?? match.indices![0]!;
  const own = match[1] ?? match[0];
  return { answer: clean(own), rule, span: [start, end] };
}

function rulesOf({ patterns, ignore_case = false }: PatternOptions): PatternRule[] {
  if (!Array.isArray(patterns) || patterns.length === 0) throw wrong('patterns', 'it is no list of patterns');
  if (typeof ignore_case !== 'boolean') throw wrong('ignore_case', 'it is neither true nor false');
  return patterns.map((given: unknown, n) => {
    const { name = `pattern-${n + 1}`, pattern } = (
      typeof given === 'string' ? { pattern: given } : (given ?? {})
    ) as { name?: unknown; pattern?: unknown };
    const key = `patterns.${n}`;
    if (typeof pattern !== 'string' || typeof name !== 'string')
      throw wrong(key, 'it is neither a text nor { name, pattern }');
    try {
      return { name, pattern: new RegExp(pattern, ignore_case ? 'dgiu' : 'dgu') };
    } catch (cause) {
      throw wrong(key, `it is no regular expression (${(cause as Error).message})`);
    }
  });
}

function oneOf<T extends string>(options: PatternOptions, key: string, values: readonly [T, ...T[]]): T {
  const value = options[key] ?? values[0];
  const found = values.find((one) => one === value);
  if (found === undefined) throw wrong(key, `it is none of ${values.join(', ')}`);
  return found;
}

function cleaningOf(value: unknown = ['strip']): (text: string) => string {
  const names = Object.keys(CLEANINGS);
  if (!Array.isArray(value) || !value.every((name) => names.includes(name as string)))
    throw wrong('clean', `it is no list of ${names.join(', ')}`);
  const steps = names.filter((name) => value.includes(name)).map((name) => CLEANINGS[name]!);
  return (text) => steps.reduce((left, step) => step(left), text);
}

function wrong(key: string, why: string): AisBenchError {
  return new AisBenchError('UTILS-CFG-002', `pattern_postprocess.${key}: ${why}`, {
    where: key,
    cure: 'write { type: "pattern_postprocess", patterns: ["answer is (\\\\w+)"], pick: "last", clean: ["strip"] }',
  });
}
