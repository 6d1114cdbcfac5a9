/** Evaluators of short answers and long texts: AISBench's own verdicts under `compat`, and where `fixed` differs. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../../test/sample-of.ts';
import { squadEvaluator } from '../text/squad.ts';
import type { Configurable, Evaluator, Grade, RuleSet } from '../types.ts';
import { anlsEvaluator } from './images.ts';
import {
  longBenchClassificationEvaluator,
  longBenchCodeSimEvaluator,
  longBenchCountEvaluator,
  longBenchF1Evaluator,
  longBenchRetrievalEvaluator,
  longBenchRougeEvaluator,
} from './longbench.ts';
import { jiebaRougeEvaluator, rougeEvaluator } from './rouge.ts';
import { dropOpenAIEvaluator, lambadaEvaluator, triviaQAEvaluator } from './texts.ts';

type Graded = readonly [reply: string, reference: string, verdict: boolean | number];
interface Recorded {
  readonly triviaqa: readonly (readonly [string, string[], boolean])[];
  readonly drop: readonly Graded[];
  readonly lambada: readonly Graded[];
  readonly count: readonly Graded[];
  readonly code: readonly Graded[];
  readonly classes: readonly (readonly [string, string, string[], number])[];
}

const recorded: Recorded = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/text/grades.json', import.meta.url), 'utf8'),
);

function made(evaluator: Configurable<Evaluator>, keys: Record<string, unknown> = {}): Evaluator {
  return typeof evaluator === 'function' ? evaluator(keys) : evaluator;
}

/** The grade of a reply that no post-processor took anything out of. */
async function graded(
  evaluator: Configurable<Evaluator>,
  text: string,
  gold: unknown,
  rules: RuleSet = 'fixed',
): Promise<Grade> {
  const reference = typeof gold === 'string' ? gold : JSON.stringify(gold);
  return made(evaluator).grade(sampleOf(text.trim(), reference, { gold, text, rules }));
}

/** Credits under `compat` and `fixed`. */
const both = (evaluator: Configurable<Evaluator>, text: string, gold: unknown) =>
  Promise.all(
    (['compat', 'fixed'] as const).map(async (rules) => (await graded(evaluator, text, gold, rules)).credit),
  );

const zh = { language: 'zh' };

describe('AISBench’s verdicts under compat', () => {
  const cases = {
    triviaqa: triviaQAEvaluator,
    drop: dropOpenAIEvaluator,
    lambada: lambadaEvaluator,
    count: longBenchCountEvaluator,
    code: longBenchCodeSimEvaluator,
  };
  it.each(Object.entries(cases))('%s', async (name, evaluator) => {
    for (const [reply, gold, verdict] of recorded[name as keyof typeof cases]) {
      const { credit } = await graded(evaluator, reply, gold, 'compat');
      expect({ reply, gold, credit }).toEqual({ reply, gold, credit: expect.closeTo(Number(verdict), 12) });
    }
  });

  it('classes', async () => {
    for (const [reply, answer, classes, score] of recorded.classes) {
      const gold = { answers: [answer], all_classes: classes };
      const { credit } = await graded(longBenchClassificationEvaluator, reply, gold, 'compat');
      expect({ reply, gold, credit }).toEqual({ reply, gold, credit: expect.closeTo(score, 12) });
    }
  });
});

