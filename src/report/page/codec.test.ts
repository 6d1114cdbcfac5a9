import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Column, packed, unpacked } from './codec.ts';

const number = fc.oneof(
  fc.double({ min: -1e9, max: 1e9, noNaN: true }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 0, -0, 0.0005, 1e12),
);

describe('packed and unpacked', () => {
  it('gives columns back to the nearest step, and what is not finite as NaN', () => {
    fc.assert(
      fc.property(fc.array(number), fc.constantFrom(0.001, 0.1, 1, 10), (values, step) => {
        const { column } = unpacked(packed({ column: new Column(values, step) })) as { column: Float64Array };
        expect(column).toHaveLength(values.length);
        for (const [n, value] of values.entries()) {
          if (!Number.isFinite(value)) expect(column[n]).toBeNaN();
          else expect(Math.abs(column[n]! - value)).toBeLessThanOrEqual(step / 2 + Math.abs(value) * 1e-12);
        }
      }),
    );
  });

  it('gives any other data back as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(unpacked(packed({ value }))).toEqual({ value: JSON.parse(JSON.stringify(value)) });
      }),
    );
  });

  it('keeps several columns apart, in whatever depth', () => {
    const page = { a: new Column([1, 2, 3]), b: [{ c: new Column([0.25, -0.5], 0.25) }, new Column([])] };
    expect(unpacked(packed(page))).toEqual({
      a: Float64Array.of(1, 2, 3),
      b: [{ c: Float64Array.of(0.25, -0.5) }, new Float64Array()],
    });
  });

  it('masks every text, also beside columns', () => {
    const page = { text: 'the key is hunter22', list: ['hunter22'], column: new Column([1]) };
    const mask = (text: string) => text.replaceAll('hunter22', '***');
    expect(unpacked(packed(page, mask))).toEqual({
      text: 'the key is ***',
      list: ['***'],
      column: Float64Array.of(1),
    });
  });

  it('needs two bytes a number for an ascending column with gaps below 60 steps', () => {
    const instants = new Column(
      Array.from({ length: 1000 }, (_, n) => 1e9 + n * 50),
      1,
    );
    expect(packed(instants).length).toBeLessThan(2 * 1000 + 100);
  });
});

describe('Column.precise', () => {
  it('keeps four digits at the median', () => {
    expect(Column.precise([120, 130, 900]).step).toBeCloseTo(0.1);
    expect(Column.precise([0.2, 0.3, 9]).step).toBe(0.001);
    expect(Column.precise([54321, 60000, Number.NaN]).step).toBe(10);
    expect(Column.precise([]).step).toBe(1);
  });
});
