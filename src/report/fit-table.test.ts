import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { left, nameColumn, right, type Table } from './table.ts';
import { renderTable } from './terminal.ts';
import { displayWidth } from './text.ts';

const LONG = 'lukaemon_mmlu_high_school_government_and_politics';
const VERDICTS = ['Correct', 'Wrong', 'Unextractable', 'Truncated', 'Failed'].map(right);

function linesOf(table: Omit<Table, 'title' | 'footnotes'>, width: number): string[] {
  return renderTable({ title: 'T', footnotes: [], ...table }, { color: false, width })
    .split('\n')
    .slice(1);
}

describe('a table that is too wide', () => {
  const columns = [nameColumn('Dataset'), nameColumn('Model'), ...VERDICTS];

  it('says once what every row would say, as far as that makes room', () => {
    const rows = [
      [LONG, 'vllm-api-stream-chat', '80', '100', '0', '0', '0'],
      ['ceval-law', 'vllm-api-stream-chat', '81', '100', '1', '0', '0'],
    ];
    expect(linesOf({ columns, rows }, 80)).toEqual([
      'in every row: Model vllm-api-stream-chat, Truncated 0, Failed 0',
      '─'.repeat(77),
      'Dataset                                           Correct Wrong Unextractable',
      '─'.repeat(77),
      `${LONG}      80   100             0`,
      'ceval-law                                              81   100             1',
      '─'.repeat(77),
    ]);
    expect(linesOf({ columns, rows }, 200)[1]).toMatch(/^Dataset +Model +Correct/);
  });

  it('keeps a number in its row, also where it is the same in all', () => {
    const table = { columns: [nameColumn('dataset'), nameColumn('mode'), right('vllm-api')] };
    const rows = [
      [LONG, 'gen', '62.50'],
      ['ceval-law', 'gen', '62.50'],
    ];
    expect(linesOf({ ...table, rows }, 40).filter((line) => line.endsWith('62.50'))).toHaveLength(2);
  });

  it('puts names that find no room on a line above their row, whole', () => {
    const rows = [
      [LONG, 'one', '80', '100', '0', '0', '0'],
      ['ceval-law', 'two', '81', '90', '1', '1', '1'],
    ];
    expect(linesOf({ columns, rows }, 60)).toEqual([
      '─'.repeat(60),
      'Dataset   Model Correct Wrong Unextractable Truncated Failed',
      '─'.repeat(60),
      `${LONG}  one`,
      '                     80   100             0         0      0',
      'ceval-law two        81    90             1         1      1',
      '─'.repeat(60),
    ]);
  });

  it('wraps texts before it moves names, and leaves a table without names as it is', () => {
    const texts = { columns: [left('Message'), right('Count')], rows: [['all the same words', '3']] };
    expect(linesOf(texts, 20)).toContain('all the same     3');
    const named = {
      columns: [nameColumn('Model'), left('Message')],
      rows: [['a-long-name', 'words and words']],
    };
    expect(linesOf(named, 20)).toContain('a-long-name words');
  });

  it('never breaks a name, and is as wide as its screen or its longest name', () => {
    const name = fc.stringMatching(/^[a-z_-]{1,60}$/);
    const row = fc.tuple(name, name, fc.nat(1000).map(String), fc.constant('0'));
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 40, max: 120 }),
        (rows, width) => {
          const table = {
            columns: [nameColumn('Dataset'), nameColumn('Model'), right('N'), right('Failed')],
            rows,
          };
          const lines = linesOf(table, width);
          const words = new Set(lines.flatMap((line) => line.split(/[ ,]+/)));
          for (const own of rows) for (const cell of own) expect(words).toContain(cell);
          const longest = Math.max(...rows.flat().map(displayWidth));
          for (const line of lines)
            expect(displayWidth(line)).toBeLessThanOrEqual(Math.max(width, longest + 20));
        },
      ),
    );
  });
});
