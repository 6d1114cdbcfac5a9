import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../basics/random.ts';
import { sampleJson } from './sim-reply.ts';

const draw = (seed: number, words: readonly string[] = ['weather', 'Paris']) => ({
  random: seededRandom(seed),
  words,
});
const sample = (schema: unknown, seed = 1): any => sampleJson(schema, draw(seed));

describe('a drawn value', () => {
  it('has every required property, and others now and then', () => {
    const properties = { a: { type: 'string' }, b: { type: 'integer' } };
    const drawn = Array.from({ length: 20 }, (_, seed) =>
      sample({ type: 'object', properties, required: ['a'] }, seed),
    );
    expect(drawn.every((value) => typeof value.a === 'string')).toBe(true);
    expect(new Set(drawn.map((value) => 'b' in value))).toEqual(new Set([true, false]));
  });

  it('keeps to the limits of numbers', () => {
    const limits = fc.record({
      minimum: fc.integer({ min: -50, max: 50 }),
      span: fc.integer({ min: 0, max: 9 }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(limits, ({ minimum, span, seed }) => {
        const value = sample({ type: 'integer', minimum, maximum: minimum + span }, seed);
        return Number.isInteger(value) && value >= minimum && value <= minimum + span;
      }),
    );
    const above = sample({ type: 'number', exclusiveMinimum: 2, exclusiveMaximum: 3 });
    expect(above > 2 && above < 3).toBe(true);
    expect(sample({ type: 'integer', multipleOf: 5, minimum: 11, maximum: 15 })).toBe(15);
    expect(sample({ type: 'integer', maximum: -4 })).toBeLessThanOrEqual(-4);
  });

  it('keeps to the limits of texts and lists', () => {
    expect(sample({ type: 'string', maxLength: 3 })).toHaveLength(3);
    expect(sample({ type: 'string', minLength: 20 }).length).toBeGreaterThanOrEqual(20);
    const list = sample({ type: 'array', items: { type: 'boolean' }, minItems: 3, maxItems: 3 });
    expect(list).toHaveLength(3);
    expect(list.every((item: unknown) => typeof item === 'boolean')).toBe(true);
  });

  it.each([
    [{ enum: ['x'] }, 'x'],
    [{ const: 4 }, 4],
    [{ type: 'null' }, null],
    [{ anyOf: [{ const: 1 }] }, 1],
    [{ oneOf: [{ const: 2 }] }, 2],
    [{ allOf: [{ type: 'object' }, { properties: { a: { const: 1 } } }] }, { a: 1 }],
    [{ $ref: '#/$defs/it', $defs: { it: { const: 'there' } } }, 'there'],
    [{ properties: { a: { const: true } } }, { a: true }],
  ])('fits %j', (schema, value) => expect(sample(schema)).toEqual(value));

  it('knows the types of BFCL', () => {
    expect(sample({ type: 'dict', properties: { a: { type: 'float' } } }).a).toEqual(expect.any(Number));
    expect(sample({ type: 'tuple', items: { type: 'integer' } })).toEqual(expect.any(Array));
  });

  it('ends where a schema refers to itself', () => {
    const schema = {
      type: 'object',
      properties: { next: { $ref: '#' }, list: { type: 'array', items: { $ref: '#' }, minItems: 1 } },
      required: ['next', 'list'],
    };
    expect(() => JSON.stringify(sample(schema))).not.toThrow();
  });

  it('is a text where nothing is said', () => {
    for (const schema of [undefined, true, {}, 'odd', { type: 'any' }]) {
      expect(sample(schema)).toEqual(expect.any(String));
    }
    expect(sampleJson({ type: 'string' }, draw(1, []))).toBe('sample');
  });

  it('never throws, and is JSON, for any schema', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), (schema, seed) => {
        expect(JSON.stringify(sample(schema, seed) ?? null)).toEqual(expect.any(String));
      }),
    );
  });
});
