import { describe, expect, it } from 'vitest';
import { sampleOptions, samplePlan } from '../../test/support/sample-source.ts';
import { type ModelRequest, requestArgs, sampleRef } from './model-request.ts';

const place = { dataset: 'data', index: 3, repetition: 1 };

describe('caseRef', () => {
  it('says which case it is', () => {
    expect(sampleRef(samplePlan(), place, ['question'])).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      model: 'model',
      ...place,
    });
  });

  it('an id changes with all that is asked, and with nothing else', () => {
    const id = (plan: Parameters<typeof samplePlan>[0], own = place, asked: unknown[] = ['q']) =>
      sampleRef(samplePlan(plan), own, asked).id;
    const ids = [
      id({}),
      id({ abbr: 'other' }),
      id({ options: sampleOptions({ model: 'other' }) }),
      id({ options: sampleOptions({ generationKwargs: { temperature: 1 } }) }),
      id({}, { ...place, dataset: 'other' }),
      id({}, { ...place, index: 4 }),
      id({}, { ...place, repetition: 2 }),
      id({}, place, ['other']),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(id({ concurrency: 9, attempts: 5, arrival: { kind: 'closed' } })).toBe(ids[0]);
    expect(id({ options: sampleOptions({ url: 'http://elsewhere/', apiKey: 'other' }) })).toBe(ids[0]);
  });
});

describe('argsOf', () => {
  const ref = { id: 'abc', model: 'm', dataset: 'd', index: 3, repetition: 1 };
  const call: ModelRequest = { ref, prompt: 'q', maxOutLen: 5, gold: undefined };

  it('a case that is one request is turn 0 of a conversation of its own', () => {
    expect(requestArgs(call, undefined)).toEqual({ index: 3, repetition: 1, conversationId: 'abc', turn: 0 });
  });

  it('the turns of a dialogue are one conversation', () => {
    const turn = { ...call, ref: { ...ref, turn: 2, turns: 4 }, tools: [{ name: 'f' }] };
    expect(requestArgs(turn, 'lora')).toEqual({
      index: 3,
      repetition: 1,
      conversationId: 'abc',
      turn: 2,
      adapter: 'lora',
      tools: [{ name: 'f' }],
    });
  });
});
