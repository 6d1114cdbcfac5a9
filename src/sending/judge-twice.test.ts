import { describe, expect, it } from 'vitest';
import { runFake } from '../../test/support/fake-ask.ts';
import { sampleDataset, samplePlan } from '../../test/support/sample-source.ts';
import { singleTurn } from './inferencers.ts';
import { askedTwice } from './judge.ts';
import type { Shape } from './shape.ts';

function shape(template: string): Shape {
  const dataset = sampleDataset({ prompt_template: { template } });
  return singleTurn({ model: samplePlan(), dataset, train: [] });
}

const picked = { index: 2, row: { question: 'left', answer: 'right' } };
const template = 'One {question} two {other}';
const row = { index: 2, row: { ...picked.row, other: 'far' } };

describe('a judge that is asked twice', () => {
  const columns = ['question', 'other'] as const;
  const twice = askedTwice(shape(template), shape(template), { columns, verdicts: 'swapped' });

  it('sees the columns change places; one transcript tells of both', async () => {
    const one = twice.makeRun(row, 0);
    const { asked, told } = await runFake(one, 100, (_call, n) => (n === 0 ? 'A' : 'B'));
    expect(asked.map(({ call, due }) => [call.ref.label, call.prompt, due])).toEqual([
      ['first', 'One left two far', 100],
      ['swapped', 'One far two left', 110],
    ]);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      call: one.ref,
      success: true,
      prompt: 'One left two far',
      content: 'A',
      gold: 'right',
      details: { swapped: { prompt: 'One far two left', content: 'B', verdicts: 'swapped' } },
    });
    expect(told[0]!.call).not.toHaveProperty('label');
    expect(twice.countRequests(row.row)).toBe(2);
  });

  it('fails as a whole; what is stopped is left', async () => {
    const failing = await runFake(twice.makeRun(row, 0), 0, (_call, n) =>
      n === 0 ? 'A' : { fail: 'timeout' },
    );
    expect(failing.told).toMatchObject([{ success: false, gold: 'right', failure: { kind: 'timeout' } }]);
    const stopped = await runFake(twice.makeRun(row, 0), 0, (_call, n) => (n === 0 ? 'A' : undefined));
    expect(stopped.told).toEqual([]);
  });

  it('is another case where the second question or what A means is another', () => {
    const other = shape('Two {other} one {question}');
    const idOf = (second: Shape, verdicts: 'same' | 'swapped') =>
      askedTwice(shape(template), second, { verdicts }).makeRun(row, 0).ref.id;
    const ids = [
      idOf(other, 'same'),
      idOf(other, 'swapped'),
      idOf(shape(template), 'same'),
      twice.makeRun(row, 0).ref.id,
    ];
    expect(new Set(ids).size).toBe(4);
  });

  it('is refused where a column is not there', () => {
    const wrong = askedTwice(shape(template), shape(template), {
      columns: ['question', 'gone'],
      verdicts: 'same',
    });
    expect(() => wrong.makeRun(row, 0)).toThrow(/no column 'gone' to swap/);
  });
});
