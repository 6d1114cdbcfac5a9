import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareMath } from './math-equal.ts';

const equal = (gold: string, answer: string) => compareMath(gold, answer).isEqual;

describe('equal answers', () => {
  it.each([
    // Numbers, as they are written.
    ['58,500', '58500'],
    ['10,\\!080', '10080'],
    ['11,\\! 111,\\! 111,\\! 100', '11,111,111,100'],
    ['1{,}234', '1 234'],
    ['0.5', '.5'],
    ['0.50', '\\frac12'],
    ['.0000672', '6.72 \\times 10^{-5}'],
    ['.0000672', '6.72e-5'],
    ['1.25', '\\frac{5}{4}'],
    ['0.1\\overline{6}', '\\dfrac{1}{6}'],
    ['-\\frac{1}{2}', '\\frac{-1}{2}'],
    ['-\\frac{1}{2}', '-1/2'],
    ['−3', '-3'],
    ['\\frac43', '4/3'],
    ['\\frac 34', '0.75'],
    ['\\frac{270}7\\text{ degrees}', '\\frac{270}{7}^\\circ'],
    ['1\\frac{4}{5}', '9/5'],
    ['137 \\frac{1}{2}', '137.5'],
    ['1 4/5', '1.8'],
    ['2^{10}', '1024'],
    ['10^{100}', '10^{50} \\cdot 10^{50}'],
    ['2^{2005}', '2 \\times 2^{2004}'],
    ['\\binom{10}{3}', '120'],
    ['5!', '120'],
    ['50\\%', '50'],
    ['50\\%', '0.5'],
    ['12.5', '12.5\\%'],
    // Units and currency are form.
    ['\\$32,\\!348', '32348'],
    ['\\$36', '36 dollars'],
    ['\\$18.90', '18.9'],
    ['90^\\circ', '90'],
    ['90^{\\circ}', '90°'],
    ['5.4 \\text{ cents}', '5.4'],
    ['864 \\mbox{ inches}^2', '864'],
    ['15\\mbox{ cm}^2', '15 \\text{ cm}^2'],
    ['15\\mbox{ cm}^2', '15 cm^2'],
    ['60', '60 miles per hour'],
    ['12', '12 square units'],
    ['8\\pi', '8 \\pi inches'],
    ['9\\pi', '9\\pi \\text{ square feet}'],
    // Escaped twice.
    ['\\frac12', '\\\\dfrac{1}{2}'],
    // Roots, constants, complex numbers.
    ['3\\sqrt{13}', '\\sqrt{117}'],
    ['11\\sqrt2', '11 \\sqrt{2}'],
    ['\\sqrt{13}', '√13'],
    ['\\frac{\\sqrt{3}}{3}', '\\frac{1}{\\sqrt{3}}'],
    ['\\sqrt{3 + 2\\sqrt{2}}', '1 + \\sqrt{2}'],
    ['2', '\\sqrt[3]{8}'],
    ['-2', '(-8)^{1/3}'],
    ['8', '4^{3/2}'],
    ['12\\pi', '12π'],
    ['\\frac{\\pi}{2}', '0.5\\pi'],
    ['\\frac{20000}{\\pi}', '20000/\\pi'],
    ['e^2', '\\exp(2)'],
    ['6 - 5i', '-5i + 6'],
    ['-1', 'e^{i\\pi}'],
    ['i', '\\sqrt{-1}'],
    ['3', '\\log_2 8'],
    ['\\frac{1}{2}', '\\sin 30^\\circ'],
    ['\\frac{1}{2}', '\\cos\\frac{\\pi}{3}'],
    ['4210_{5}', '4210_5'],
    // Points, sets, lists, matrices.
    ['\\left( 3, \\frac{\\pi}{2} \\right)', '(3,\\pi/2)'],
    ['(6,31,-1)', '(6, 31, -1)'],
    ['(0, 300)', '(0,300)'],
    ['3, 5, 7', '7, 3, 5'],
    ['1,-2', 'x = -2 \\text{ or } x = 1'],
    ['1,-2', '-2 and 1'],
    ['\\{1, 2, 3\\}', '\\{3,2,1\\}'],
    ['\\{1,2\\}', '1, 2'],
    ['\\emptyset', '\\{\\}'],
    ['1 \\pm \\sqrt{19}', '1 - \\sqrt{19}, 1 + \\sqrt{19}'],
    ['\\{1\\pm\\sqrt{5},-2\\}', '\\{-2, 1+\\sqrt5, 1-\\sqrt5\\}'],
    ['x = 3 \\pm 2 \\sqrt{2}', '3 \\pm 2\\sqrt2'],
    [
      '\\begin{pmatrix} -1/3 \\\\ 2/3 \\end{pmatrix}',
      '\\begin{bmatrix}-\\frac13\\\\[2pt]\\frac23\\end{bmatrix}',
    ],
    ['\\begin{pmatrix} -1 & 0 \\\\ 0 & -1 \\end{pmatrix}', '\\begin{pmatrix}-1&0\\\\0&-1\\end{pmatrix}'],
    // Intervals, inequalities, unions.
    ['(3,4]', '\\left(3, 4\\right]'],
    ['(2,\\infty)', 'x > 2'],
    ['(-\\infty, 0]', 'x \\le 0'],
    ['x \\in [-2,7]', '-2 \\leq x \\leq 7'],
    ['(-\\infty, 2) \\cup (3, \\infty)', '(3,\\infty) \\cup (-\\infty,2)'],
    ['(-\\infty, 2) \\cup (3, \\infty)', 'x < 2 \\text{ or } x > 3'],
    ['(-\\infty, 2) \\cup (2, \\infty)', '\\mathbb{R} \\setminus \\{2\\}'],
    ['(-\\infty,\\infty)', '\\mathbb{R}'],
    ['(2,5)', '\\{x \\mid 2 < x < 5\\}'],
    ['\\left[ \\frac{\\pi^2}{8}, \\frac{5 \\pi^2}{4} \\right]', '[\\pi^2/8, 1.25\\pi^2]'],
    // Equations and expressions.
    ['5', 'x = 5'],
    ['x=5', '5'],
    ['x=5', 'n = 5'],
    ['9\\pi', 'A = \\pi r^2 = 9\\pi'],
    ['y = 2x + 3', '2x - y + 3 = 0'],
    ['5x - 7y + 11z + 4 = 0', '-5x + 7y - 11z = 4'],
    ['y = -2x', 'y=-2x'],
    ['f(x) = 2x + 1', '2x+1'],
    ['\\sqrt{2}', '\\sqrt{2} \\approx 1.41421'],
    ['(a+5)(b+2)', 'ab + 2a + 5b + 10'],
    ['x^3+3x-6', '3x + x^3 - 6'],
    ['6r^2-4r-24', '2(3r^2 - 2r - 12)'],
    ['\\frac{11+9a}{20}', '\\frac{9a}{20} + \\frac{11}{20}'],
    ['\\cot x', '\\frac{\\cos x}{\\sin x}'],
    ['\\sin^2 x + \\cos^2 x', '1'],
    ['(x-1)^{10}', '(1-x)^{10}'],
    ['x_1 + x_2', 'x_{2} + x_{1}'],
    ['n!', 'n \\cdot (n-1)!'],
    ['|x - 3|', '|3 - x|'],
    // Words and letters.
    ['\\text{Evelyn}', 'Evelyn'],
    ['\\text{no real solution}', 'No real solution.'],
    ['\\begin{cases} x \\\\ y \\end{cases}', '\\begin{cases}x\\\\y\\end{cases}'],
    ['\\pi*2', '2\\pi'],
    ['\\text{Evelyn}', '\\textbf{evelyn}'],
    ['\\text{(C)}', 'C'],
    ['\\text{(C)}', '(C)'],
    ['\\text{(C)}', '\\textbf{(C)}'],
    ['east', '\\text{east}'],
    ['\\boxed{5}', '5'],
    ['$5$', '5.'],
  ])('%s and %s', (gold, answer) => {
    expect(equal(gold, answer)).toBe(true);
    expect(equal(answer, gold)).toBe(true);
  });
});

