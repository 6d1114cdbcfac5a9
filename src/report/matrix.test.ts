import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MatrixResult, matrixCells, matrixOf, matrixTables } from './matrix.ts';
import { renderTable } from './terminal.ts';
import { displayWidth } from './text.ts';
import { say } from './words.ts';

const of = (model: string, dataset: string, scores: MatrixResult['scores']): MatrixResult => ({
  model,
  dataset,
  version: '0a1b2c',
  mode: 'gen',
  scores,
});

describe('the matrix of several models on several datasets', () => {
  it("has a row a metric in AISBench's order, a column a model, and names what is missing", () => {
    const matrix = matrixOf(
      [of('m1', 'd1', { extract_rate: 100, f1: 3, accuracy: 37.5 }), of('m2', 'd1', { accuracy: 50 })],
      { models: ['m1', 'm2', 'm3'], datasets: ['d1', 'd2'] },
    );
    expect(matrixCells(matrix)).toEqual([
      ['dataset', 'version', 'metric', 'mode', 'm1', 'm2', 'm3'],
      ['d1', '0a1b2c', 'accuracy', 'gen', '37.50', '50.00', '-'],
      ['d1', '0a1b2c', 'f1', 'gen', '3.00', '-', '-'],
      ['d1', '0a1b2c', 'extract_rate', 'gen', '100.00', '-', '-'],
      ['d2', '-', 'score', 'unknown', '-', '-', '-'],
    ]);
    expect(matrix.missing.map((text) => say(text))).toEqual([
      'm3: no accuracy of d1',
      'm2, m3: no f1 of d1',
      'm2, m3: no extract_rate of d1',
      'm1, m2, m3: no score of d2',
    ]);
  });

  it('begins with the rows that a summarizer lists, headings and what was not scored among them', () => {
    const results = [
      of('m', 'd1', { accuracy: 1, f1: 2 }),
      of('m', 'd2', { accuracy: 3, f1: 4 }),
      of('m', 'part', { accuracy: 5 }),
      of('m', 'group', { naive_average: 6 }),
    ];
    const listed = ['-- Exam --', 'group', ['d2', 'f1'], ['d2', 'rouge'], 'absent'] as const;
    const grouped = new Set(['part']);
    const matrix = matrixOf(results, { models: ['m'], datasets: ['d0'], listed, grouped });
    expect(matrixCells(matrix).slice(1)).toEqual([
      ['-- Exam --', '-', '-', '-', '-'],
      ['group', '0a1b2c', 'naive_average', 'gen', '6.00'],
      ['d2', '0a1b2c', 'f1', 'gen', '4.00'],
      ['d2', '-', 'rouge', '-', '-'],
      ['absent', '-', '-', '-', '-'],
      ['d0', '-', 'score', 'unknown', '-'],
      ['d1', '0a1b2c', 'accuracy', 'gen', '1.00'],
      ['d1', '0a1b2c', 'f1', 'gen', '2.00'],
    ]);
    expect(matrix.missing.map((text) => say(text))).toEqual(['m: no rouge of d2', 'm: no score of d0']);
  });

  it('says mixed where models were asked in different ways', () => {
    const results = [of('m1', 'd', { accuracy: 1 }), { ...of('m2', 'd', { accuracy: 2 }), mode: 'ppl' }];
    expect(matrixOf(results).rows[0]!.mode).toBe('mixed');
  });
});

const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/), { minLength: 1, maxLength: 12 });

it('holds every value once, in tables that fit where a column can', () => {
  fc.assert(
    fc.property(names, fc.integer({ min: 60, max: 120 }), (models, width) => {
      const matrix = matrixOf(models.map((model, n) => of(model, 'demo', { accuracy: n })));
      const tables = matrixTables(matrix, width);
      const shown = tables.flatMap(({ columns }) => columns.slice(4).map(({ head }) => head));
      expect(shown).toEqual(models);
      expect(tables.flatMap(({ rows }) => rows[0]!.slice(4))).toEqual(models.map((_, n) => n.toFixed(2)));
      for (const table of tables) {
        const lines = renderTable(table, { color: false, width }).split('\n');
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      }
    }),
  );
});
