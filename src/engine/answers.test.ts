import { describe, expect, it } from 'vitest';
import {
  DEMO_CHOICES,
  DEMO_DIALOGUES,
  DEMO_TEST,
  DEMO_TRAIN,
  SHAPE_QUESTIONS,
} from '../dataset/builtin/demos.ts';
import { DIALOGUE_ANSWERS, KNOWN_CHOICES, SHAPE_ANSWERS, WORKED_ANSWERS } from './answer-tables.ts';
import { answerBook, choiceBook, fingerprint } from './answers.ts';

function lastNumber(text: string): number {
  return Number(text.match(/-?\d+(?:\.\d+)?/g)?.at(-1));
}

describe('the answers', () => {
  it.each(DEMO_TEST)('know: $question', ({ question, answer }) => {
    const found = WORKED_ANSWERS.filter((it) => it.question === fingerprint(question));
    expect(found, `fingerprint ${fingerprint(question)}`).toHaveLength(1);
    const gold = Number(/#### (.*)$/.exec(answer)![1]!.replaceAll(',', ''));
    expect(lastNumber(found[0]!.right)).toBe(gold);
    expect(lastNumber(found[0]!.wrong)).not.toBe(gold);
    expect(found[0]!.wrong).not.toContain(`answer is ${gold}.`);
  });

  it('end as the worked examples ask, after steps of reasoning', () => {
    for (const { right, wrong } of WORKED_ANSWERS) {
      for (const text of [right, wrong]) expect(text).toMatch(/^.+\n(.+\n)+The answer is \d+\.$/);
    }
  });

  it('know no more than the demo asks', () => {
    expect(WORKED_ANSWERS).toHaveLength(DEMO_TEST.length);
    const known = new Set(WORKED_ANSWERS.map((it) => it.question));
    expect(DEMO_TRAIN.filter(({ question }) => known.has(fingerprint(question)))).toEqual([]);
  });
});

describe('the dialogues', () => {
  it.each(DEMO_DIALOGUES.flatMap((turns) => turns.map((_, turn) => ({ turns, turn }))))(
    'know what is right after turn $turn of: $turns.0.question',
    ({ turns, turn }) => {
      const said = turns.slice(0, turn + 1).map(({ question }) => question);
      const known = new Map(DIALOGUE_ANSWERS);
      expect(known.get(fingerprint(said.join('\n')))).toBe(turns[turn]!.answer);
    },
  );

  it('know no more than the demo asks', () => {
    expect(DIALOGUE_ANSWERS).toHaveLength(DEMO_DIALOGUES.flat().length);
    expect(answerBook(1, 1).size).toBe(
      DIALOGUE_ANSWERS.length + WORKED_ANSWERS.length + SHAPE_ANSWERS.length,
    );
  });
});

describe('the pictures', () => {
  const known = new Map(SHAPE_ANSWERS.map(([question, ...answers]) => [question, answers]));

  it.each(SHAPE_QUESTIONS)('know: $count', ({ count, number, choice, letter, options }) => {
    const [right, wrong] = known.get(fingerprint(count))!;
    expect([right, wrong === right]).toEqual([String(number), false]);
    const [rightLetter, wrongLetter] = known.get(fingerprint(choice))!;
    expect(rightLetter).toBe(letter);
    expect('ABC'.slice(0, options.length).replace(letter, '')).toContain(wrongLetter);
  });

  it('know no more than the demo asks', () => {
    expect(SHAPE_ANSWERS).toHaveLength(2 * SHAPE_QUESTIONS.length);
  });
});

describe('the choices', () => {
  it.each(DEMO_CHOICES)('know: $question', ({ question, options, answer }) => {
    const known = KNOWN_CHOICES.find((it) => it.question === fingerprint(question));
    const right = options['ABCD'.indexOf(answer)]!;
    expect(known?.right).toBe(fingerprint(right));
    expect(known?.wrong).toEqual(options.filter((option) => option !== right).map(fingerprint));
  });

  it.each([0, 0.5, 0.75, 1])('are %d right', (accuracy) => {
    for (const seed of [1, 2, 99]) {
      const book = choiceBook(accuracy, seed);
      const right = KNOWN_CHOICES.filter((it) => book.get(it.question) === it.right);
      expect(right).toHaveLength(Math.round(accuracy * KNOWN_CHOICES.length));
      expect(book.size).toBe(DEMO_CHOICES.length);
    }
  });
});

describe('answerBook', () => {
  const rightIn = (accuracy: number, seed: number): string[] => {
    const book = answerBook(accuracy, seed);
    return WORKED_ANSWERS.filter((it) => book.get(it.question) === it.right).map((it) => it.question);
  };

  it.each([0, 0.1, 0.5, 0.75, 0.9, 1])(
    'answers a share of %d right, as near as whole answers allow',
    (accuracy) => {
      for (const seed of [1, 2, 99]) {
        expect(rightIn(accuracy, seed)).toHaveLength(Math.round(accuracy * WORKED_ANSWERS.length));
      }
    },
  );

  it('chooses by seed which ones, the same each time', () => {
    expect(rightIn(0.5, 1)).toEqual(rightIn(0.5, 1));
    expect(rightIn(0.5, 1)).not.toEqual(rightIn(0.5, 2));
  });

  it('keeps right what is right when the accuracy goes up', () => {
    const more = new Set(rightIn(0.8, 3));
    expect(rightIn(0.4, 3).filter((question) => !more.has(question))).toEqual([]);
  });
});
