/** Python's rules as we have them, against the Python that is installed: the same texts, the same answers. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance } from '../basics/nearest.ts';
import { floatRepr } from '../python-data/repr.ts';
import {
  firstCapital,
  firstCapitalMulti,
  firstOption,
  firstOptionPatterns,
  lastCapital,
  lastOptionPostprocess,
  multipleSelect,
} from './choice/letters.ts';
import {
  firstNumberPostprocess,
  gpqaSimpleEval,
  matchAnswerPattern,
  specificXmlTag,
} from './choice/patterns.ts';
import { bbhFreeform, bbhMcq, general } from './choice/short-answers.ts';
import { getAOrB } from './evaluators/llm-judge.ts';
import { pythonRegex } from './python-regex.ts';
import { isPythonUpper, PYTHON_SPACE, PYTHON_WORD, pythonSplit, pythonStrip } from './python-text.ts';
import type { Configurable, PredPostprocessor } from './types.ts';

const PATTERNS = [
  String.raw`(?i)ANSWER\s*:\s*([A-P])`,
  String.raw`(?i)答案\s*:\s*[\W]*([A-D])[\W]*`,
  String.raw`(?i)\b(a|an|the)\b`,
  String.raw`(?i)answer is|h[h-j]`,
  String.raw`(?i)[^i]i`,
  String.raw`(-?\d*\.?\d+)`,
  String.raw`^(\S+)$`,
  String.raw`(?m)^(\S+)$`,
  String.raw`(?s)\((.*?)\)`,
  String.raw`\((.*?)\)`,
  String.raw`([^\W\d_]+)\s`,
  String.raw`(?P<star>\*+)(.+?)(?P=star)`,
  String.raw`1{,2}(\.)?`,
  String.raw`[]\-]|[^]a-z\s]+`,
  String.raw`\.$|\.\Z`,
  String.raw`\AThe|\BA`,
  String.raw`\x41|\u0042|\103`,
  String.raw`(\w)\1`,
  String.raw`boxed{([ABCD])}|{|a{x}`,
  String.raw`(?<=\s)\d|(?<!\d)\.`,
  String.raw`(\s|^)[ABCD][\s。，,：:\.$]`,
  '.',
];

const pieces = fc.constantFrom(
  ...[
    'The answer is ',
    'the correct answer is: ',
    'ANSWER: ',
    'answer :\n',
    'answer is ',
    'boxed{',
    '}',
    '(',
    ')',
  ],
  ...[
    '答案是',
    '答案为',
    '答案应该是',
    '答案：',
    '答案:',
    '选',
    '故选',
    '只有',
    '是对',
    '说法错误的是',
    '是正确的',
    '选项',
    '项',
    '正确',
  ],
  ...[
    '所以',
    '所以答',
    '所有',
    '因此',
    '显然',
    '即',
    '是',
    '为',
    '。',
    '，',
    '：',
    'A',
    'B',
    'C',
    'D',
    'B',
    'C',
    'a',
    'b',
  ],
  ...[
    ' ',
    '\n',
    '\r\n',
    '.',
    ',',
    ':',
    '$',
    '**',
    '*',
    '-',
    '_',
    '1.',
    '1',
    '3.5',
    '１２',
    '٣',
    '²',
    '½',
    '1_0',
    '<t>',
    '</t>',
  ],
  ...[
    'Ä',
    'Ⅰ',
    'Ⓐ',
    'ǅ',
    'ſ',
    'ı',
    'İ',
    'K',
    'é',
    'e\u0301',
    '𝐀',
    '😀',
    '\x1c',
    '\x85',
    '\ufeff',
    '\u3000',
    '\u2028',
  ],
  ...['an apple', 'the', 'x', "isn't"],
);
const texts = ['', ' ', '\n'].concat(
  fc.sample(
    fc.array(pieces, { minLength: 1, maxLength: 9 }).map((some) => some.join('')),
    { numRuns: 150, seed: 8 },
  ),
);
const floats = [0, -0, 5, 1e15, 1e16, 123456789012345680, 0.0001, 0.00001, 1.5e-7, 1e22, 0.1, -2.5, 1e100];

/** What Python is asked: each answer is '' where AISBench has None. */
const SCRIPT = String.raw`
import json, re, sys, unicodedata

job = json.loads(sys.stdin.buffer.read())
bmp = [c for c in range(0x10000) if not 0xD800 <= c < 0xE000]

def first_option(text, patterns):
    text = text.strip()
    for pattern in patterns:
        found = re.search(pattern, text, re.DOTALL)
        if found:
            for letter in 'ABCD':
                if letter in (found.group(1) or found.group(0)):
                    return letter
    return ''

def group(found):
    return (found.group(1) or '') if found else ''

def last(found):
    return found[-1] if found else ''

def bare(text):
    text = re.sub(r'[^\w\s]', '', re.split(r'[\n.,]', text)[0])
    return re.sub(r'\s+', ' ', re.sub(r'(?i)\b(a|an|the)\b', '', text)).strip()

def number(text):
    found = re.search(r'(-?\d*\.?\d+)', text)
    return str(float(found.group(1))) if found else ''

def after(text):
    parts = text.split('answer is ')
    return parts[1].strip() if len(parts) > 1 else text

def mcq(text):
    text = after(text)
    found = re.search(r'\(([A-Z])\)*', text) or re.search(r'([A-Z])', text)
    return found.group(1) if found else text

def freeform(text):
    text = after(text).split('\n')[0].strip()
    if text.endswith('.'):
        text = text[:-1].strip()
    found = re.search(r'\*\*(.*?)\*\*', text)
    return found.group(1) if found else text

def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        old, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            old, row[j] = row[j], min(old + (x != y), row[j] + 1, row[j - 1] + 1)
    return row[-1]

capitals = lambda text: [c for c in text if c.isupper()]
ways = {
    'first-capital': lambda t: (capitals(t) or [''])[0],
    'last-capital': lambda t: (capitals(t) or [''])[-1],
    'first-capital-multi': lambda t: group(re.search('([A-D]+)', t)),
    'multiple-select': lambda t: ''.join(sorted(set(capitals(t)))),
    'last_option_postprocess': lambda t: last(re.findall('([ABCD])', t)),
    'first_number_postprocess': number,
    'general': bare,
    'get_a_or_b': lambda t: t[-1:] if t[-1:] in ('A', 'B') else 'B',
    'specific-xml-tag': lambda t: last([x.strip() for x in re.findall('<t>(.*?)</t>', t, re.DOTALL)] or ['NO ANSWER FOUND']),
    'match_answer_pattern': lambda t: group(re.search(job['patterns'][1], t)),
    'GPQA_Simple_Eval_postprocess': lambda t: last(re.findall(r'(?i)ANSWER\s*:\s*([A-D])', t)),
    'bbh-mcq': mcq,
    'bbh-freeform': freeform,
    'first-option': lambda t: first_option(t, job['cushioned']),
    'first-option-bare': lambda t: first_option(t, job['bare']),
}
found = [[re.search(p, t) for t in job['texts']] for p in job['patterns']]
print(json.dumps({
    'unassigned': [c for c in bmp if unicodedata.category(chr(c)) == 'Cn'],
    'space': [c for c in bmp if chr(c).isspace()],
    'regexSpace': [c for c in bmp if re.match(r'\s', chr(c))],
    'word': [c for c in bmp if re.match(r'\w', chr(c))],
    'digit': [c for c in bmp if re.match(r'\d', chr(c))],
    'upper': [c for c in bmp if chr(c).isupper()],
    'split': [t.split() for t in job['texts']],
    'strip': [t.strip() for t in job['texts']],
    'floats': [repr(float(x)) for x in job['floats']],
    'distances': [distance(a, b) for a, b in zip(job['texts'][:60], job['texts'][1:])],
    'matches': [[None if m is None else [m.group(0), *m.groups()] for m in row] for row in found],
    'ways': {name: [way(t) for t in job['texts']] for name, way in ways.items()},
}))
`;

