import { AisBenchError } from '../contract/errors.ts';
import type { Extraction, Extractor, PredPostprocessor } from './types.ts';

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
  return { name: 'pattern_postprocess', fixed: extract, compat: extract, none: '' };
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
