import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Transcript } from '../contract/record.ts';
import { gsm8kGold } from '../dataset/builtin/math.ts';
import { gsm8kEvaluator, gsm8kPostprocess } from './evaluators/gsm8k.ts';
import { judgeOne, judgeTranscripts } from './judge.ts';
import { score } from './score.ts';

const options = {
  extractor: gsm8kPostprocess,
  evaluator: gsm8kEvaluator,
  reference: gsm8kGold,
};

function transcript(content: string, more: Partial<Transcript> = {}): Transcript {
  return {
    call: { id: 'id', model: 'm', dataset: 'gsm8k', index: 3, repetition: 1 },
    success: true,
    prompt: '',
    content,
    reasoningContent: '',
    toolCalls: [],
    gold: 'Nine twice is 18.\n#### 18',
    ...more,
  };
}

describe('judgeOne', () => {
  it('judges under both rule sets and keeps the headline on top', async () => {
    const price = transcript('It costs $1,800 for 18 days.', { gold: '#### 1,800' });
    expect(await judgeOne(transcript('So $18.00.'), options)).toEqual({
      id: 'id',
      index: 3,
      repetition: 1,
      reference: '18',
      rules: 'fixed',
      verdict: 'correct',
      extraction: { answer: '18.00', rule: 'last-number', span: [4, 9] },
      fixed: { verdict: 'correct', extraction: { answer: '18.00', rule: 'last-number', span: [4, 9] } },
      compat: { verdict: 'correct', extraction: { answer: '18.00', rule: 'last-number', span: [4, 9] } },
    });
    const boxed = { ...price, content: 'So \\boxed{1,800}.' };
    expect(await judgeOne(boxed, options)).toMatchObject({
      verdict: 'correct',
      compat: { verdict: 'wrong' },
    });
    const compat = await judgeOne(boxed, { ...options, rules: 'compat' });
    expect(compat).toMatchObject({
      verdict: 'wrong',
      extraction: { answer: '800' },
      fixed: { verdict: 'correct' },
    });
  });

  it.each<[string, string, Partial<Transcript>, string]>([
    ['a wrong answer', '17', {}, 'wrong'],
    ['no number', 'I do not know.', {}, 'unextractable'],
    ['nothing', '', {}, 'unextractable'],
    ['an answer cut short', 'First, 17', { finishReason: 'length' }, 'truncated'],
    ['nothing within the limit', '', { finishReason: 'length' }, 'truncated'],
    ['a right answer at the limit', 'It is 18', { finishReason: 'length' }, 'correct'],
    ['a failed call, whatever came', '18', { success: false }, 'failed'],
    ['an answer in the reasoning channel only', '', { reasoningContent: '18' }, 'unextractable'],
    ['an answer in reasoning that never ends', '<think>It is 18', { finishReason: 'length' }, 'truncated'],
  ])('%s', async (_, content, more, verdict) => {
    expect(await judgeOne(transcript(content, more), options)).toMatchObject({
      verdict,
      compat: { verdict },
    });
  });

  it('reads behind the reasoning, and gives spans in the whole content', async () => {
    const content = '<think>17 or 19?</think>\n\nIt is 18, not </think>… I mean\nthe answer is 18';
    const { extraction } = await judgeOne(transcript(content), options);
    expect(extraction).toMatchObject({ answer: '18', rule: 'answer-is' });
    expect(content.slice(...extraction!.span)).toBe('18');
    expect(extraction!.span[1]).toBe(content.length);
  });

  it('refuses an answer without a reference', async () => {
    await expect(judgeOne(transcript('18', { gold: undefined }), options)).rejects.toThrow(
      expect.objectContaining({ code: 'RUN-DATA-001', where: expect.stringContaining('gsm8k, row 3') }),
    );
  });

  it('takes the gold column as it is without a post-processor', async () => {
    const { reference: _, ...plain } = options;
    expect(await judgeOne(transcript('18', { gold: 18 }), plain)).toMatchObject({
      reference: '18',
      verdict: 'correct',
    });
  });
});

describe('judgeTranscripts', () => {
  it('takes transcripts as they come from a file', async () => {
    async function* stream() {
      yield transcript('18');
      yield transcript('17');
    }
    const streamed = await judgeTranscripts(stream(), options);
    expect(streamed.map(({ verdict }) => verdict)).toEqual(['correct', 'wrong']);
    expect(await judgeTranscripts([transcript('18'), transcript('17')], options)).toEqual(streamed);
  });
});

it('a turn of a dialogue is judged by itself, and says which turn it is', async () => {
  const turn = transcript('18');
  const judged = await judgeOne({ ...turn, call: { ...turn.call, turn: 2, turns: 3 } }, options);
  expect(judged).toMatchObject({ turn: 2, verdict: 'correct' });
  expect(await judgeOne(turn, options)).not.toHaveProperty('turn');
});

const data =
  process.env['AIS_BENCH_DATASETS_CACHE'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
const file = join(data, 'gsm8k/test.jsonl');

describe.skipIf(!existsSync(file))('the real GSM8K (skipped without its files)', () => {
  const answers = existsSync(file)
    ? readFileSync(file, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { answer: string }).answer)
    : [];
  const judge = (toContent: (answer: string) => string) =>
    judgeTranscripts(
      answers.map((answer) => transcript(toContent(answer), { gold: answer })),
      options,
    );

  it('has 1,319 references that are integers', () => {
    expect(answers).toHaveLength(1319);
    for (const answer of answers) expect(gsm8kGold(answer)).toMatch(/^-?\d+$/);
  });

  it('gives its own solutions 100, and AISBench’s rule misses just those with a comma', async () => {
    const judged = await judge((answer) => answer);
    expect(score(judged)).toMatchObject({ value: 100, n: 1319 });
    const missed = judged.flatMap(({ compat }, i) => (compat.verdict === 'correct' ? [] : [i]));
    const withComma = answers.flatMap((answer, i) => (/#### .*,/.test(answer) ? [i] : []));
    expect(missed).toEqual(withComma);
    expect(withComma).toHaveLength(14);
  });

  it.each<[string, (steps: string, number: string) => string]>([
    ['a worked example', (steps, number) => `${steps}The answer is ${number}`],
    ['a box', (steps, number) => `${steps}\\[\\boxed{${number.replaceAll(',', '{,}')}}\\] for 3 days`],
    ['money', (steps, number) => `${steps}So the final answer is **$${number}.00** per week.`],
    ['a runaway', (steps, number) => `${steps}The answer is ${number}\n\nQuestion: 5 cats?\nAnswer: 7`],
    ['an answer first', (steps, number) => `Answer: ${steps}Therefore ${number} in total.`],
  ])('gives its solutions 100 when told as %s', async (_, tell) => {
    const judged = await judge((answer) => tell(...(answer.split('#### ') as [string, string])));
    expect(score(judged).value).toBe(100);
  });
});
