import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { descriptorsFor, readDescriptorLimits, readPortRange, streamsOf } from './machine-limits.ts';

const limit = fc.oneof(fc.nat(), fc.constant(Number.POSITIVE_INFINITY));
const word = (value: number) => (Number.isFinite(value) ? String(value) : 'unlimited');

/** As the kernel writes the file: names in 25 columns, limits in 20. */
const limits = (soft: number, hard: number) =>
  [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    'Max cpu time              unlimited            unlimited            seconds   ',
    'Max processes             63432                63432                processes ',
    `Max open files            ${word(soft).padEnd(20)} ${word(hard).padEnd(20)} files     `,
    'Max locked memory         8388608              8388608              bytes     ',
  ].join('\n');

describe('the limits of descriptors', () => {
  it('are those of the row of open files', () => {
    fc.assert(
      fc.property(limit, limit, (soft, hard) => {
        expect(readDescriptorLimits(limits(soft, hard))).toEqual({ soft, hard });
      }),
    );
  });

  it.each([
    '',
    'Max open files',
    'Max open files            many                 20000                files     ',
    'Max open filesystems      7                    7                    files     ',
  ])('are unknown where the file says %j', (text) => {
    expect(readDescriptorLimits(text)).toBeUndefined();
  });

  it('keep some for other things than streams', () => {
    fc.assert(
      fc.property(fc.nat(), (streams) => {
        expect(streamsOf({ descriptors: { soft: descriptorsFor(streams), hard: 0 } })).toBe(streams);
      }),
    );
    expect(streamsOf({ descriptors: { soft: 3, hard: 3 } })).toBe(0);
    expect(streamsOf({})).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the range of ports', () => {
  const port = fc.integer({ min: 0, max: 65_535 });

  it('holds its first and its last', () => {
    fc.assert(
      fc.property(port, port, fc.constantFrom('\t', ' ', '   '), (a, b, between) => {
        const [first, last] = [Math.min(a, b), Math.max(a, b)];
        expect(readPortRange(`${first}${between}${last}\n`)).toBe(last - first + 1);
      }),
    );
    expect(readPortRange('32768\t60999\n')).toBe(28_232);
  });

  it.each(['', '32768', '60999 32768', '1024 99999', '1024 x', '1 2 3'])('is unknown in %j', (text) => {
    expect(readPortRange(text)).toBeUndefined();
  });
});
