import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeSequence } from '../../../test/support/fake-llama.ts';
import type { LlamaToken } from './llama-load.ts';
import { scoreTogether } from './llama-loss.ts';

const VOCABULARY = [0, 1, 2, 3, 4];
const NEVER = { signal: new AbortController().signal };

/** Logits that depend on all that was read. */
function logitsAfter(held: readonly LlamaToken[]): Map<LlamaToken, number> {
  const state = held.reduce<number>((sum, token) => (7 * sum + token + 3) % 101, 1);
  return new Map(VOCABULARY.map((token) => [token, Math.sin(state * (token + 1)) * 5]));
}

/** Softmax, written down plainly. */
function plainLoss(ids: readonly LlamaToken[]): number {
  const terms = ids.slice(1).map((id, index) => {
    const logits = logitsAfter(ids.slice(0, index + 1));
    const total = [...logits.values()].reduce((sum, logit) => sum + Math.exp(logit), 0);
    return -Math.log(Math.exp(logits.get(id)!) / total);
  });
  return terms.reduce((sum, term) => sum + term, 0) / terms.length;
}

const text = fc.array(fc.constantFrom(...VOCABULARY), { minLength: 2, maxLength: 20 });

describe('lossTogether', () => {
  it('is the mean negative log likelihood of all tokens but the first, whatever is computed at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 12 }),
        async (texts, batchTokens) => {
          const sequences = texts.map(() => {
            const sequence = new FakeSequence(
              () => 0,
              (held) => ({ logits: logitsAfter(held) }),
            );
            sequence.held = [9, 9];
            return sequence;
          });
          const losses = await scoreTogether({ sequences, batchTokens }, texts, NEVER);
          losses.forEach(({ loss, tokens }, index) => {
            expect(loss).toBeCloseTo(plainLoss(texts[index]!), 9);
            expect(tokens).toBe(texts[index]!.length - 1);
          });
        },
      ),
      { numRuns: 50 },
    );
  });

  it('refuses a text that nothing comes before', async () => {
    const sequences = [new FakeSequence(() => 0)];
    await expect(scoreTogether({ sequences, batchTokens: 8 }, [[1]], NEVER)).rejects.toThrow('one token');
  });

  it('stops when the run does', async () => {
    const sequences = [new FakeSequence(() => 0)];
    const signal = AbortSignal.abort();
    await expect(scoreTogether({ sequences, batchTokens: 8 }, [[1, 2]], { signal })).rejects.toThrow(
      'aborted',
    );
    expect(sequences[0]!.given).toEqual([]);
  });
});
