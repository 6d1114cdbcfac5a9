import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../../test/sample-of.ts';
import { openSandbox } from '../../sandbox/open-sandbox.ts';
import type { Evaluator, RuleSet } from '../types.ts';
import { lcbCodeGenerationEvaluator } from './livecodebench.ts';

const LONG = 240_000;
const isContained = await openSandbox().then(
  () => true,
  () => false,
);

/** A long limit: what is asked is whether an answer is right, however slow the machine is. */
function made(options: Record<string, unknown> = { timeout: 60, extractor_version: 'v2' }): Evaluator {
  return typeof lcbCodeGenerationEvaluator === 'function'
    ? lcbCodeGenerationEvaluator(options)
    : lcbCodeGenerationEvaluator;
}

const SCRIPT = {
  question_id: 'sum',
  difficulty: 'easy',
  tests: { inputs: ['1 2\n', '3 4\n', '5 5'], outputs: ['3\n', '7', '10'] },
};
const CALL = {
  question_id: 'halves',
  difficulty: 'hard',
  tests: { call: 'halves', inputs: ['[1, 4]', '[]'], outputs: ['[0.5, 2.0]', '[]'] },
};

/** One sandbox for all. */
const evaluator = made();

const block = (code: string) => `\`\`\`python\n${code}\n\`\`\``;
const grade = (evaluator: Evaluator, answer: string, gold: unknown, rules: RuleSet = 'fixed') =>
  evaluator.grade(sampleOf(answer, '', { gold, rules }));

it.each([
  [{ extractor_version: 'v3' }, 'extractor_version'],
  [{ timeout: 0 }, 'timeout'],
  [{ timeouts: 6 }, 'timeouts'],
])('%j is refused by name', (options, key) => {
  expect(() => made(options)).toThrow(
    expect.objectContaining({ code: 'UTILS-CFG-002', message: expect.stringContaining(key) }),
  );
});

it("AISBench's keys are taken", () => {
  const keys = {
    num_process_evaluate: 4,
    timeout: 6,
    release_version: 'v6',
    start_date: null,
    end_date: null,
  };
  expect(made(keys)).toMatchObject({ metric: 'pass@1', name: 'LCBCodeGenerationEvaluator' });
});

it('no code is worth nothing, counts among the problems of its difficulty, and nothing is run', async () => {
  for (const rules of ['fixed', 'compat'] as const)
    expect(await grade(made(), ' ', SCRIPT, rules)).toEqual({
      ...{ credit: 0, explanation: 'failed: there is no code' },
      parts: { 'pass@1_easy': [0, 1] },
    });
});

it.each([
  ['sum'],
  [{ question_id: 'sum', difficulty: 'easy', tests: { file: 'f', at: 1, bytes: 2 } }],
  [undefined],
])('a reference without tests is refused: %j', async (gold) => {
  await expect(grade(made(), block('print(1)'), gold)).rejects.toMatchObject({ code: 'RUN-DATA-001' });
});

