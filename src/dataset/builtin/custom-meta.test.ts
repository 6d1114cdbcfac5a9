import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../basics/random.ts';
import { outputLengths, readMeta, sampled } from './custom.ts';

const rows = ['a', 'b', 'c'].map((question) => ({ question }));
const asked = (sampling_mode: string, request_count: number) =>
  sampled(rows, readMeta({ sampling_mode, request_count }, 'meta'), seededRandom('s')).map(
    ({ question }) => question,
  );

describe('a meta file', () => {
  it('repeats the rows in order, shuffles them, or draws them', () => {
    expect(asked('default', 7).join('')).toBe('abcabca');
    expect(asked('default', 2).join('')).toBe('ab');
    expect(asked('shuffle', 300).sort().join('')).toBe('a'.repeat(100) + 'b'.repeat(100) + 'c'.repeat(100));
    const drawn = asked('random', 300);
    expect(new Set(drawn)).toEqual(new Set(['a', 'b', 'c']));
    expect(drawn.filter((one) => one === 'a')).not.toHaveLength(100);
  });

  it('gives each share of a percentage exactly its part, the rest to the last', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(parts, fc.integer({ min: 1, max: 500 }), (weights, count) => {
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const percentage_distribute = weights.map((weight, i) => [i + 1, weight / total]);
        const meta = readMeta(
          { output_config: { method: 'percentage', params: { percentage_distribute } } },
          'meta',
        );
        const lengths = outputLengths(meta.output!, count, seededRandom('s'));
        expect(lengths).toHaveLength(count);
        weights.slice(0, -1).forEach((weight, i) => {
          const exact = Math.floor((weight * count) / total);
          expect(lengths.filter((length) => length === i + 1)).toHaveLength(exact);
        });
      }),
    );
  });

  it('draws uniform lengths with both ends', () => {
    const params = { min_value: '2', max_value: 4 };
    const { output } = readMeta({ output_config: { method: 'uniform', params } }, 'meta');
    expect(new Set(outputLengths(output!, 100, seededRandom('s')))).toEqual(new Set([2, 3, 4]));
  });

  it.each([
    [{ requests: 1 }, 'meta: requests'],
    [{ request_count: 0 }, 'meta: request_count'],
    [{ request_count: '1.5' }, 'meta: request_count'],
    [{ sampling_mode: 'sorted' }, 'meta: sampling_mode'],
    [{ output_config: { method: 'zipf', params: {} } }, 'meta: output_config.method'],
    [
      { output_config: { method: 'uniform', params: { min_value: 3, max_value: 2 } } },
      'meta: output_config.params.min_value',
    ],
    [
      { output_config: { method: 'percentage', params: { percentage_distribute: [[5, 0.5]] } } },
      'meta: output_config.params.percentage_distribute',
    ],
  ])('refuses %j at %s', (meta, where) => {
    expect(() => readMeta(meta, 'meta')).toThrow(expect.objectContaining({ code: 'UTILS-CFG-002', where }));
  });
});
