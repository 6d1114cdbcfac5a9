import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextStamp, stampOrder, timeStamp } from './run-folder.ts';

const AT = new Date(2026, 9, 25, 2, 1, 0);

it('is the local time', () => {
  expect(timeStamp(new Date(2026, 0, 5, 7, 8, 9))).toBe('20260105_070809');
});

describe('the next stamp', () => {
  it.each([
    [[], '20261025_020100'],
    [['20261025_020059_7', 'latest', 'zzz', '99991231'], '20261025_020100'],
    [['20261025_020100'], '20261025_020100_2'],
    [['20261025_020100_9', '20261025_020100_10', '20261025_020100'], '20261025_020100_11'],
    // At three o'clock that night it is two again.
    [['20261025_025900'], '20261025_025900_2'],
  ])('beside %j is %s', (there, expected) => expect(nextStamp(AT, there)).toBe(expected));

  it('comes after all others, wherever the clock jumps', () => {
    const times = fc.array(fc.date({ min: new Date(1970, 1), max: new Date(2100, 1), noInvalidDate: true }));
    fc.assert(
      fc.property(times, (clock) => {
        const names: string[] = [];
        for (const now of clock) names.push(nextStamp(now, names));
        const order = names.map((name) => stampOrder(name)!);
        expect(order.toSorted()).toEqual(order);
        expect(new Set(names).size).toBe(names.length);
      }),
    );
  });
});
