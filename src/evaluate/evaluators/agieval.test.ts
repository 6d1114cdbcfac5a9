import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../../test/sample-of.ts';
import { agievalEvaluator, mathAnswer } from './math.ts';

describe('AGIEval’s answers without options', () => {
  it.each([
    ['So \\boxed{x = 3} or \\boxed{\\frac{1}{2}}.', '\\frac{1}{2}'],
    ['\\boxed{x=\\sqrt{2}}', '\\sqrt{2}'],
    ['\\boxed{never closed', undefined],
    ['\\boxed 3 and $4$', undefined],
    ['It is $a = 7$, not 8', '7'],
    ['from $1 to $2$', '1 to $2'],
    ['The answer is therefore 12.', '12'],
    ['答案是 5，不对，答案是 $6$', '6'],
    ['x = 4.', '4'],
    ['about 3.5 or 4m', '3.5'],
    ['none', undefined],
    ['', undefined],
  ])('in %j: %j', (reply, answer) => {
    expect(mathAnswer(reply)).toBe(answer);
  });

  it.each([
    ['\\boxed{\\dfrac12}', '\\frac{1}{2}', 1],
    ['\\boxed{0.5}', '\\frac{1}{2}', 1],
    ['\\boxed{1/2}', '\\frac{1}{2}', 1],
    ['\\boxed{0.50}', '\\frac{1}{2}', 0],
    ['\\boxed{\\sqrt3}', '\\sqrt{3}', 1],
    ['\\boxed{\\frac1{72}}', '\\frac{1}{72}', 1],
    ['\\boxed{90^\\circ}', '90', 1],
    ['\\boxed{5\\text{ cm}}', '5', 1],
    ['\\boxed{ .5x}', '0.5x', 1],
    ['\\boxed{\\left(1, 2\\right)}', '(1,2)', 1],
    ['\\boxed{12}', '13', 0],
    ['nothing', '', 0],
  ])('%j against %j is worth %d', async (reply, reference, credit) => {
    expect((await agievalEvaluator.grade(sampleOf(reply, reference))).credit).toBe(credit);
  });

  it('bears any text, and finds what stands in a box', async () => {
    const unit = fc.constantFrom('\\frac', '\\sqrt', '{', '}', '1', '=', '$', ' ', '/', 'x', '.');
    const text = fc.string({ unit });
    await fc.assert(
      fc.asyncProperty(text, text, async (reply, reference) => {
        const { credit } = await agievalEvaluator.grade(sampleOf(reply, reference));
        expect([0, 1]).toContain(credit);
        expect(mathAnswer(`\\boxed{${reply.replace(/[{}=]/g, '')}}`)).toBe(reply.replace(/[{}=]/g, ''));
      }),
      { numRuns: 100 },
    );
  });
});
