import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choiceReader, choiceReaders, choicesReader } from './read-choice.ts';

const read = choiceReader('ABCD');
const readAny = choiceReader('ABCDEFGHIJKLMNOPQRSTUVWXYZ');

describe('the careful reader', () => {
  it.each([
    ['The answer is B.', 'B', 'answer-is'],
    ['The correct answer is (B) because A is wrong.', 'B', 'answer-is'],
    ['the answer to this question is: **C**', 'C', 'answer-is'],
    ['So the best option would be D, since …', 'D', 'answer-is'],
    ['**Answer:** B. A quiet place', 'B', 'answer-is'],
    ['**Final Answer**\n\nAnswer:\n\n(D)', 'D', 'answer-is'],
    ['### Answer\nB\n\nBecause A …', 'B', 'answer-is'],
    ['Answer: $\\text{C}$', 'C', 'answer-is'],
    ['The answer is most likely option C', 'C', 'answer-is'],
    ['The answer choice is A because it fits', 'A', 'answer-is'],
    ['answer: b', 'B', 'answer-is'],
    ['The answer must therefore be C.', 'C', 'answer-is'],
    ['The answer is, thus, (D).', 'D', 'answer-is'],
    ['<answer>B</answer>', 'B', 'answer-is'],
    ['First I thought the answer is A. But no: the answer is C.', 'C', 'answer-is'],
    ['The final answer is $\\boxed{\\textbf{(B)}}$', 'B', 'answer-is'],
    ['\\boxed{D}', 'D', 'boxed'],
    ['\\boxed{B \\text{ Paris}}', 'B', 'boxed'],
    ['答案是B', 'B', '答案是'],
    ['答案：Ｂ', 'B', '答案是'],
    ['正确答案为选项（C）。', 'C', '答案是'],
    ['正确的选项是 C', 'C', '正确选项'],
    ['【答案】D', 'D', '答案是'],
    ['因此，故选：A。', 'A', '故选'],
    ['所以应该选择 C', 'C', '故选'],
    ['B', 'B', 'bare-letter'],
    ['(c)', 'C', 'bare-letter'],
    ['**(D)**', 'D', 'bare-letter'],
    ['Ⓑ', 'B', 'bare-letter'],
    ['Let us see.\n\nOption C.', 'C', 'bare-letter'],
    ['B. Paris', 'B', 'label'],
    ['A) a dog', 'A', 'label'],
    ['I would go with (D) here', 'D', 'choose'],
    ['Option B is correct. A seems close.', 'B', 'is-correct'],
    ['选项C是正确的，A不正确', 'C', 'is-correct'],
    ['这题选D比较好', 'D', '选'],
    ['It says so in the text. Therefore, (B).', 'B', 'so'],
    ['It has to be **C. Rome**, I think', 'C', 'bold'],
    ['Only (C) remains', 'C', 'only-letter'],
    ['(A) is wrong. (B) is not right. (C) is incorrect. (D) remains.', 'D', 'only-letter'],
  ])('%j: %s by %s', (text, answer, rule) => {
    expect(read(text)).toMatchObject({ answer, rule });
  });

  it.each([
    ['an article', 'A man walks his dog'],
    ['an article behind a turn of phrase', 'The answer is A dog that barks'],
    ['the beginning of a word', 'The answer is Because'],
    ['a name', 'It is C++ or a B-cell, D’Arcy said'],
    ['a formula', 'The answer is A = 5'],
    ['one of several', 'The answer is A and C'],
    ['one of two', 'It could be (B) or (C)'],
    ['an A that is one of two', 'It is A or B'],
    ['the A behind the other', 'B or A?'],
    ['what is said not to be it', "It isn't (B)."],
    ['what is called wrong', '(B) is incorrect'],
    ['a word', 'Answer: Cats'],
    ['a small word', 'the answer is a number'],
    ['a step of the reasoning', 'By Step B we get 3.'],
    ['what the question numbers', 'See Figure (C) and Table D.'],
    ['a condition', 'If (A) is correct, (B) may be too'],
    ['nothing', ''],
    ['a letter that is no option', 'The answer is E.'],
  ])('does not take %s for an answer: %j', (_, text) => {
    expect(read(text)).toBeUndefined();
  });

  it('does not take the pronoun I for an option', () => {
    expect(readAny('I think so')).toBeUndefined();
    expect(readAny('The answer is I.')?.answer).toBe('I');
  });

  it('stops where a next question begins, unless nothing is said before it', () => {
    expect(read('The answer is B.\n\nQuestion: what?\nAnswer: C')?.answer).toBe('B');
    expect(read('B\n\nWhich is red?\nA. Sky\nB. Grass\nAnswer: D')?.answer).toBe('B');
    expect(read('Sure!\nQuestion: what?\nAnswer: C')?.answer).toBe('C');
    expect(read('问题：什么？\n答案：C')?.answer).toBe('C');
  });

  it('tells what is stated from what is only mentioned', () => {
    const { stated, mentioned } = choiceReaders('ABCD');
    expect(stated('Only (C) remains')).toBeUndefined();
    expect(mentioned('Only (C) remains')?.answer).toBe('C');
    expect(stated('The answer is C')?.answer).toBe('C');
  });
});

