import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../../test/sample-of.ts';
import type { Transcript } from '../../contract/record.ts';
import { judgeTranscripts } from '../judge.ts';
import { score } from '../score.ts';
import { wholeText } from './choice.ts';
import { follow, ifBenchEvaluator, ifEvaluator, instructionsOf } from './ifeval.ts';

const gold = {
  key: 1000,
  prompt: 'Write in quotation marks, without commas.',
  instruction_id_list: ['startend:quotation', 'punctuation:no_comma'],
  kwargs: [{}, {}],
};
const graded = (answer: string) => ifEvaluator.grade(sampleOf(answer, '', { gold }));

describe('ifEvaluator', () => {
  it('gives a reply that follows everything the credit', () => {
    expect(graded('"So it is."')).toEqual({
      credit: 1,
      parts: {
        'Inst-level-strict-accuracy': [2, 2],
        'Prompt-level-loose-accuracy': [1, 1],
        'Inst-level-loose-accuracy': [2, 2],
      },
    });
  });

  it('names what was not followed, and what loosely was', () => {
    expect(graded('Sure, here:\n"So it is."')).toEqual({
      credit: 0,
      explanation: 'not followed: startend:quotation (loosely it is), punctuation:no_comma (loosely it is)',
      parts: {
        'Inst-level-strict-accuracy': [0, 2],
        'Prompt-level-loose-accuracy': [1, 1],
        'Inst-level-loose-accuracy': [2, 2],
      },
    });
    expect(graded('"So, it is."')).toMatchObject({ explanation: 'not followed: punctuation:no_comma' });
  });

  it('gives nothing for an empty reply', () => {
    expect(graded('')).toMatchObject({ credit: 0, parts: { 'Inst-level-loose-accuracy': [0, 2] } });
  });

  it('looks at the reply as it came, where the extractor only took space away', () => {
    const row = { num_paragraphs: 1, nth_paragraph: 1, first_word: 'so' };
    const ids = ['length_constraints:nth_paragraph_first_word'];
    const asked = { key: 1, instruction_id_list: ids, kwargs: [row] };
    const text = '\n\nSo it is.';
    const gradeOf = (answer: string) => ifEvaluator.grade(sampleOf(answer, '', { gold: asked, text }));
    expect(gradeOf('So it is.')).toMatchObject({ credit: 0 });
    expect(ifEvaluator.grade(sampleOf('So it is.', '', { gold: asked }))).toMatchObject({ credit: 1 });
  });

  it('comes out as four numbers, over prompts and over instructions', async () => {
    const replies = ['"So it is."', '"So, it is."', 'Here:\n"So it is."', ''];
    const transcripts = replies.map(
      (content, index): Transcript => ({
        call: { id: String(index), model: 'm', dataset: 'd', index, repetition: 0 },
        ...{ success: true, prompt: '', content, reasoningContent: '', toolCalls: [], gold },
      }),
    );
    const judged = await judgeTranscripts(transcripts, { extractor: wholeText, evaluator: ifEvaluator });
    const card = score(judged, { metric: ifEvaluator.metric });
    expect(card).toMatchObject({ metric: 'Prompt-level-strict-accuracy', value: 25, unextractable: 1 });
    expect(card.metrics).toMatchObject({
      'Inst-level-strict-accuracy': { value: 50, n: 8 },
      'Prompt-level-loose-accuracy': { value: 50, n: 4 },
      'Inst-level-loose-accuracy': { value: 62.5, n: 8 },
    });
  });
});

it('ifBenchEvaluator grades by the rule set', () => {
  const asked = { key: '7', instruction_id_list: ['count:person_names'], kwargs: [{ N: 1 }] };
  const gradeOf = (rules: 'fixed' | 'compat') =>
    ifBenchEvaluator.grade(sampleOf('Miami', '', { gold: asked, rules }));
  expect(gradeOf('compat')).toMatchObject({ credit: 1 });
  expect(gradeOf('fixed')).toMatchObject({ credit: 0, explanation: 'not followed: count:person_names' });
});

const data =
  process.env['AIS_BENCH_DATASETS_CACHE'] ??
  fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const file = join(data, 'ifeval/input_data.jsonl');

describe.skipIf(!existsSync(file))('the real IFEval (skipped without its file)', () => {
  it('has instructions that can all be checked', async () => {
    const rows = (await readFile(file, 'utf8')).trim().split('\n');
    const asked = rows.flatMap((row) => instructionsOf(row));
    expect([rows.length, asked.length]).toEqual([540, 832]);
    expect(new Set(asked.map(({ id }) => id)).size).toBe(25);
    for (const reply of ['Ok.', 'One, two.\n\n* "THREE"\n***\nP.S. [four] SECTION 1 <<five>>']) {
      expect(follow(reply, asked)).toHaveLength(832);
    }
  });
});
