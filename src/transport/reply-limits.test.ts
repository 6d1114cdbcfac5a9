import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './failure.ts';

const NOW = Date.UTC(2026, 10, 28, 12, 0, 0);
const dated = (value: string, date?: string) =>
  retryAfterMs({ 'retry-after': value, ...(date === undefined ? {} : { date }) }, NOW);

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['Sat, 28 Nov 2026 12:00:07 GMT', 7000],
    ['Sat, 28 Nov 2026 11:00:00 GMT', 0],
  ])('%s is %s ms', (value, expected) => expect(dated(value)).toBe(expected));

  it('as a date is counted from the date of the reply, whatever time it is here', () => {
    expect(dated('Sat, 28 Nov 2026 09:00:07 GMT', 'Sat, 28 Nov 2026 09:00:00 GMT')).toBe(7000);
    expect(dated('Sat, 28 Nov 2026 15:00:07 GMT', 'Sat, 28 Nov 2026 15:00:00 GMT')).toBe(7000);
    expect(dated('Sat, 28 Nov 2026 12:00:07 GMT', 'no date')).toBe(7000);
  });

  it('is none where there is none', () => expect(retryAfterMs({}, NOW)).toBeUndefined());
});
