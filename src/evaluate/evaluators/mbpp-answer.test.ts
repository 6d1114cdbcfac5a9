import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mbppPostprocess } from './code.ts';

const { compat, fixed } = mbppPostprocess;

describe.each([
  ["[BEGIN]\n'def f(): 0'\n[DONE]", 'def f(): 0', 'pattern-1', 'def f(): 0'],
  ['[BEGIN]\ndef f(): 0\n[DONE]\nMore [DONE]', 'def f(): 0', 'pattern-9', '\ndef f(): 0\n'],
  ['```python\ndef f(): 0\n```\nIt works.', 'def f(): 0', 'pattern-13', 'def f(): 0\n'],
  ['```\ndef f(): 0\n```\nand\n```\nf()\n```', 'def f(): 0', 'pattern-14', 'def f(): 0\n'],
  ['```python\ndef f(): 0', 'def f(): 0', 'pattern-15', 'def f(): 0'],
  ['def f(): 0', 'def f(): 0', 'whole-text', 'def f(): 0'],
  ["def f(): 0'\n[DONE]", 'def f(): 0', 'whole-text', 'def f(): 0'],
  ['[BEGIN]\n```python\ndef my\\_f(): 0\n```\n[DONE]', '', 'pattern-9', 'def my\\_f(): 0\n'],
  ['def f(): return "DONE"', 'def f(): return "', 'whole-text', 'def f(): return "DONE"'],
  ['def my\\_f(): 0', 'def my_f(): 0', 'whole-text', 'def my\\_f(): 0'],
])('%j', (text, ofCompat, rule, ofFixed) => {
  it('is read under both rule sets', () => {
    expect(compat(text)?.answer ?? '').toBe(ofCompat);
    if (ofCompat !== '') expect(compat(text)?.rule).toBe(rule);
    expect(fixed(text)?.answer).toBe(ofFixed);
  });
});

it.each(['', ' \n', '[BEGIN]', '[BEGIN][DONE]', '```'])('%j holds no program', (text) => {
  expect(compat(text)).toBeUndefined();
});

/** AISBench's rule as it is written, in Python: the twenty patterns in their order, then the cuts. */
const LADDER = String.raw`
import json, re, sys
B, C = [r"\[BEGIN\]", "BEGIN"], [r"\[DONE\]", "DONE"]
forms = [b + r"\s*'(.*)'\s*" + d for d in C for b in B]
forms += [b + r"\s*'(.*)\s*" + d for d in C for b in B]
forms += [b + r"\s*(.*)\s*" + d for d in C for b in B]
F = "\x60" * 3
forms += [F + r"python\s*(.*)\s*" + F, F + r"\s*(.*)\s*" + F, F + r"python\s*(.*)\s*$", F + r"\s*(.*)\s*$"]
forms += [r"(.*)\s*" + F + ".*", r"\[BEGIN\]\s*'(.*)", r"\[BEGIN\](.*)", r"'(.*)'\s*\[DONE\]"]
def answer(text):
    for form in forms:
        found = re.search(form, text, re.DOTALL)
        if found:
            text = found.group(1)
            break
    text = re.split(r"'?\s*\[?DONE\]?", text.split(F)[0])[0]
    return text.replace("\\_", "_").strip()
assert len(forms) == 20
print(json.dumps([answer(text) for text in json.load(sys.stdin)]))
`;

const hasPython = spawnSync('python3', ['-c', '']).status === 0;

describe.skipIf(!hasPython)("against CPython's re (skipped without python3)", () => {
  it('the answer is the same for 2,000 seeded texts', () => {
    const piece = fc.constantFrom(
      ...['[BEGIN]', 'BEGIN', '[DONE]', 'DONE', '```python', '```', '`', "'", '[', ']'],
      ...[' ', '\n', '\t', '\x1c', '\x85', '\ufeff', '\u2003', '\r\n', 'x', 'def f(): 0', '\\_'],
    );
    const text = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''));
    const texts = fc.sample(text, { numRuns: 2000, seed: 8 });
    const input = JSON.stringify(texts);
    const { stdout } = spawnSync('python3', ['-c', LADDER], { input, encoding: 'utf8' });
    const expected: string[] = JSON.parse(stdout);
    const got = texts.map((one) => compat(one)?.answer ?? '');
    const wrong = texts.flatMap((one, n) => (got[n] === expected[n] ? [] : [[one, got[n], expected[n]]]));
    expect(wrong).toEqual([]);
    expect(new Set(expected).size).toBeGreaterThan(200);
  });
});

it('takes linear time on what a backtracking search would not', () => {
  for (const part of ["'", '[BEGIN]', 'BEGIN ', "' ", '```', ' ', 'DONE', '[DONE'])
    expect([compat(part.repeat(20_000)), fixed(part.repeat(20_000))]).toHaveLength(2);
}, 20_000);
