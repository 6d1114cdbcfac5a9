import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gsm100Number, loyaltyIn, plainOutput, statedOutput } from './long-context.ts';

/** The rules step by step, with Python's own strings. */
const STEPS = String.raw`
import json, re, sys
def number(text):
    behind = (text.split("The answer is") + [""])[1]
    word = next((w for w in behind.split(" ") if any(c.isdigit() for c in w)), "")
    return "".join(c for c in word if c.isdigit())
def plain(text):
    text = re.sub(r"\s+", " ", text)
    for old, new in ((",", ""), ("'", ""), ("\\", ""), (".0", ""), ("] [", "]["), ("[ [", "[["), ("] ]", "]]")):
        text = text.replace(old, new)
    return text.strip()
def output(reply, reference):
    text, count = plain(reply), len(reference.split()) + 3
    for filler in ("will be", "of the code", "is", "would be", "the value of", "the result of", "printed"):
        text = text.replace(filler, "")
    if "the final output" in text: return " ".join(re.split(r"\s+", text.split("the final output")[-1])[:count])
    return " ".join(re.split(r"\s+", text)[-count:])
def loyalty(reply):
    words = reply.lower().split("[fact:", 1)[0].split()
    for word in words:
        if word.strip(".,;:!") in ("true", "false"): return word.strip(".,;:!")
    for word in words:
        for truth in ("true", "false"):
            if truth in word: return truth
    return None
made = [[number(a), plain(a), output(a, b), loyalty(a)] for a, b in json.load(sys.stdin)]
print(json.dumps(made))
`;

const hasPython = spawnSync('python3', ['-c', '']).status === 0;

describe.skipIf(!hasPython)("against CPython's strings (skipped without python3)", () => {
  it('numbers, outputs and truths are the same for 4,000 seeded pairs', () => {
    const piece = fc.constantFrom(
      ...[
        'The answer is',
        ' ',
        '\n',
        '18',
        '1,234',
        '3.0',
        '²',
        '$',
        'true',
        'False',
        'untrue',
        '[fact:',
        ']',
        '[',
      ],
      ...[
        ', ',
        "'",
        '\\',
        'the final output',
        'is',
        'printed',
        'will be',
        'the value of',
        'x',
        '.',
        '!',
        '\x1c',
      ],
    );
    const text = fc.array(piece, { maxLength: 9 }).map((parts) => parts.join(''));
    const pairs = fc.sample(fc.tuple(text, text), { numRuns: 4000, seed: 21 });
    const { stdout, stderr } = spawnSync('python3', ['-c', STEPS], {
      input: JSON.stringify(pairs),
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    expect(stderr).toBe('');
    const expected: unknown[] = JSON.parse(stdout);
    const wrong = pairs.flatMap(([a, b], n) => {
      const own = [gsm100Number(a), plainOutput(a), statedOutput(a, b), loyaltyIn(a) ?? null];
      return JSON.stringify(own) === JSON.stringify(expected[n]) ? [] : [[a, b, own, expected[n]]];
    });
    expect(wrong).toEqual([]);
  });
});
