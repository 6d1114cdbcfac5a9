import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MetricSample, parsePrometheus } from './reading.ts';

const all = (text: string) => parsePrometheus(text, () => true);
const escaped = (text: string) => text.replace(/[\\"\n]/g, (sign) => (sign === '\n' ? '\\n' : `\\${sign}`));
const written = ({ name, labels, value }: MetricSample) => {
  const inner = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `${name}${inner.length === 0 ? '' : `{${inner.join(',')}}`} ${String(value).replace('Infinity', 'Inf')}`;
};

describe('Prometheus text', () => {
  const name = fc.stringMatching(/^[a-z_:][a-z0-9_:]{0,8}$/);
  const label = fc.stringMatching(/^[a-z_][a-z0-9_]{0,5}$/);
  const text = fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '{', '}', ',', '=', 'é', ' ', '#') });
  const sample: fc.Arbitrary<MetricSample> = fc.record({
    name,
    labels: fc.dictionary(label, text, { noNullPrototype: true }),
    value: fc.oneof(fc.double(), fc.integer()),
  });

  it('gives back what was written', () => {
    fc.assert(
      fc.property(fc.array(sample), fc.constantFrom('\n', '\r\n'), (samples, end) => {
        expect(all(samples.map(written).join(end) + end)).toEqual(
          samples.map((one) => ({ ...one, value: one.value === 0 ? 0 : one.value })),
        );
      }),
    );
  });

  it('never throws, whatever stands there', () => {
    fc.assert(fc.property(fc.string(), (page) => void all(page)));
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', '{', '}', '"', '=', ',', ' ', '1', '\\', '\n', '#')),
        (signs) => void all(signs.join('')),
      ),
    );
  });

  it('passes over comments, what is not wanted and what is no sample', () => {
    const page = '# TYPE a counter\na 1\na{x="y" 2\nb 3\na four\n a 5\na{x="y",} 6 1700000000\na\n\na{}7\n';
    expect(parsePrometheus(page, (one) => one === 'a')).toEqual([
      { name: 'a', labels: {}, value: 1 },
      { name: 'a', labels: { x: 'y' }, value: 6 },
    ]);
  });
});
