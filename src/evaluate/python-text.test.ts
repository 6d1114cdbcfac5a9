import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instructionsOf } from './evaluators/ifeval.ts';
import { isLower, isUpper, pythonSplit, pythonStrip, wordsIn } from './python-text.ts';

it.each([
  ['\u0085 a\u001f', 'a'],
  ['\ufeff a', '\ufeff a'],
  ['\u200b', '\u200b'],
  ['\u3000\u00a0', ''],
])('strip(%j) is %j', (text, expected) => {
  expect(pythonStrip(text)).toBe(expected);
});

it.each([
  ['ABC 1!', true, false],
  ['abc', false, true],
  ['Abc', false, false],
  ['123', false, false],
  ['Ⅻ Ⓐ', true, false],
  ['ª', false, true],
  ['ǅ', false, false],
  ['中', false, false],
])('%j: upper %s, lower %s', (text, upper, lower) => {
  expect([isUpper(text), isLower(text)]).toEqual([upper, lower]);
});

/** Asks CPython what its own functions and patterns make of each text. */
const ASK = `
import json, re, sys
def reads(text):
    try:
        json.loads(text)
        return True
    except ValueError:
        return False
def of(text):
    low = text.lower()
    stars = [s for s in re.findall(r"\\*[^\\n*]*\\*", text) + re.findall(r"\\*\\*[^\\n*]*\\*\\*", text) if s.strip("*").strip()]
    return [text.strip(), text.split(), text.isupper(), text.islower(), re.findall(r"\\w+", text),
        len(re.findall(r"^\\s*\\*[^*].*$", text, re.M)) + len(re.findall(r"^\\s*-.*$", text, re.M)),
        len(re.findall(r"\\[.*?\\]", text)), len(stars), len(re.findall(r"\\s?one\\s?\\d+\\s?", text)),
        any(t.lstrip("<").rstrip(">").strip() for t in re.findall(r"<<[^\\n]+>>", text)),
        bool(re.search(r"\\bone\\b", text, re.I)), len(re.findall("one", text, re.I)), low.count("e"),
        bool(re.search(r"p\\.\\s?s\\.", low)), reads(text.strip())]
print(json.dumps([of(text) for text in json.load(sys.stdin)]))
`;

const hasPython = spawnSync('python3', ['-c', '']).status === 0;

describe.skipIf(!hasPython)('CPython (skipped without python3)', () => {
  it('takes the same texts the same way', () => {
    const parts = ['one', 'ONE', 'One2', 'é', 'É', 'ı', 'İ', 'ſ', 'ß', 'ǅ', 'Ⅻ', '٣', '²', 'हि', '中', '_'];
    const marks = [
      '.',
      'p.',
      's.',
      '*',
      '**',
      '-',
      '[',
      ']',
      '<<',
      '>>',
      '{',
      '}',
      '"',
      '1',
      'NaN',
      ':',
      ',',
      '\\',
      '!',
    ];
    const spaces = [' ', '\n', '\r', '\t', '\u0085', '\u001f', '\u2028', '\u00a0', '\ufeff', '\u200b'];
    const text = fc.array(fc.constantFrom(...parts, ...marks, ...spaces, ...spaces), { maxLength: 14 });
    const texts = fc.sample(text, { numRuns: 400, seed: 8 }).map((some) => some.join(''));
    const { stdout } = spawnSync('python3', ['-c', ASK], { input: JSON.stringify(texts), encoding: 'utf8' });
    expect(texts.map(ourView)).toEqual(JSON.parse(stdout));
  });
});

function ourView(text: string): unknown[] {
  const is = (id: string, kwargs: Record<string, unknown> = {}) =>
    instructionsOf({ key: 1, instruction_id_list: [id], kwargs: [kwargs] })[0]!.isFollowed(text);
  const most = (isAtLeast: (n: number) => boolean) => {
    let n = 0;
    while (isAtLeast(n + 1)) n++;
    return n;
  };
  const relation = 'at least';
  return [
    ...[pythonStrip(text), pythonSplit(text), isUpper(text), isLower(text), wordsIn(text)],
    [...Array(40).keys()].find((num_bullets) => is('detectable_format:number_bullet_lists', { num_bullets })),
    most((num_placeholders) => is('detectable_content:number_placeholders', { num_placeholders })),
    most((num_highlights) => is('detectable_format:number_highlighted_sections', { num_highlights })),
    most((num_sections) =>
      is('detectable_format:multiple_sections', { section_spliter: 'one', num_sections }),
    ),
    is('detectable_format:title'),
    !is('keywords:forbidden_words', { forbidden_words: ['one'] }),
    most((frequency) => is('keywords:frequency', { keyword: 'one', frequency, relation })),
    most((let_frequency) =>
      is('keywords:letter_frequency', { letter: 'e', let_frequency, let_relation: relation }),
    ),
    is('detectable_content:postscript', { postscript_marker: 'P.S.' }),
    is('detectable_format:json_format'),
  ];
}