describe('unequal answers', () => {
  it.each([
    ['\\frac{1}{3}', '0.333'],
    ['\\frac{1}{3}', '0.3333333333333'],
    ['\\sqrt{2}', '1.41421'],
    ['\\pi', '3.14159'],
    ['\\frac{1}{12}', '\\frac{11}{2}'],
    ['1 2/3', '12/3'],
    ['x^{12}', 'x^{1}2'],
    ['\\sum_{1}{23}', '\\sum_{12}{3}'],
    ['1\\frac{3}{0}', '4'],
    ['\\pi', '22/7'],
    ['5', '-5'],
    ['5', '50'],
    ['0.5', '5\\%'],
    ['12', '1,2'],
    ['23', '2\\cdot3'],
    ['52_8', '52'],
    ['52_8', '42'],
    ['2^{2005}', '2^{2004}'],
    ['10^{100}', '10^{100} + 1'],
    ['1 + \\sqrt{19}', '1 \\pm \\sqrt{19}'],
    ['(1,2)', '(2,1)'],
    ['(1,2)', '[1,2]'],
    ['(3,4]', '[3,4)'],
    ['(1,2)', '(1,2,3)'],
    ['3, 5, 7', '3, 5'],
    ['1, 1, 2', '1, 2, 2'],
    ['\\{1, 2\\}', '\\{1, 3\\}'],
    ['(2,\\infty)', 'x \\ge 2'],
    ['(2,\\infty)', '(2,-\\infty)'],
    ['(-\\infty, 2) \\cup (3, \\infty)', '(-\\infty, 2) \\cup (4, \\infty)'],
    ['\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}', '\\begin{pmatrix} 1 & 2 \\end{pmatrix}'],
    ['\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}', '\\begin{pmatrix} 2 \\\\ 1 \\end{pmatrix}'],
    ['6 - 5i', '6 + 5i'],
    ['x^2', 'x^3'],
    ['x', '|x|'],
    ['x', 'y'],
    ['x+y', 'x+z'],
    ['y = 2x + 3', 'y = 2x + 4'],
    ['x = 5', '2x = 5 + x + x'],
    ['x = 1, y = 2', 'x = 2, y = 2'],
    ['\\ln x^2', '2 \\log x'],
    ['\\text{Evelyn}', '\\text{Navin}'],
    ['\\text{(C)}', '(B)'],
    ['\\text{even}', 'odd'],
    ['5', ''],
    ['\\frac{1}{0}', '\\frac{2}{0}'],
    ['5', 'five'],
  ])('%s and %s', (gold, answer) => {
    expect(equal(gold, answer)).toBe(false);
    expect(equal(answer, gold)).toBe(false);
  });
});

