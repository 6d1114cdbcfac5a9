import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../../test/sample-of.ts';
import { foundOut, grades } from '../../../test/support/code-answers.ts';
import { mutantsOf } from '../../../test/support/mutants.ts';
import { HumanevalDataset } from '../../dataset/builtin/code.ts';
import { openSandbox } from '../../sandbox/open-sandbox.ts';
import type { Configurable, Evaluator } from '../types.ts';
import { humanEvalEvaluator, mbppEvaluator, mbppPassKEvaluator, programOf } from './code.ts';

const LONG = 900_000;
const data =
  process.env['AIS_BENCH_DATASETS_CACHE'] ??
  fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const isContained = await openSandbox().then(
  () => true,
  () => false,
);

/** A long limit: what is asked is whether an answer is right, however slow the machine is. */
function made(evaluator: Configurable<Evaluator>, options: Record<string, unknown> = { timeout: 120 }) {
  return typeof evaluator === 'function' ? evaluator(options) : evaluator;
}

const row = {
  prompt: 'def add(a, b):\n    """Adds."""\n',
  test: 'def check(candidate):\n    assert candidate(1, 2) == 3\n',
  entry_point: 'add',
};

describe('programOf', () => {
  it.each([
    ['the rest of a function', '    return a + b'],
    ['a rest without indentation', 'return a + b'],
    ['a rest whose first line lost it', 'c = a\n    return c + b'],
    ['a loop whose first line lost it', 'for c in [a + b]:\n        return c'],
    ['a loop without indentation', 'for c in [a + b]:\n    return c'],
    ['the whole function', 'def add(a, b):\n    return a + b'],
    ['with imports', 'import math\ndef add(a, b):\n    return a + b'],
  ])('%s is put behind the prompt so that it compiles', (_, answer) => {
    const program = programOf(row, answer, 'fixed');
    expect(program).toMatch(/^def add\(a, b\):\n {4}"""Adds\."""\n/);
    const lines = answer.split('\n').map((line) => line.trim());
    for (const line of lines) expect(program).toContain(line);
    if (spawnSync('python3', ['-c', '']).status !== 0) return;
    const { status, stderr } = spawnSync('python3', ['-c', `${program}\nassert add(1, 2) == 3`]);
    expect([status, String(stderr)]).toEqual([0, '']);
  });

  it('adds nothing under compat', () => {
    expect(programOf(row, 'return a + b', 'compat')).toBe(`${row.prompt}return a + b\n`);
  });
});

describe('the keys of evaluators that run code', () => {
  it.each([
    [{ timeout: 0 }, 'timeout'],
    [{ timeout: '3' }, 'timeout'],
    [{ isolation: 'docker' }, 'isolation'],
    [{ timeouts: 3 }, 'timeouts'],
  ])('%j is refused by name', (options, key) => {
    for (const evaluator of [humanEvalEvaluator, mbppEvaluator, mbppPassKEvaluator]) {
      expect(() => made(evaluator, options)).toThrow(
        expect.objectContaining({ code: 'UTILS-CFG-002', message: expect.stringContaining(`.${key} `) }),
      );
    }
  });

  it("AISBench's are taken", () => {
    expect(made(humanEvalEvaluator, { k: [1, 10, 100] })).toMatchObject({ metric: 'humaneval_pass@1' });
    expect(made(mbppEvaluator, { metric: 'MBPP' })).toMatchObject({ metric: 'score' });
    expect(made(mbppPassKEvaluator, { k: 1 })).toMatchObject({ metric: 'pass@1' });
  });
});

it('no code is worth nothing, and nothing is run', async () => {
  for (const evaluator of [humanEvalEvaluator, mbppEvaluator]) {
    expect(await made(evaluator).grade(sampleOf('', '', { gold: {} }))).toMatchObject({ credit: 0 });
  }
});

it('answers of another dataset are refused', async () => {
  for (const evaluator of [humanEvalEvaluator, mbppEvaluator]) {
    await expect(async () => made(evaluator).grade(sampleOf('x = 1', 'A'))).rejects.toMatchObject({
      code: 'RUN-DATA-001',
    });
  }
});

