import { describe, expect, it } from 'vitest';
import type { VerdictChange } from '../evaluate/changes.ts';
import type { Judged, Verdict } from '../evaluate/types.ts';
import { changesCsv, changeTables } from './changes.ts';
import { plainTable } from './table.ts';

function judged(index: number, verdict: Verdict, answer?: string, own: Partial<Judged> = {}): Judged {
  const extraction = answer === undefined ? {} : { extraction: { answer, rule: 'r', span: [0, 1] as const } };
  const side = { verdict, ...extraction };
  const place = { id: `case ${index}`, index, repetition: 0 };
  return { ...place, reference: '7', rules: 'fixed', ...side, fixed: side, compat: side, ...own };
}

const change = (index: number, own: Partial<Judged> = {}): VerdictChange => ({
  before: judged(index, 'correct', '7', own),
  after: judged(index, 'unextractable', undefined, own),
});

const report = (changes: readonly VerdictChange[]) => ({ model: 'm', dataset: 'd', changes });

describe('changeTables', () => {
  it('shows place, both verdicts and both answers', () => {
    const [table] = changeTables([report([change(3), change(4, { repetition: 2, turn: 1 })])], 'file').map(
      (own) => plainTable(own),
    );
    expect(table!.title).toBe('Changed verdicts: m, d: 2');
    expect(table!.rows).toEqual([
      ['3', 'correct', 'unextractable', '7', '(none)', '7'],
      ['4.2 turn 2', 'correct', 'unextractable', '7', '(none)', '7'],
    ]);
    expect(table!.footnotes).toEqual([]);
  });

  it('shows twenty, names the file of all, and cuts answers that are whole replies', () => {
    const long = { before: judged(0, 'wrong', 'x'.repeat(200)), after: judged(0, 'correct', '7') };
    const many = [long, ...Array.from({ length: 24 }, (_, n) => change(n + 1))];
    const [table] = changeTables([report(many)], 'changed.csv').map((own) => plainTable(own));
    expect(table!.rows).toHaveLength(20);
    expect(table!.rows[0]![3]).toBe('x'.repeat(60));
    expect(table!.footnotes).toEqual(['and 5 more, all of them in changed.csv']);
    expect(changeTables([report([])], 'changed.csv')).toEqual([]);
  });
});

it('changesCsv has every change on a line', () => {
  const lines = changesCsv([report([change(3), change(4)])])
    .trim()
    .split('\n');
  expect(lines.slice(1)).toEqual([
    'd,m,3,0,,correct,unextractable,7,,7',
    'd,m,4,0,,correct,unextractable,7,,7',
  ]);
});