describe('TriviaQAEvaluator', () => {
  it.each([
    ['Paris', ['Paris'], [1, 1]],
    ['The answer is Paris. It lies on the Seine.', ['Paris'], [1, 1]],
    ['I think of Rome first.\nThe answer is Paris.', ['Paris'], [0, 1]],
    ['The answer is Paris. Not Rome.', ['Rome'], [0, 0]],
    ['Atlanta', ['ant'], [1, 0]],
    ['Enid Blyton', ['Jojo Moyes', 'J. K. Rowling'], [0, 0]],
    ['Jane Austen', ['J. K. Rowling'], [1, 0]],
    ['J. K. Rowling', ['J. K. Rowling'], [1, 1]],
    ['Washington, D.C.', ['Washington, D.C.'], [1, 1]],
    ['Alpha: the first letter', ['Alpha'], [0, 1]],
    ['no idea', ['...', 'Paris'], [1, 0]],
    ['**Answer:** *St. Paul*', ['St. Paul', 'Saint Paul'], [1, 1]],
    ['**Answer:** *Saint Paul*', ['St. Paul', 'Saint Paul'], [1, 1]],
    ['Estonia', ['St. Paul'], [1, 0]],
    ['', ['Paris'], [0, 0]],
  ])('%j for %j is %j', async (text, gold, expected) => {
    expect(await both(triviaQAEvaluator, text, gold)).toEqual(expected);
  });

  it('tells the authors’ numbers beside it', async () => {
    const { parts } = await graded(triviaQAEvaluator, 'The answer is the great Paris', [
      'Paris',
      'City of Light',
    ]);
    expect(parts).toEqual({ exact_match: [0, 1], f1: [2 / 3, 1] });
    expect((await graded(triviaQAEvaluator, 'the_Paris!', ['Paris'])).parts).toEqual({
      exact_match: [1, 1],
      f1: [1, 1],
    });
  });
});

describe('DROP', () => {
  it.each([
    ['So 43.\nAnswer: 43', '43|forty-three', [1, 1]],
    ['Answer: 4', '43', [1, 0]],
    ['Answer: 43 yards', '43', [1, 1]],
    ['Answer: 4 or 43', '43', [1, 0]],
    ['Answer: 43.0', '43', [1, 1]],
    ['Answer: 430', '43', [1, 0]],
    ['First answer: 12.\nNo: the answer is 43.', '43', [0, 1]],
    ['Answer: nothing much', 'no', [1, 0]],
    ['It takes some steps.\nSo \\boxed{43}', '43', [1, 1]],
    ['12 and then 43.\nThat is all, I think.', '12', [1, 0]],
    ['Answer: Brandt and Lind', [['Brandt', 'Lind']], [0, 1]],
    ['Answer: Brandt', [['Brandt', 'Lind'], ['Brandt']], [1, 1]],
    ['', '43', [0, 0]],
  ])('%j for %j is %j', async (text, gold, expected) => {
    expect(await both(dropOpenAIEvaluator, text, gold)).toEqual(expected);
  });

  it('tells the authors’ numbers beside it', async () => {
    const parts = async (text: string, gold: unknown) =>
      (await graded(dropOpenAIEvaluator, text, gold)).parts;
    expect(await parts('Answer: the 43', '43')).toEqual({ exact_match: [1, 1], f1: [1, 1] });
    expect(await parts('Answer: 43 yards', '43|44')).toEqual({ exact_match: [0, 1], f1: [0.67, 1] });
    expect(await parts('Answer: 42 yards', '43 yards')).toEqual({ exact_match: [0, 1], f1: [0, 1] });
    expect(await parts('Answer: Brandt', [['Brandt', 'Lind']])).toEqual({
      exact_match: [0, 1],
      f1: [0.5, 1],
    });
  });

  it.each([undefined, 43, [], [[]], ['43'], { answers: ['43'] }])('refuses the gold %j', (gold) => {
    expect(() => dropOpenAIEvaluator.grade({ ...sampleOf('x', ''), gold })).toThrow(
      expect.objectContaining({ code: 'RUN-DATA-001' }),
    );
  });
});

describe('LambadaEvaluator', () => {
  it.each([
    ['door', 'door', [1, 1]],
    ['door, and went', 'door', [1, 1]],
    ['Door', 'door', [0, 1]],
    ['"door"', 'door', [0, 1]],
    ['The missing word is **door**.', 'door', [0, 1]],
    ['The', 'door', [0, 0]],
    ["don't", "don't", [0, 1]],
    ['', 'door', [0, 0]],
  ])('%j for %j is %j', async (text, gold, expected) => {
    expect(await both(lambadaEvaluator, text, gold)).toEqual(expected);
  });
});