describe.skipIf(!isContained)('programs (skipped where code cannot be contained)', () => {
  it.each([
    ['reads lines', 'a, b = map(int, input().split())\nprint(a + b)'],
    ['reads all at once', 'import sys\nprint(sum(map(int, sys.stdin.read().split())))'],
    ['reads bytes', 'import sys\nprint(sum(map(int, sys.stdin.buffer.readline().split())))'],
    ['opens descriptor 0', 'print(sum(map(int, open(0).read().split())))'],
    [
      'has a main block',
      'def main():\n    print(sum(map(int, input().split())))\nif __name__ == "__main__":\n    main()',
    ],
    ['relies on names of contest sites', 'print(reduce(add, map(int, stdin.readline().split())))'],
    [
      'runs in a thread',
      'import threading\nthreading.Thread(target=lambda: print(sum(map(int, input().split())))).start()',
    ],
    [
      'prints at its exit',
      'import atexit\nx = sum(map(int, input().split()))\natexit.register(lambda: print(x))\nexit()',
    ],
    [
      'recurses deeply',
      'def f(n):\n    return 0 if n == 0 else f(n - 1)\nf(20000)\nprint(sum(map(int, input().split())))',
    ],
    ['begins with __future__', 'from __future__ import annotations\nprint(sum(map(int, input().split())))'],
    [
      'leaves a process behind',
      'import os\nprint(sum(map(int, input().split())), flush=True)\nif os.fork() == 0:\n    while True: pass',
    ],
    [
      'has a dataclass',
      'from dataclasses import dataclass\n@dataclass\nclass P:\n    x: "int"\nprint(sum(map(int, input().split())))',
    ],
  ])(
    '%s',
    async (_, code) => {
      expect(await grade(evaluator, block(code), SCRIPT)).toMatchObject({
        credit: 1,
        explanation: 'pass: all 3 tests',
      });
    },
    LONG,
  );

  it.each([
    [
      'is wrong once',
      'a, b = map(int, input().split())\nprint(a + b if a < 5 else 11)',
      'wrong_answer: test 3 of 3',
    ],
    ['raises', 'raise ValueError("no")', 'failed: test 1 of 3 raised ValueError: no'],
    ['is no Python', 'print(', 'failed: test 1 of 3 raised SyntaxError'],
    [
      'raises when it has printed',
      'print(sum(map(int, input().split())))\n1 / 0',
      'raised ZeroDivisionError',
    ],
    ['leaves without printing', 'import os\nprint(3)\nos._exit(0)', 'wrong_answer: test 1 of 3'],
    ['kills its parent', 'import os\nos.kill(os.getppid(), 9)', 'failed: test 1 of 3 was killed'],
    ['kills itself', 'import os\nos.kill(os.getpid(), 9)', 'failed: test 1 of 3 was killed (SIGKILL)'],
    ['prints without end', 'while True: print("x" * 4096)', 'wrong_answer: test 1 of 3 has far more output'],
    ['takes all memory', 'x = "a" * (1 << 33)', 'failed: test 1 of 3 raised MemoryError'],
    [
      'looks for the answers',
      'import gc\nprint([x for x in gc.get_objects() if isinstance(x, dict) and "outputs" in x])',
      'wrong_answer: test 1',
    ],
  ])(
    'that %s is not passed',
    async (_, code, explanation) => {
      const { credit, ...found } = await grade(evaluator, block(code), SCRIPT);
      expect([credit, found.explanation]).toEqual([0, expect.stringContaining(explanation)]);
    },
    LONG,
  );

  it(
    'has its time for each test',
    async () => {
      const code = 'import time\ntime.sleep(0.4)\nprint(sum(map(int, input().split())))';
      expect(await grade(made({ timeout: 20 }), block(code), SCRIPT)).toMatchObject({ credit: 1 });
      const slow = await grade(made({ timeout: 0.5 }), block('while True: pass'), SCRIPT);
      expect(slow.explanation).toBe('timeout: test 1 of 3 ran longer than 0.5 s');
    },
    LONG,
  );

  it.each([
    [
      'a method',
      1,
      'class Solution:\n    def halves(self, xs: List[int]) -> List[float]:\n        return [x / 2 for x in xs]',
    ],
    ['a function', 1, 'def halves(xs):\n    print("on the way")\n    return tuple(x / 2 for x in xs)'],
    [
      'a function that changes what it was given',
      1,
      'def halves(xs):\n    xs[:] = [x / 2 for x in xs]\n    return xs',
    ],
    [
      'one with a main block, which is not run',
      1,
      'def halves(xs): return [x / 2 for x in xs]\nif __name__ == "__main__":\n    1 / 0',
    ],
    ['a wrong one', 0, 'def halves(xs): return [x // 2 for x in xs]'],
    ['one of another name', 0, 'def half(xs): return xs'],
    ['one that leaves', 0, 'def halves(xs): exit()'],
    ['one that returns what is no JSON', 0, 'def halves(xs): return {x / 2 for x in xs}'],
    [
      'one whose results are equal to everything',
      0,
      'class E(list):\n    def __eq__(self, o): return True\ndef halves(xs): return E()',
    ],
  ])(
    'that is %s is worth %i',
    async (_, credit, code) => {
      expect(await grade(evaluator, block(code), CALL)).toMatchObject({
        credit,
        parts: { 'pass@1_hard': [credit, 1] },
      });
    },
    LONG,
  );

  it(
    'is compared under either rule set where they differ',
    async () => {
      const code = block('print(0.500001)');
      const close = { ...SCRIPT, tests: { inputs: ['a', 'b'], outputs: ['0.5', '0.5'] } };
      expect(await grade(evaluator, code, close, 'compat')).toMatchObject({ credit: 1 });
      expect(await grade(evaluator, code, close, 'fixed')).toMatchObject({
        credit: 0,
        explanation: 'wrong_answer: test 1 of 2',
      });
    },
    LONG,
  );
});
