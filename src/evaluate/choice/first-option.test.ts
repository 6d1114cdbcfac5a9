import { describe, expect, it } from 'vitest';
import { firstOption, firstOptionPatterns } from './letters.ts';

const abcd = firstOption('ABCD');
const bare = firstOption('ABCD', { cushion: false });

describe('the first option', () => {
  it.each([
    ['答案是A', 'A', '答案是?\\s*@'],
    ['答案： B', 'B', '答案是?\\s*：\\s*@'],
    ['正确答案应该是C。', 'C', '答案应该?是\\s*@'],
    ['The answer is (D).', 'D', '[Tt]he answer is:?\\s+\\(?@\\)?'],
    ['The correct answer is:\n$$\\boxed{C}$$', 'C', '[Tt]he correct answer is:?…boxed{@}'],
    ['所以 B。', 'B', '所以\\s?(#[.。$]?$)'],
    ['答案是 选项中的D项。', 'D', '答案是~'],
    ['A', 'A', '@'],
    ['选项B', 'B', '^选项\\s?@'],
  ])('of %j is %s', (text, letter, turn) => {
    expect(abcd(text)).toMatchObject({ answer: letter, rule: `first-option ${turn}` });
  });

  it('is decided by the order of the turns, not of the text', () => {
    expect(abcd('The answer is B. 答案是 C')?.answer).toBe('C');
  });

  it('is the first letter in the order of the options within what was captured', () => {
    expect(abcd('答案是 D和B都对')?.answer).toBe('D'); // captured: D alone
    expect(abcd('1. D or B ones')?.answer).toBe('B'); // captured: all of it
  });

  describe('has the traps of AISBench', () => {
    it('a missing comma glues two turns together', () => {
      expect(bare('故B吧')).toBeUndefined();
      expect(bare('故B只有C对')?.answer).toBe('B');
      expect(bare('只有B对')).toBeUndefined();
      expect(bare('只有B错')?.answer).toBe('B');
    });

    it('`1.` has any character for its dot', () => {
      expect(bare('10 Bees')?.answer).toBe('B');
      expect(bare('1A')?.answer).toBe('A');
    });

    it('ANSWER takes a small letter, which is no option, and the next turn is tried', () => {
      expect(bare('answer: b')).toBeUndefined();
      expect(bare('answer: b\nThe answer is C, x')?.answer).toBe('C');
    });

    it('a captured blank is not empty, a captured nothing is', () => {
      expect(bare('x D, y')).toBeUndefined();
      expect(bare('D, y')?.answer).toBe('D');
    });
  });

  it('takes any letter as the last resort, unless told not to', () => {
    expect(abcd('maybe Bees')?.answer).toBe('B');
    expect(bare('maybe Bees')).toBeUndefined();
    expect(abcd('no letter')).toBeUndefined();
  });

  it('spans its letter in the text with the space around it', () => {
    expect(abcd(' \u3000\n答案是 B ')?.span).toEqual([7, 8]);
  });

  it('has the two letters of last resort behind the others', () => {
    const patterns = firstOptionPatterns('AB', true);
    expect(patterns.slice(-2)).toEqual(['([AB]):', '([AB])']);
    expect(firstOptionPatterns('AB', false)).toEqual(patterns.slice(0, -2));
    expect(patterns[0]).toBe('答案是?\\s*([AB])');
  });
});