describe('LongBench', () => {
  it('takes the best reference for F1', async () => {
    expect(await both(longBenchF1Evaluator, 'The old harbour', ['a harbour', 'no', 'old harbours'])).toEqual([
      2 / 3,
      2 / 3,
    ]);
    expect(await both(longBenchF1Evaluator, '', ['a harbour'])).toEqual([0, 0]);
  });

  it('counts characters of Chinese, and says so in the name', async () => {
    const { metric } = made(longBenchF1Evaluator, zh);
    expect(metric).toBe('score_by_character');
    expect(made(longBenchRougeEvaluator, zh).metric).toBe('score_by_character');
    expect(made(longBenchF1Evaluator).metric).toBe('score');
    expect((await graded(made(longBenchF1Evaluator, zh), '在港口。', ['港口'])).credit).toBeCloseTo(0.8, 12);
    expect((await graded(made(longBenchRougeEvaluator, zh), '在港口', ['港口'])).credit).toBeCloseTo(0.8, 7);
  });

  it('finds no ROUGE of sentences that the package cannot go through, where fixed does', async () => {
    const long = Array.from({ length: 1200 }, (_, i) => `w${i}`).join(' ');
    const [compat, fixed] = await both(longBenchRougeEvaluator, long, [long]);
    expect(compat).toBe(0);
    expect(fixed).toBeCloseTo(1, 7);
  });

  it('counts numbers, and those of the paragraph that the gold names', async () => {
    expect(await both(longBenchCountEvaluator, '12, not 13', ['12'])).toEqual([0.5, 0.5]);
    expect(await both(longBenchRetrievalEvaluator, 'Paragraph 7', ['Paragraph 7'])).toEqual([1, 1]);
    expect(await both(made(longBenchRetrievalEvaluator, zh), '段落7或段落8', ['段落7'])).toEqual([0.5, 0.5]);
    await expect(graded(longBenchRetrievalEvaluator, '7', ['7'])).rejects.toThrow(
      expect.objectContaining({ code: 'RUN-DATA-001' }),
    );
  });

  it('classes: looks for the likest name where none is there, and leaves no part of the right one in', async () => {
    const gold = {
      answers: ['Number of things'],
      all_classes: ['things', 'of things', 'Number of things', 'Date'],
    };
    expect(await both(longBenchClassificationEvaluator, 'Number of things', gold)).toEqual([0.5, 1]);
    expect(await both(longBenchClassificationEvaluator, 'numbers of thing', gold)).toEqual([0, 1]);
    expect(await both(longBenchClassificationEvaluator, 'Number of things or Date', gold)).toEqual([
      1 / 3,
      0.5,
    ]);
    expect(await both(longBenchClassificationEvaluator, 'Dat', gold)).toEqual([0, 0]);
    await expect(graded(longBenchClassificationEvaluator, 'Date', { answers: ['Date'] })).rejects.toThrow(
      expect.objectContaining({ code: 'RUN-DATA-001' }),
    );
  });

  it.each([{ language: 'fr' }, { langauge: 'zh' }, { words: 'jieba' }])('refuses the keys %j', (keys) => {
    for (const evaluator of [longBenchF1Evaluator, longBenchRougeEvaluator, longBenchRetrievalEvaluator])
      expect(() => made(evaluator, keys)).toThrow(expect.objectContaining({ code: 'UTILS-CFG-002' }));
  });
});