const runs = { numRuns: 150 };

describe('any numbers', () => {
  it('compares fractions exactly, in whatever terms', () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(10n ** 30n), 10n ** 30n),
        fc.integer({ min: 1, max: 999 }),
        fc.integer({ min: 2, max: 99 }),
        (a, b, k) => {
          expect(equal(`\\frac{${a}}{${b}}`, `\\dfrac{${a * BigInt(k)}}{${b * k}}`)).toBe(true);
          expect(equal(`\\frac{${a}}{${b}}`, `\\frac{${a + 1n}}{${b}}`)).toBe(false);
          expect(equal(`${a}`, `${a + 1n}`)).toBe(false);
        },
      ),
      runs,
    );
  });

  it('reads an integer with and without separators alike', () => {
    fc.assert(
      fc.property(fc.integer(), (n) => {
        expect(equal(String(n), n.toLocaleString('en-US'))).toBe(true);
        expect(equal(n.toLocaleString('en-US').replaceAll(',', '{,}'), String(n))).toBe(true);
      }),
      runs,
    );
  });

  it('finds a product of linear factors equal to what it expands to, and to nothing else', () => {
    const small = fc.integer({ min: -20, max: 20 });
    fc.assert(
      fc.property(small, small, small, (a, b, c) => {
        const product = `(x + ${a})(x + ${b})`.replaceAll('+ -', '- ');
        expect(equal(product, `x^2 + ${a + b}x + ${a * b}`.replaceAll('+ -', '- '))).toBe(true);
        expect(equal(product, `x^2 + ${a + b}x + ${c}`.replaceAll('+ -', '- '))).toBe(c === a * b);
      }),
      runs,
    );
  });
});

describe('any text', () => {
  const piece = fc.constantFrom(
    ...[
      '\\frac',
      '{',
      '}',
      '\\sqrt',
      '(',
      ')',
      '[',
      ']',
      '\\{',
      '\\}',
      ',',
      '^',
      '_',
      '|',
      '!',
      '%',
      '\\%',
      '$',
      '=',
    ],
    ...[
      '1',
      '23',
      '1,234',
      '.5',
      'x',
      'e',
      'i',
      '\\pi',
      '\\infty',
      '+',
      '-',
      '\\pm',
      '/',
      ' ',
      '\\cup',
      '<',
      '\\text{a}',
    ],
    ...[
      '\\begin{pmatrix}',
      '\\end{pmatrix}',
      '&',
      '\\\\',
      '\\boxed',
      'and',
      '\\sin',
      '\\log_',
      '\\overline',
      '^\\circ',
    ],
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join('')),
  );

  it('is equal to itself, and is compared without an error', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(equal(a, a)).toBe(true);
        expect(equal(a, b)).toBe(equal(b, a));
      }),
      runs,
    );
  });

  it.each([
    ['nested braces', `${'{'.repeat(400)}1${'}'.repeat(400)}`],
    ['nested brackets', `${'('.repeat(400)}1${')'.repeat(400)}`],
    ['open braces', '{'.repeat(900)],
    ['nested fractions', `${'\\frac{1}{'.repeat(90)}2${'}'.repeat(90)}`],
    ['nested roots', `${'\\sqrt{'.repeat(130)}2${'}'.repeat(130)}`],
    ['minus signs', `${'-'.repeat(900)}1`],
    ['a tower of powers', `${'9^{'.repeat(200)}9${'}'.repeat(200)}`],
    ['a large power', '9^{9^{9^{9}}}'],
    ['large denominators', Array.from({ length: 95 }, (_, i) => `1/9^{${740 - i}}`).join('+')],
    ['a large factorial', '99999999!!!!'],
    ['many factors', 'x'.repeat(900)],
    ['many items', Array.from({ length: 180 }, (_, i) => `x+${i}`).join(',')],
    ['a long text', '1+'.repeat(100_000)],
    ['bars', '|'.repeat(900)],
    ['boxes', '\\boxed{'.repeat(130)],
    ['spaces', ' '.repeat(100_000)],
  ])('takes little time: %s', (_, hostile) => {
    const start = process.cpuUsage();
    equal(hostile, `${hostile} `);
    equal(hostile, `1+${hostile}`);
    equal('5', hostile);
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(SLOWEST);
  });
});

/** Seconds of CPU; milliseconds on an idle machine. */
const SLOWEST = 20;
