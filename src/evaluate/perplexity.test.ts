import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastLoss, scorePrompt } from './perplexity.ts';

describe('scorePrompt', () => {
  it('is the mean over the tokens that have a log probability', () => {
    expect(scorePrompt([null, -1, -2, -3])).toEqual({ loss: 2, perplexity: Math.exp(2), tokens: 3 });
  });

  it('of certainty is loss 0 and perplexity 1', () => {
    const score = scorePrompt([null, 0, 0])!;
    expect(score.loss).toBeCloseTo(0);
    expect(score.perplexity).toBe(1);
  });

  it.each([[[]], [[null]], [[null, null]]])('of %j is none', (logprobs) => {
    expect(scorePrompt(logprobs)).toBeUndefined();
  });

  it.each([Number.NaN, '-1', {}, undefined])('%j is no log probability', (value) => {
    expect(() => scorePrompt([null, value as number])).toThrow('is no log probability');
  });

  it('of the sentence that vLLM scored is near 55', () => {
    const file = new URL(
      '../../test/fixtures/vllm/completions_ppl_prompt_logprobs.body.bin',
      import.meta.url,
    );
    const positions: (Record<string, { logprob: number }> | null)[] = JSON.parse(readFileSync(file, 'utf8'))
      .choices[0].prompt_logprobs;
    const score = scorePrompt(
      positions.map((one) => (one === null ? null : Object.values(one)[0]!.logprob)),
    )!;
    expect(score.tokens).toBe(9);
    expect(score.perplexity).toBeGreaterThan(50);
    expect(score.perplexity).toBeLessThan(60);
  });

  const logprob = fc.double({ min: -30, max: 0, noNaN: true });

  it('does not care where the unknown tokens stand, and lies between the best and the worst token', () => {
    fc.assert(
      fc.property(fc.array(logprob, { minLength: 1 }), fc.nat(), (values, at) => {
        const score = scorePrompt(values)!;
        expect(scorePrompt(values.toSpliced(at % values.length, 0, null as never))).toEqual(score);
        expect(score.loss).toBeGreaterThanOrEqual(-Math.max(...values) - 1e-9);
        expect(score.loss).toBeLessThanOrEqual(-Math.min(...values) + 1e-9);
        expect(Math.log(score.perplexity)).toBeCloseTo(score.loss, 9);
      }),
    );
  });
});

describe('leastLoss', () => {
  it('is the first of the lowest', () => {
    const losses = [3, 1, 2, 1].map((loss, n) => ({ loss, n }));
    expect(leastLoss(losses)).toEqual({ loss: 1, n: 1 });
    expect(leastLoss([])).toBeUndefined();
  });
});