describe('the reader of several', () => {
  const readAll = choicesReader('ABCDE');

  it.each([
    ['The answer is B and D.', 'BD'],
    ['答案：ACD', 'ACD'],
    ['答案是 D、A', 'AD'],
    ['ABD', 'ABD'],
    ['B, C', 'BC'],
    ['The answer is (E)', 'E'],
    ['\\boxed{A, C}', 'AC'],
    ['The answers: see above', undefined],
    ['Option A is wrong', undefined],
    ['A man', undefined],
    ['The answer is Both', undefined],
  ])('%j: %j', (text, answer) => {
    expect(readAll(text)?.answer).toBe(answer);
  });
});

describe('any text', () => {
  const piece = fc.constantFrom(
    ...[
      'The answer is ',
      'Answer: ',
      '\\boxed{',
      '}',
      '答案：',
      '故选',
      '选',
      '**',
      '(',
      ')',
      '.',
      ', ',
      ' and ',
    ],
    ...[
      '\n',
      ' ',
      'A',
      'B',
      'C',
      'D',
      'Ｂ',
      'Ⓒ',
      'a',
      'b',
      ' is correct',
      ' is wrong',
      'Question:',
      '😀',
      'x',
    ],
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join('')),
  );

  it('has a span that holds the letter', () => {
    fc.assert(
      fc.property(text, (original) => {
        const found = read(original);
        if (found === undefined) return;
        const letter = original
          .slice(...found.span)
          .normalize('NFKC')
          .toUpperCase();
        expect(letter).toBe(found.answer);
      }),
      { numRuns: 200 },
    );
  });

  it('is read as the last line that states an answer', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(...'ABCD'), (reasoning, letter) => {
        fc.pre(
          !/Question|问题|题目|^[ \t>*#_]*[QＱ]/m.test(reasoning) &&
            !/^\s*[("*（＂＊]*[A-ZＡ-ＺⒶ-Ⓩ]/.test(reasoning),
        );
        expect(read(`${reasoning}\nThe answer is (${letter}).`)?.answer).toBe(letter);
        expect(read(`${reasoning}\n答案：${letter}`)?.answer).toBe(letter);
      }),
      { numRuns: 150 },
    );
  });
});

describe('time', () => {
  // Seconds of the processor, which other programs do not use up; a quadratic reader would need many times as much.
  it.each([
    'The answer is ',
    'Answer: (',
    '答案是',
    'A ',
    '(B) ',
    '\\boxed{',
    '**B',
    'B. x\n',
    ' ',
    '\nQuestion',
    'Question answer \n\n',
    'correct option ',
  ])(
    'is bounded on many %j',
    (part) => {
      const hostile = part.repeat(Math.ceil(100_000 / part.length));
      const before = process.cpuUsage();
      read(hostile);
      choicesReader('ABCD')(hostile);
      const { user } = process.cpuUsage(before);
      expect(user / 1e6).toBeLessThan(20);
    },
    300_000,
  );
});