describe.skipIf(!isContained)('answers that are run (skipped where code cannot be contained)', () => {
  it(
    'are told apart by what became of them',
    async () => {
      const gold = { tests: 'assert f(1) == 2\nassert f(2) == k', setup: 'k = 3' };
      const answers = ['x + 1', 'x', 'y', 'exit()'].map((result) => `def f(x): return ${result}`);
      const [right, wrong, failed, left] = await grades(
        made(mbppEvaluator),
        answers.map((answer) => ({ answer, gold })),
      );
      expect(right).toEqual({ credit: 1, explanation: 'pass' });
      expect(wrong).toEqual({ credit: 0, explanation: 'wrong_answer: AssertionError' });
      expect(failed).toEqual({ credit: 0, explanation: "failed: NameError: name 'y' is not defined" });
      expect(left).toMatchObject({ credit: 0, explanation: expect.stringContaining('failed: SystemExit') });
      const slow = made(mbppEvaluator, { timeout: 1 });
      expect(await slow.grade(sampleOf('while True: pass', '', { gold }))).toEqual({
        credit: 0,
        explanation: 'timeout: it ran longer than 1 s',
      });
    },
    LONG,
  );

  it(
    'have no set-up under compat',
    async () => {
      const gold = { tests: 'assert f(2) == k', setup: 'k = 3' };
      const sample = sampleOf('def f(x): return x + 1', '', { gold });
      const grade = made(mbppEvaluator).grade;
      expect(await grade({ ...sample, rules: 'fixed' })).toMatchObject({ credit: 1 });
      expect(await grade({ ...sample, rules: 'compat' })).toMatchObject({ credit: 0 });
    },
    LONG,
  );
});

describe.skipIf(!isContained)('completions as human-eval takes them (skipped without a sandbox)', () => {
  const gold = { prompt: 'def one():\n', test: 'def check(f):\n    assert f() == 1', entry_point: 'one' };

  it.each([
    ['four blanks', '    return 1', 1],
    ['two blanks', '  return 1', 1],
    ['a tabulator', '\treturn 1', 1],
    ['what reads from a person', '    return int(input("?"))', 0],
    [
      'what starts another program',
      '    import subprocess\n    return len(subprocess.check_output("ls"))',
      0,
    ],
    ['a right return behind a raise', '    raise SystemExit(0)\n    return 1', 0],
    ['a main block, which is not run', '    return 1\n\nif __name__ == "__main__":\n    raise ValueError', 1],
    ['tests of its own that hold', '    return 1\n\nassert one() == 1', 1],
  ])(
    '%s',
    async (_, answer, credit) => {
      for (const rules of ['compat', 'fixed'] as const) {
        const grade = await made(humanEvalEvaluator).grade(sampleOf(answer, '', { gold, rules }));
        expect([rules, grade.credit]).toEqual([rules, credit]);
      }
    },
    LONG,
  );
});

const hasData = existsSync(join(data, 'humaneval'));

describe.skipIf(!isContained || !hasData)('HumanEval (skipped without its file or a sandbox)', () => {
  it(
    'passes 12 reference solutions and finds out a mutant of each',
    async () => {
      const { test } = await HumanevalDataset.load({ path: '', roots: [data], params: {} });
      const rows = Array.from({ length: 12 }, (_, n) => test[(n * 37 + 8) % test.length]!);
      const evaluator = made(humanEvalEvaluator);
      const impatient = made(humanEvalEvaluator, { timeout: 3 }); // some mutants never end
      const answers = rows.map((one) => ({
        answer: String(one['canonical_solution']),
        gold: HumanevalDataset.reference!(one),
      }));
      const credits = (await grades(evaluator, answers)).map(({ credit }) => credit);
      expect(credits).toEqual(rows.map(() => 1));
      const mutants = mutantsOf(
        rows.map((one) => ({
          program: `${one['prompt']}${one['canonical_solution']}`,
          name: String(one['entry_point']),
        })),
      );
      for (const [n, one] of rows.entries()) {
        const found = await foundOut(impatient, mutants[n]!, answers[n]!.gold);
        expect([one['task_id'], found]).toEqual([one['task_id'], expect.any(Number)]);
      }
    },
    LONG,
  );
});
