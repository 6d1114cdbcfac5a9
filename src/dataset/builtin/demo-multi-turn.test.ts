import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../test/support/arithmetic.ts';
import { DEMO_DIALOGUES, DemoMultiTurnDataset, type DemoTurn } from './demos.ts';

const load = () => DemoMultiTurnDataset.load({ path: '', roots: [], params: {} });

/** Puts the answers of earlier turns in the place of `#1`, `#2`, …; a turn that is still to come has none. */
function filledIn(dialogue: readonly DemoTurn[], turn: number): string {
  return dialogue[turn]!.expression.replace(/#(\d)/g, (_, at: string) => {
    expect(Number(at)).toBeLessThanOrEqual(turn);
    return String(dialogue[Number(at) - 1]!.answer);
  });
}

describe('the demo dialogues', () => {
  it('are enough, of two to four turns, and all different', () => {
    expect(DEMO_DIALOGUES.length).toBeGreaterThanOrEqual(8);
    const lengths = new Set(DEMO_DIALOGUES.map(({ length }) => length));
    expect([...lengths].sort()).toEqual([2, 3, 4]);
    const questions = DEMO_DIALOGUES.flat().map(({ question }) => question);
    expect(new Set(questions).size).toBe(questions.length);
  });

  it.each(DEMO_DIALOGUES.map((turns) => ({ turns, first: turns[0]!.question })))('$first', ({ turns }) => {
    for (const [turn, { question, answer }] of turns.entries()) {
      const expression = filledIn(turns, turn);
      expect(evaluate(expression)).toBe(answer);
      expect(Number.isInteger(answer)).toBe(true);
      expect(question).toMatch(/\?$/);
      expect(question).not.toContain(String(answer));
    }
  });

  it('need what was said before: most later turns count with an earlier answer', () => {
    const later = DEMO_DIALOGUES.flatMap((turns) => turns.slice(1));
    const dependent = later.filter(({ expression }) => expression.includes('#'));
    expect(dependent.length / later.length).toBeGreaterThan(0.8);
  });

  it('are rows with lists of one length', async () => {
    const { test } = await load();
    expect(test[1]).toEqual({
      question: DEMO_DIALOGUES[1]!.map(({ question }) => question),
      answer: ['432', '143'],
    });
  });
});
