import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeDapoAnswer } from '../math/minerva.ts';
import { dapoMathPostprocess, dapoMathPostprocessV2 } from './math.ts';

describe.each([
  ['so\nAnswer: 42', '42', '42'],
  ['Answer: 1\nNo. answer : $42$', '42', '42'],
  ['Answer: x = 42', '42', undefined],
  ['Answer: 1,234 dollars', '1234', undefined],
  ['Answer: \\boxed{42}', '42', '42'],
  ['Answer: \\frac12', '\\frac{1}{2}', '\\frac12'],
  ['It is \\boxed{42}.', undefined, '42'],
  ['Answer:', undefined, undefined],
])('%j', (text, compat, fixed) => {
  it('is read under both rule sets', () => {
    expect(dapoMathPostprocess.compat(text)?.answer).toBe(compat);
    if (fixed !== undefined) expect(dapoMathPostprocess.fixed(text)?.answer.replaceAll('$', '')).toBe(fixed);
  });
});

describe.each([
  ['It is \\boxed{42}.', '42'],
  ['\\boxed{1}, no: \\boxed{\\frac{1}{2}}', '\\frac{1}{2}'],
  ['\\boxed{ 42 }', ' 42 '],
  [`\\boxed{42}${'.'.repeat(90)}`, '42'],
  [`\\boxed{42}${'.'.repeat(91)}`, undefined],
  [`\\boxed{42}${'𝒙'.repeat(90)}`, '42'],
  ['\\boxed{42', undefined],
  ['\\fbox{42}', undefined],
  ['\\boxed{1} \\boxed', '1'],
])('%j', (text, compat) => {
  it('has its box found by compat in the last hundred characters', () => {
    const found = dapoMathPostprocessV2.compat(text);
    expect(found?.answer).toBe(compat);
    if (found !== undefined) expect(text.slice(...found.span)).toBe(found.answer);
  });
});

/** The steps of AISBench's normalisation, in their order. */
const STEPS = String.raw`
import json, re, sys
OUT = "square ways integers dollars mph inches hours km units \\ldots sue points feet minutes digits cents degrees cm gm pounds meters meals edges students childrentickets multiples".split()
OUT += ["\\text{s}", "\\text{.}", "\\text{\ns}", "\\text{}^2", "\\text{}^3", "\\text{\n}", "\\text{}", "\\mathrm{th}", "^\\circ", "^{\\circ}", "\\;", ",\\!", "{,}", '"', "\\dots"]
SWAP = [("an ", ""), ("a ", ""), (".$", "$"), ("\\$", ""), ("\\ ", ""), (" ", ""), ("mbox", "text"), (",\\text{and}", ","), ("\\text{and}", ","), ("\\text{m}", "\\text{}")]
def steps(text):
    text = text.split("=")[-1]
    for old, new in SWAP: text = text.replace(old, new)
    for old in OUT: text = text.replace(old, "")
    text = re.sub(r"(.*?)(\$)(.*?)(\$)(.*)", r"$\3$", text)
    for command in ("text", "textbf", "overline"): text = re.sub(r"\\" + command + r"\{(.*?)\}", r"\1", text)
    text = re.sub(r"\\boxed\{(.*)\}", r"\1", text)
    text = re.sub(r"frac([^{])(.)", r"frac{\1}{\2}", text)
    text = re.sub(r"sqrt([^{])", r"sqrt{\1}", text).replace("$", "")
    return (text.replace(",", "") if text.replace(",", "").isdigit() else text).strip()
print(json.dumps([steps(text) for text in json.load(sys.stdin)]))
`;

const hasPython = spawnSync('python3', ['-c', '']).status === 0;

describe.skipIf(!hasPython)("against CPython's re (skipped without python3)", () => {
  it('the normalised answer is the same for 4,000 seeded lines', () => {
    const piece = fc.constantFrom(
      ...[
        '1',
        '23',
        ',',
        '.',
        '$',
        '\\$',
        '\\boxed{',
        '\\text{',
        '\\textbf{',
        '\\overline{',
        '\\mbox{',
        '}',
        '{',
      ],
      ...[
        'frac',
        'sqrt',
        '\\frac{',
        '=',
        ' ',
        'an ',
        'a ',
        'km',
        'm',
        's',
        'and',
        '\\le',
        'ft',
        '^\\circ',
        '{,}',
        '"',
      ],
      ...['２', '²', '\u2028', '\r', '\\!', '\\;', '\\dots', 'units', 'square', 'x', '-'],
    );
    const line = fc.array(piece, { maxLength: 10 }).map((parts) => parts.join(''));
    const lines = fc.sample(line, { numRuns: 4000, seed: 5 });
    const { stdout, stderr } = spawnSync('python3', ['-c', STEPS], {
      input: JSON.stringify(lines),
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const expected: string[] = JSON.parse(stdout);
    const wrong = lines.flatMap((one, n) =>
      normalizeDapoAnswer(one) === expected[n] ? [] : [[one, normalizeDapoAnswer(one), expected[n]]],
    );
    expect(wrong).toEqual([]);
    expect(new Set(expected).size).toBeGreaterThan(500);
  });
});
