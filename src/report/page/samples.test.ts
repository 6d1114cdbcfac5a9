import { describe, expect, it } from 'vitest';
import type { Transcript } from '../../contract/record.ts';
import type { Judged } from '../../evaluate/types.ts';
import { outcomesOf } from './run-page.ts';
import { PageSamples } from './samples.ts';

const extraction = { answer: '4', rule: 'boxed', span: [9, 10] } as const;

function judged(index: number, more: Partial<Judged> = {}): Judged {
  const right = { verdict: 'correct', extraction } as const;
  const both = { rules: 'fixed', fixed: right, compat: right } as const;
  return { id: `q${index}`, index, repetition: 0, reference: '4', ...right, ...both, ...more };
}

function transcript(index: number, more: Partial<Transcript> = {}): Transcript {
  return {
    call: { id: `q${index}`, model: 'm', dataset: 'd', index, repetition: 0 },
    success: true,
    prompt: `question ${index}`,
    content: 'it is \\boxed{4}',
    reasoningContent: '',
    toolCalls: [],
    ...more,
  };
}

describe('PageSamples', () => {
  it('joins each judgement with its texts and its request, in the order of the dataset', () => {
    const samples = new PageSamples([judged(1), judged(0)], new Map([['q1', 7]]));
    samples.add(transcript(1, { finishReason: 'stop', reasoningContent: 'hm' }));
    samples.add(transcript(5));
    samples.add(transcript(0));
    const { part, samples: all } = samples.finish('s');
    expect(part).toEqual({ attachment: 's', shown: 2, of: 2, cuts: 0 });
    expect(all.map(({ index }) => index)).toEqual([0, 1]);
    expect(all[1]).toEqual({
      ...{ index: 1, verdict: 'correct', answer: '4', rule: 'boxed', span: [9, 10], reference: '4' },
      ...{ content: 'it is \\boxed{4}', prompt: [{ role: '', text: 'question 1' }], reasoning: 'hm' },
      ...{ finishReason: 'stop', request: 7 },
    });
  });

  it('tells what the other rules made of the answer, where that differs', () => {
    const compat = { verdict: 'wrong', extraction: { ...extraction, answer: '5' } } as const;
    const samples = new PageSamples([judged(0, { compat }), judged(1)], new Map());
    for (const n of [0, 1]) samples.add(transcript(n));
    const [first, second] = samples.finish('s').samples;
    expect(first!.other).toEqual({ verdict: 'wrong', answer: '5' });
    expect(second).not.toHaveProperty('other');
  });

  it('takes every so-many-th of too many, and says of how many', () => {
    const all = Array.from({ length: 100 }, (_, n) => judged(n));
    const samples = new PageSamples(all, new Map(), { samples: 8 });
    for (const { index } of all) samples.add(transcript(index));
    const { part, samples: kept } = samples.finish('s');
    expect(part).toMatchObject({ shown: 8, of: 100 });
    expect(kept.map(({ index }) => index)).toEqual([0, 12, 25, 37, 50, 62, 75, 87]);
  });

  it('shows the messages of a dialogue, and of a medium its address', () => {
    const samples = new PageSamples([judged(0)], new Map());
    const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(5000)}` } };
    const content = [{ type: 'text', text: 'What is this?' }, image];
    samples.add(transcript(0, { prompt: [{ role: 'user', content }] }));
    const [{ role, text }] = samples.finish('s').samples[0]!.prompt as [{ role: string; text: string }];
    expect(role).toBe('user');
    expect(text).toMatch(/^What is this\?\n\[image_url\] \{"type":"image_url".{100,200}…$/);
  });
});

describe('outcomesOf', () => {
  it('counts verdicts by the rule that found the answer', () => {
    const none = { verdict: 'unextractable' } as const;
    const lost = {
      ...judged(2),
      ...none,
      extraction: undefined,
      fixed: none,
      compat: none,
    } as unknown as Judged;
    const { verdicts, byRule, byRules } = outcomesOf([judged(0), judged(1), lost]);
    expect(verdicts[0]).toBe('correct');
    expect(byRule).toEqual([
      { name: 'boxed', counts: [2, 0, 0, 0, 0, 0, 0] },
      { name: '', counts: [0, 0, 0, 1, 0, 0, 0] },
    ]);
    expect(byRules).toBeUndefined();
  });

  it('sets our rules against AISBench’s where one answer came out differently', () => {
    const compat = { verdict: 'wrong' } as const;
    const { byRules } = outcomesOf([judged(0), judged(1, { compat })]);
    expect(byRules).toEqual([{ name: 'correct', counts: [1, 0, 1, 0, 0, 0, 0] }]);
  });
});
