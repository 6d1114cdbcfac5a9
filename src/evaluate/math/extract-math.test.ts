import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractMathAnswer } from './extract-math.ts';

describe('extractMathAnswer', () => {
  it.each([
    ['so $\\boxed{\\frac{1}{2}}$.', '\\frac{1}{2}', 'boxed'],
    ['\\boxed{5}. No: \\boxed{6}, as 7 is odd', '6', 'boxed'],
    ['\\boxed{ \\left\\{ 1, 2 \\right\\} }', '\\left\\{ 1, 2 \\right\\}', 'boxed'],
    ['\\fbox{3}', '3', 'boxed'],
    ['\\boxed{\\boxed{8}}', '\\boxed{8}', 'boxed'],
    ['\\boxed{5}, that is $\\boxed{5}$', '5', 'boxed'],
    ['\\boxed{} The answer is 4.', '4', 'answer-is'],
    ['$x = \\boxed{1}$ and $\\boxed{-2}$', '1, -2', 'boxes'],
    ['$\\boxed{1\\frac12}$, or $\\boxed{\\frac{3}{2}}$.', '\\frac{3}{2}', 'boxed'],
    ['$\\boxed{1}$ or\n$\\boxed{-2}$', '-2', 'boxed'],
    ['Final Answer: The final answer is $3\\sqrt{2}$. I hope it is correct.', '3\\sqrt{2}', 'answer-is'],
    ['The answer is 5. Wait, the answer is 6.', '6', 'answer-is'],
    ['the answer is \\(\\frac{1}{3}\\), since 9 is 3 squared.', '\\frac{1}{3}', 'answer-is'],
    ['The answer is $x = 1$ or $x = 2$.', '$x = 1$ or $x = 2$', 'answer-is'],
    ['the answer to the problem is (3, 4).', '(3, 4)', 'answer-is'],
    ['The final answer is:\n\n\\[\n\\frac{7}{8}\n\\]', '\\frac{7}{8}', 'answer-is'],
    ['**Answer:** 18 dollars', '18 dollars', 'answer-line'],
    ['Answer: Evelyn', 'Evelyn', 'answer-line'],
    ['ANSWER: 3.5', '3.5', 'answer-line'],
    ['Answer: it turns out that all of them together weigh exactly $12$ pounds', '12', 'answer-line'],
    ['答案是 $\\frac{1}{2}$。', '\\frac{1}{2}', 'answer-is'],
    ['答案：42', '42', 'answer-line'],
    ['\\frac{1}{2}', '\\frac{1}{2}', 'whole'],
    ['x = 1 or x = 3', 'x = 1 or x = 3', 'whole'],
    ['$(3,4]$', '$(3,4]$', 'whole'],
    ['ellipse', 'ellipse', 'whole'],
    ['So we get $y = 2$ and then $z = \\frac{1}{4}$ as needed.', 'z = \\frac{1}{4}', 'last-math'],
    ['It costs $5 and $6, so 11 in all.', '11', 'last-number'],
    ['We add 5 and 6 to get\n1,100 apples', '1100', 'last-number'],
    ['\\boxed{18', '18', 'last-number'],
  ])('%s', (text, answer, rule) => {
    expect(extractMathAnswer(text)).toMatchObject({ answer, rule });
  });

  it.each(['', ' ', 'no number here at all', '\\boxed{}', '...'])('finds nothing in %j', (text) => {
    expect(extractMathAnswer(text)).toBeUndefined();
  });

  const piece = fc.constantFrom(
    ...[
      '\\boxed{',
      '{',
      '}',
      '$',
      '\\(',
      '\\)',
      'The answer is ',
      'Answer: ',
      '\n',
      ' ',
      '. ',
      ' and ',
      '答案是',
    ],
    ...['5', '1,234', 'x = ', '\\frac12', 'apples', '\\'],
  );

  it('has a span that holds its answer', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
        (text) => {
          const found = extractMathAnswer(text);
          if (found === undefined || found.rule === 'last-number' || found.rule === 'boxes') return;
          expect(text.slice(...found.span)).toBe(found.answer);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    '\\boxed{',
    '\\boxed{1}',
    '$',
    '$$',
    '\\(',
    '\\[',
    '{',
    '}',
    'answer is ',
    '答案',
    'Answer: ',
    '1',
    ' ',
    '\n',
  ])('takes linear time on many %j', (part) => {
    const start = process.cpuUsage();
    extractMathAnswer(part.repeat(3000));
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(SLOWEST);
  });
});

/** Seconds of CPU; milliseconds on an idle machine. */
const SLOWEST = 20;