interface Answers {
  readonly unassigned: number[];
  readonly space: number[];
  readonly regexSpace: number[];
  readonly word: number[];
  readonly digit: number[];
  readonly upper: number[];
  readonly split: string[][];
  readonly strip: string[];
  readonly floats: string[];
  readonly distances: number[];
  readonly matches: ((string | null)[] | null)[][];
  readonly ways: Readonly<Record<string, string[]>>;
}

function askPython(): Answers | undefined {
  const job = {
    patterns: PATTERNS,
    texts,
    floats: floats.map((value) => (Object.is(value, -0) ? '-0.0' : String(value))),
    cushioned: firstOptionPatterns('ABCD', true),
    bare: firstOptionPatterns('ABCD', false),
  };
  const { error, status, stdout, stderr } = spawnSync('python3', ['-W', 'ignore', '-c', SCRIPT], {
    input: JSON.stringify(job),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (error !== undefined) return undefined; // there is no Python here
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Answers;
}

const python = askPython();

function made(part: Configurable<PredPostprocessor>, keys: Record<string, unknown> = {}): PredPostprocessor {
  return typeof part === 'function' ? part(keys) : part;
}

const parts: readonly PredPostprocessor[] = [
  ...[firstCapital, lastCapital, firstCapitalMulti, multipleSelect, getAOrB, firstNumberPostprocess],
  ...[gpqaSimpleEval, general, bbhMcq, bbhFreeform],
  made(lastOptionPostprocess, { options: 'ABCD' }),
  made(matchAnswerPattern, { answer_pattern: PATTERNS[1] }),
  made(specificXmlTag, { tag: '<t>' }),
  { ...firstCapital, name: 'first-option', compat: firstOption('ABCD') },
  { ...firstCapital, name: 'first-option-bare', compat: firstOption('ABCD', { cushion: false }) },
];

describe.skipIf(python === undefined)('as in the Python that is installed', () => {
  const answers = python as Answers;
  const unassigned = new Set(answers?.unassigned);
  const bmp = Array.from({ length: 0x10000 }, (_, code) => code).filter(
    (code) => code < 0xd800 || code >= 0xe000,
  );
  const where = (holds: (char: string) => boolean) =>
    bmp.filter((code) => !unassigned.has(code) && holds(String.fromCharCode(code)));

  it('characters are space, of words, digits, upper case', () => {
    const space = new RegExp(`[${PYTHON_SPACE}]`, 'u');
    expect(where((char) => space.test(char))).toEqual(answers.space);
    expect(answers.regexSpace).toEqual(answers.space);
    const word = new RegExp(`[${PYTHON_WORD}]`, 'u');
    expect(where((char) => word.test(char))).toEqual(answers.word);
    expect(where((char) => /\p{Nd}/u.test(char))).toEqual(answers.digit);
    expect(where(isPythonUpper)).toEqual(answers.upper);
  });

  it('texts are stripped and split, floats written, distances counted', () => {
    expect(texts.map(pythonStrip)).toEqual(answers.strip);
    expect(texts.map(pythonSplit)).toEqual(answers.split);
    expect(floats.map(floatRepr)).toEqual(answers.floats);
    expect(texts.slice(1, 61).map((text, i) => editDistance(texts[i]!, text))).toEqual(answers.distances);
  });

  it.each(PATTERNS.map((pattern, i) => ({ pattern, i })))('$pattern finds the same', ({ pattern, i }) => {
    const regex = pythonRegex(pattern);
    texts.forEach((text, j) => {
      const found = regex.exec(text);
      const groups = found === null ? null : [...found].map((group) => group ?? null);
      expect({ text, groups }).toEqual({ text, groups: answers.matches[i]![j] });
    });
  });

  it.each(parts)('$name takes the same', ({ name, compat, none }) => {
    const expected = answers.ways[name]!;
    texts.forEach((text, i) => {
      expect({ text, answer: compat(text)?.answer ?? none }).toEqual({ text, answer: expected[i] });
    });
  });
});
