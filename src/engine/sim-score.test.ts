import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEMO_CHOICES } from '../dataset/builtin/demos.ts';
import { choiceBook, scoreText, splitPieces } from './sim-reply.ts';

const NOTHING = new Map<string, string>();

function meanLoss(text: string, choices: ReadonlyMap<string, string>): number {
  const scored = scoreText(text, '', choices, 1, 0).flatMap(({ score }) => score?.logprob ?? []);
  return -scored.reduce((sum, value) => sum + value, 0) / scored.length;
}

describe('made-up probabilities', () => {
  it('are below one, and the same for the same beginning', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(), (text, more, seed) => {
        const scored = scoreText(text, more, NOTHING, seed, 0);
        expect(scored.map((token) => token.text)).toEqual([...splitPieces(text), ...splitPieces(more)]);
        for (const { score } of scored.slice(1)) expect(score!.logprob).toBeLessThan(0);
        const alone = scoreText(text, '', NOTHING, seed, 0);
        expect(scored.slice(0, alone.length)).toEqual(alone);
      }),
    );
  });

  it('name the likeliest tokens in order, with the rank of the token among them', () => {
    for (const { text, score } of scoreText('a few words that nobody said before', '', NOTHING, 3, 5).slice(
      1,
    )) {
      const logprobs = score!.best.map(({ logprob }) => logprob);
      expect(logprobs).toHaveLength(5);
      expect(logprobs).toEqual(logprobs.toSorted((a, b) => b - a));
      expect(score!.best.filter((it) => it.text === text)).toHaveLength(score!.rank === 1 ? 1 : 0);
    }
  });
});

it('a text that follows changes nothing before it', () => {
  const { question, options } = DEMO_CHOICES[0]!;
  const prompt = `Question: ${question}\nAnswer: ${options[0]}`;
  const book = choiceBook(1, 1);
  const alone = scoreText(prompt, '', book, 1, 0);
  expect(scoreText(prompt, ' and more', book, 1, 0).slice(0, alone.length)).toEqual(alone);
});

describe('the choice with the lowest perplexity', () => {
  it.each([0, 0.5, 0.75, 1])('is right in the asked share of %d', (accuracy) => {
    const book = choiceBook(accuracy, 1);
    const verdicts = DEMO_CHOICES.map(({ question, options, answer }) => {
      const losses = options.map((option) => meanLoss(`Question: ${question}\nAnswer: ${option}`, book));
      return losses.indexOf(Math.min(...losses)) === 'ABCD'.indexOf(answer);
    });
    expect(verdicts.filter(Boolean)).toHaveLength(Math.round(accuracy * DEMO_CHOICES.length));
  });
});