describe('RougeEvaluator, SquadEvaluator, ANLSEvaluator', () => {
  it('give the best of several references, and their further numbers', async () => {
    expect(await graded(rougeEvaluator, 'the boats left', ['no', 'The boat left.'])).toEqual({
      credit: expect.closeTo(2 / 3, 12),
      parts: {
        rouge2: [0, 1],
        rougeL: [expect.closeTo(2 / 3, 12), 1],
        rougeLsum: [expect.closeTo(2 / 3, 12), 1],
      },
    });
    const stemmed = made(rougeEvaluator, { use_stemmer: true });
    expect((await graded(stemmed, 'the boats left', 'The boat left.')).credit).toBe(1);
    expect(await graded(squadEvaluator, 'The boat!\nIt left.', ['boat', 'ship'])).toEqual({
      credit: 1,
      parts: { exact_match: [1, 1] },
    });
    expect(await both(anlsEvaluator, ' The  Boat ', 'the boat')).toEqual([1, 1]);
  });

  // scoring.md §2.1: 1 less the distance over the longer raw length, 0 below a half.
  it('measures ANLS with the lengths before spaces are taken out under compat', async () => {
    expect(await both(anlsEvaluator, 'boat', 'boot')).toEqual([0.75, 0.75]);
    expect(await both(anlsEvaluator, 'bo', 'boat')).toEqual([0.5, 0.5]);
    expect(await both(anlsEvaluator, 'b', 'boat')).toEqual([0, 0]);
    expect(await both(anlsEvaluator, 'a    boot', 'a boat')).toEqual([1 - 1 / 9, 1 - 1 / 6]);
    expect(await both(anlsEvaluator, '', '')).toEqual([1, 1]);
  });

  it('JiebaRougeEvaluator counts characters, up to the first full stop under compat', async () => {
    const { metric } = made(jiebaRougeEvaluator);
    expect(metric).toBe('rouge1_by_character');
    const near = (value: number) => expect.closeTo(value, 6);
    expect(await graded(jiebaRougeEvaluator, '港口，清淤', '港口清淤')).toEqual({
      credit: near(1),
      parts: { rouge2_by_character: [near(1), 1], rougeL_by_character: [near(1), 1] },
    });
    expect(await both(jiebaRougeEvaluator, '港口.清淤', '港口清淤')).toEqual([near(2 / 3), near(1)]);
    expect(await both(jiebaRougeEvaluator, '，', '港口')).toEqual([0, 0]);
  });

  it('refuse wrong keys', () => {
    for (const keys of [
      { words: 'all' },
      { python: 'python3' },
      { language: 'zh' },
      { words: 'jieba', python: 3 },
    ])
      expect(() => made(jiebaRougeEvaluator, keys)).toThrow(
        expect.objectContaining({ code: 'UTILS-CFG-002' }),
      );
    expect(() => made(rougeEvaluator, { use_stemmer: 'yes' })).toThrow(/use_stemmer/);
    expect(() => made(rougeEvaluator, { stemmer: true })).toThrow(/stemmer/);
  });
});

const words = fc.string({
  unit: fc.constantFrom('a', 'the', 'x', '港', '7', ' ', '.', '\n', 'Answer: '),
  maxLength: 12,
});
const all = [
  ...[
    triviaQAEvaluator,
    dropOpenAIEvaluator,
    lambadaEvaluator,
    squadEvaluator,
    anlsEvaluator,
    jiebaRougeEvaluator,
  ],
  ...[longBenchCountEvaluator, longBenchCodeSimEvaluator],
  ...[
    made(longBenchF1Evaluator),
    made(longBenchF1Evaluator, zh),
    made(longBenchRougeEvaluator),
    made(jiebaRougeEvaluator),
    made(rougeEvaluator),
  ],
];

it.each(all)('$name gives 0 to 1, whatever is answered', async (evaluator) => {
  await fc.assert(
    fc.asyncProperty(
      words,
      words,
      fc.constantFrom('fixed' as const, 'compat' as const),
      async (text, gold, rules) => {
        const { credit, parts = {} } = await graded(evaluator, text, gold, rules);
        for (const value of [credit, ...Object.values(parts).map(([got]) => got)]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
      },
    ),
  );
});
