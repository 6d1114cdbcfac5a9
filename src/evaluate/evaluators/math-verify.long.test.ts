/**
 * math-verify as a judge: with a stand-in for the package wherever there is Python, and with the package itself where
 * MATH_VERIFY_PYTHON names a Python that has it.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { sampleOf } from '../../../test/sample-of.ts';
import { readJsonl } from '../../dataset/read.ts';
import type { Evaluator } from '../types.ts';
import { MathVerify, mathEvaluator } from './math.ts';

/** Reads what stands between dollar signs; `slow` and `broken` are what they say. */
const STAND_IN = `
import time
class LatexExtractionConfig:
    def __init__(self, **keys): self.keys = keys
def parse(text, extraction_mode, extraction_config=None, parsing_timeout=5):
    if "slow" in text: time.sleep(60)
    if "broken" in text: raise RuntimeError("no such thing")
    if extraction_config and "$" not in text: return []
    return [part for part in text.strip("$").split() if part.isdigit()]
def verify(gold, target, timeout_seconds=5):
    return gold[-1] == target[-1]
`;

function standIn(): void {
  const folder = mkdtempSync(join(tmpdir(), 'ais-bench-math-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'math_verify'));
  writeFileSync(join(folder, 'math_verify', '__init__.py'), STAND_IN);
  vi.stubEnv('PYTHONPATH', folder);
  vi.stubEnv('VIRTUAL_ENV', '');
}

afterEach(() => vi.unstubAllEnvs());

function evaluatorOf(options: Record<string, unknown>): Evaluator & Required<Pick<Evaluator, 'finish'>> {
  const made = (mathEvaluator as (options: object) => Evaluator)({ type: 'MATHEvaluator', ...options });
  return { ...made, finish: made.finish ?? (async () => []) };
}

const hasPython = ((): boolean => {
  try {
    execFileSync('python3', ['-c', '']);
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!hasPython)('with a stand-in for the package', () => {
  it('says who judged, and what was read', async () => {
    standIn();
    const { grade, finish } = evaluatorOf({ engine: 'math-verify' });
    expect(await grade(sampleOf('7', '7'))).toEqual({
      credit: 1,
      explanation: 'math-verify unknown: 7 against 7',
    });
    expect(await grade(sampleOf('8', '7'))).toMatchObject({ credit: 0 });
    expect(await grade(sampleOf('x', '7'))).toMatchObject({
      credit: 0,
      explanation: expect.stringContaining('nothing against 7'),
    });
    expect(await finish()).toEqual(['math answers were judged by math-verify unknown']);
  });

  it('under compat looks for LaTeX in the whole reply', async () => {
    standIn();
    const { grade, finish } = evaluatorOf({ engine: 'math-verify' });
    const reply = (text: string) => grade({ ...sampleOf('7', '7', { rules: 'compat' }), text });
    expect(await reply('It is $ 7 $')).toMatchObject({ credit: 1 });
    expect(await reply('It is 7')).toMatchObject({ credit: 0 });
    await finish();
  });

  it('is ended where an answer takes too long, and judges the next', async () => {
    standIn();
    const { grade, finish } = evaluatorOf({ engine: 'math-verify', timeout: 1 });
    expect(await grade(sampleOf('7', 'slow 7'))).toEqual({
      credit: 0,
      explanation: 'math-verify took longer than 1 s',
    });
    expect(await grade(sampleOf('7', 'broken 7'))).toMatchObject({
      explanation: expect.stringContaining('no such thing'),
    });
    expect(await grade(sampleOf('7', '7'))).toMatchObject({ credit: 1 });
    expect(await finish()).toEqual([
      'math answers were judged by math-verify unknown; 2 times it gave no verdict, and they count as wrong',
    ]);
  });

  it('under auto our own reader judges what it does not', async () => {
    standIn();
    const { grade, finish } = evaluatorOf({ engine: 'auto' });
    expect(await grade(sampleOf('0.5', '\\frac12 \\text{broken}'))).toMatchObject({
      explanation: expect.stringMatching(/^math-verify raised .*; own reader/),
    });
    expect((await finish()).join()).toContain('our own reader judged');
  });

  it('strings stay strings under compat where there is a version', async () => {
    standIn();
    const { grade } = evaluatorOf({ engine: 'math-verify', version: 'v2' });
    expect(grade(sampleOf('23', '2\\cdot3', { rules: 'compat' }))).toEqual({ credit: 1 });
  });
});

describe.skipIf(!hasPython)('without the package', () => {
  const nowhere = () => {
    vi.stubEnv('VIRTUAL_ENV', '');
    // A package of that name that cannot be imported, whatever is installed here.
    const folder = mkdtempSync(join(tmpdir(), 'ais-bench-math-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'math_verify.py'), 'raise ImportError("not here")');
    vi.stubEnv('PYTHONPATH', folder);
  };

  it('asked by name is one error that says what to install', async () => {
    nowhere();
    const { grade } = evaluatorOf({ engine: 'math-verify' });
    await expect(grade(sampleOf('7', '7'))).rejects.toMatchObject({
      code: 'UTILS-DEPENDENCY-001',
      cure: expect.stringContaining('-m pip install math-verify'),
    });
    await expect(grade(sampleOf('8', '7'))).rejects.toMatchObject({ code: 'UTILS-DEPENDENCY-001' });
  });

  it('under auto our own reader judges, and the score says so', async () => {
    nowhere();
    const { grade, finish } = evaluatorOf({ engine: 'auto' });
    expect(await grade(sampleOf('0.5', '\\frac{1}{2}'))).toEqual({ credit: 1, explanation: 'own reader' });
    expect(await grade(sampleOf('2', '\\frac{1}{2}'))).toEqual({ credit: 0, explanation: 'own reader' });
    expect((await finish()).join()).toMatch(
      /our own reader: the Python package math-verify is not installed/,
    );
  });
});

it('a Python that is not there is told by name, and passed over under auto', async () => {
  const missing = { python: '/nowhere/python' };
  await expect(
    evaluatorOf({ engine: 'math-verify', ...missing }).grade(sampleOf('7', '7')),
  ).rejects.toMatchObject({
    code: 'UTILS-DEPENDENCY-001',
  });
  expect(await evaluatorOf({ engine: 'auto', ...missing }).grade(sampleOf('7', '7'))).toMatchObject({
    credit: 1,
  });
});

it.each([
  [{ engine: 'sympy' }, 'use one of: own, math-verify, auto'],
  [{ timeout: 0 }, 'give 1 to 600 seconds'],
  [{ python: 3 }, 'give the path of an interpreter'],
])('refuses %j', (options, cure) => {
  expect(() => evaluatorOf(options)).toThrow(expect.objectContaining({ code: 'UTILS-CFG-002', cure }));
});

const python = process.env['MATH_VERIFY_PYTHON'];
const data =
  process.env['AIS_BENCH_DATASETS_CACHE'] ??
  fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const file = join(data, 'math500/test.jsonl');

/** Answer, gold, and whether they mean the same. */
const PAIRS: readonly (readonly [answer: string, gold: string, isEqual: boolean])[] = [
  ['\\frac12', '0.5', true],
  ['0.5', '\\dfrac{1}{2}', true],
  ['\\frac{2}{4}', '\\frac12', true],
  ['2\\sqrt{2}', '\\sqrt{8}', true],
  ['\\sqrt{8}', '2\\sqrt2', true],
  ['x^2+2x+1', '(x+1)^2', true],
  ['(1,2)', '(1, 2)', true],
  ['(2,1)', '(1,2)', false],
  ['\\{1,2,3\\}', '\\{3,2,1\\}', true],
  ['[0,1)', '[0,1]', false],
  ['(-\\infty,3)', '(-\\infty, 3)', true],
  ['1,234', '1234', true],
  ['1234', '1{,}234', true],
  ['50\\%', '50', true],
  ['\\frac{\\pi}{2}', '\\pi/2', true],
  ['3', '\\pi', false],
  ['10', '10.0', true],
  ['-\\frac{1}{3}', '\\frac{-1}{3}', true],
  ['0.333', '\\frac13', false],
  ['7', '8', false],
  ['e^{2}', 'e^2', true],
  ['\\begin{pmatrix}1\\\\2\\end{pmatrix}', '\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}', true],
  ['2+3i', '3i+2', true],
  ['2-3i', '2+3i', false],
  ['90^\\circ', '90', true],
  ['\\text{east}', '\\text{west}', false],
  ['x=5', '5', true],
  ['5', 'x=5', true],
  ['2^{10}', '1024', true],
  ['\\ln 10', '1', false],
];

/** Another question's answer, a digit changed, and the same in other writing. */
function variantsOf(gold: string, next: string): string[] {
  const changed = gold.replace(/\d/, (digit) => String((Number(digit) + 1) % 10));
  const written = gold.replaceAll('\\frac{', '\\dfrac{').replace(/^\\left\((.*)\\right\)$/, '($1)');
  return [...new Set([next, changed, written])].filter((one) => one !== gold);
}

describe.skipIf(python === undefined)('with the package', () => {
  it.skipIf(!existsSync(file))(
    'MATH-500: golds equal themselves, and verdicts on other answers agree',
    {
      timeout: 600_000,
    },
    async () => {
      const verify = new MathVerify({ python, timeout: 15 });
      const own = evaluatorOf({});
      const golds = (await readJsonl(file)).map(({ answer }) => String(answer));
      const differing: string[] = [];
      let unlike = 0;
      for (const [index, gold] of golds.entries()) {
        for (const answer of [gold, ...variantsOf(gold, golds[(index + 1) % golds.length]!)]) {
          const { isEqual } = await verify.judge({ gold, answer, wholeReply: false });
          const ours = (await own.grade(sampleOf(answer, gold))).credit === 1;
          if (answer === gold) expect({ gold, isEqual, ours }).toEqual({ gold, isEqual: true, ours: true });
          else unlike++;
          if (ours !== isEqual) differing.push(`${answer} | ${gold}: ours ${ours}`);
        }
      }
      await verify.close();
      expect(golds).toHaveLength(500);
      console.log(`${unlike} other answers, ${differing.length} differ: ${differing.join(' ; ')}`);
      expect(differing.length / unlike).toBeLessThan(0.02);
    },
  );

  it('agrees with our own reader on pairs', { timeout: 300_000 }, async () => {
    const verify = new MathVerify({ python, timeout: 15 });
    const own = evaluatorOf({});
    const wrong: string[] = [];
    const differing: string[] = [];
    for (const [answer, gold, isEqual] of PAIRS) {
      const { isEqual: theirs } = await verify.judge({ gold, answer, wholeReply: false });
      const ours = (await own.grade(sampleOf(answer, gold))).credit === 1;
      if (ours !== isEqual) wrong.push(`${answer} | ${gold}`);
      if (ours !== theirs) differing.push(`${answer} | ${gold}: ours ${ours}, math-verify ${theirs}`);
    }
    await verify.close();
    console.log(`${PAIRS.length} pairs, differing: ${differing.join(' ; ')}`);
    expect(wrong).toEqual([]);
    expect(differing.length).toBeLessThanOrEqual(PAIRS.length / 10);
  });
});
