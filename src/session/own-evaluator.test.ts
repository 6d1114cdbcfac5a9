/** Scores by an evaluator of the user's own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeTranscript } from '../contract/record-codec.ts';
import type { Configurable, Evaluator } from '../evaluate/types.ts';
import { scoreTask } from './score.ts';

const folder = mkdtempSync(join(tmpdir(), 'own-evaluator-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const predictions = join(folder, 'p.jsonl');
const lines = ['one', 'three'].map((content, index) =>
  encodeTranscript({
    call: { id: `${index}`, model: 'm', dataset: 'd', index, repetition: 0 },
    ...{ success: true, prompt: 'p', content, reasoningContent: '', toolCalls: [], gold: 'x' },
  }),
);
writeFileSync(predictions, lines.map((line) => `${line}\n`).join(''));

const score = (evaluator: unknown, options: object = {}) => {
  const eval_cfg = { evaluator: { type: 'Mine', ...options }, rules: 'fixed' as const };
  const dataset = { abbr: 'd', config: { eval_cfg, infer_cfg: { inferencer: { type: 'GenInferencer' } } } };
  const task = { model: { abbr: 'm' }, dataset, evaluator: evaluator as Configurable<Evaluator> };
  return scoreTask({ task, files: { predictions }, simulated: false });
};

describe('an evaluator of the user’s own', () => {
  it('is made of the keys beside its type', async () => {
    const made = ({ least }: { least: number }) => ({
      grade: ({ text }: { text: string }) => ({ credit: text.length >= least ? 1 : 0 }),
    });
    expect((await score(made, { least: 4 }))!.report.card).toMatchObject({
      value: 50,
      n: 2,
      metric: 'accuracy',
    });
  });

  it('may be an object with fields of its own, a metric and further numbers', async () => {
    class Counting implements Evaluator {
      readonly name = 'Counting';
      readonly metric = 'length';
      #graded = 0;
      grade() {
        this.#graded += 1;
        return { credit: 0.5 };
      }
      measures() {
        return { graded: { value: this.#graded, n: 2 } };
      }
      async finish() {
        return [`graded ${this.#graded}`];
      }
    }
    const { report } = (await score(new Counting()))!;
    // Under both rule sets.
    expect(report).toMatchObject({ card: { metric: 'length', value: 50 }, notes: ['graded 4'] });
    expect(report.card.metrics).toMatchObject({ graded: { value: 4 } });
  });

  it.each([
    ['throws', { grade: () => Promise.reject(new Error('no luck')) }, 'the evaluator "Mine" threw: no luck'],
    ['gives no credit', { grade: () => ({}) }, 'gave the credit undefined, which is not between 0 and 1'],
    ['gives too much', { grade: () => ({ credit: 2 }) }, 'gave the credit 2'],
    ['is none', () => ({}), 'has no grade()'],
  ])('that %s is refused by name', async (_, evaluator, message) => {
    await expect(score(evaluator)).rejects.toMatchObject({
      ...{
        code: 'PLUGIN-IMPL-001',
        where: 'd: eval_cfg.evaluator',
        message: expect.stringContaining(message),
      },
    });
  });
});
