import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../../test/sample-of.ts';
import type { Transcript } from '../../contract/record.ts';
import { judgeTranscripts } from '../judge.ts';
import { score } from '../score.ts';
import { hleJudgeEvaluator, hleVerdictReply } from './llm-judge.ts';

const reply = (correct: unknown, confidence: unknown = 80, more: object = {}) =>
  JSON.stringify({ extracted_final_answer: 'x', reasoning: 'r', correct, confidence, strict: true, ...more });

const graded = (text: string, rules: 'fixed' | 'compat') =>
  hleJudgeEvaluator.grade(sampleOf('', '', { text, rules })) as { credit: number; parts?: object };

describe.each([
  ['plain JSON', reply('yes'), 1, 1, 0.8],
  ['a no', reply('no', 30), 0, 0, 0.3],
  ['JSON of several lines', JSON.stringify(JSON.parse(reply('yes')), null, 2), 1, 1, 0.8],
  ['a line break in a text', `{"correct": "yes", "reasoning": "a\nb", "confidence": 5}`, 1, 0, 0.05],
  ['JSON in a fence', `So:\n\`\`\`json\n${reply('yes')}\n\`\`\``, 0, 1, 0.8],
  ['another case', reply('Yes'), 0, 1, 0.8],
  ['a word that holds it', reply('eyes'), 1, 0, undefined],
  ['lines', 'reasoning: same\n**correct:** yes\nconfidence: 65%', 0, 1, 0.65],
  ['the last of two lines', 'correct: no\n\ncorrect: yes', 0, 1, undefined],
  ['two objects', `${reply('no')} and ${reply('yes')}`, 0, 1, 0.8],
  ['a confidence in words', reply('yes', 'high'), 1, 1, undefined],
  ['a confidence with a percent sign', reply('yes', '75%'), 1, 1, 0.75],
  ['nothing', 'I cannot say.', 0, 0, undefined],
])('%s', (name, text, compat, fixed, confidence) => {
  it('is read under both rule sets', () => {
    expect([graded(text, 'compat').credit, graded(text, 'fixed').credit]).toEqual([compat, fixed]);
    const parts = confidence === undefined ? undefined : { confidence: [confidence, 1] };
    if (name === 'a line break in a text') return;
    expect(graded(text, 'fixed').parts).toEqual(parts);
  });
});

it('a verdict is found wherever the object stands, and its place is told', () => {
  const around = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '{', ':', '"') });
  fc.assert(
    fc.property(around, fc.boolean(), fc.integer({ min: 0, max: 100 }), (before, isRight, confidence) => {
      const object = reply(isRight ? 'yes' : 'no', confidence);
      const text = `${before}${object}`;
      const found = hleVerdictReply.fixed(text);
      expect(found).toMatchObject({ answer: isRight ? 'yes' : 'no', rule: 'json' });
      expect(text.slice(...found!.span)).toBe(object);
    }),
  );
});

it('any text is read in little time', () => {
  for (const piece of ['{', '}', '{}', '{"correct":', 'correct: ', '\n', '"'])
    expect(hleVerdictReply.fixed(piece.repeat(20_000))).toBeUndefined();
});

it('tells accuracy, mean confidence and calibration error, and which replies had no verdict', async () => {
  const replies = [reply('yes', 90), reply('no', 90), reply('no', 60), 'no idea', reply('yes', 100)];
  const transcripts = replies.map((content, index): Transcript => {
    const call = { id: `c${index}`, model: 'm', dataset: 'd', index, repetition: 0 };
    return { call, success: true, prompt: 'q', content, reasoningContent: '', toolCalls: [], gold: 'x' };
  });
  const judged = await judgeTranscripts(transcripts, {
    evaluator: hleJudgeEvaluator,
    extractor: hleVerdictReply,
  });
  const { value, unextractable, metrics } = score(judged, { measures: hleJudgeEvaluator.measures });
  expect([value, unextractable]).toEqual([40, 1]);
  expect(metrics).toMatchObject({
    confidence: { value: 85, n: 4 },
    calibration_error: { value: expect.closeTo(35), n: 4, compat: 35 },
  });
});
