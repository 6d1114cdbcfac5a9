import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertColumns, fillColumns, placesIn } from './template.ts';

describe('fillColumns', () => {
  it('replaces columns and keeps all other braces', () => {
    const text = '{q} {} {{q}} {nope} \\boxed{} {"a": 1} {q';
    expect(fillColumns(text, { q: 'Q' })).toBe('Q {} {Q} {nope} \\boxed{} {"a": 1} {q');
  });

  it('leaves the blank column empty, also where the row lacks it', () => {
    expect(fillColumns('{q}={a}', { q: 1, a: 2 }, 'a')).toBe('1=');
    expect(fillColumns('{q}={a}', { q: 1 }, 'a')).toBe('1=');
  });

  it('tells other values as JSON', () => {
    expect(fillColumns('{a} {b} {c} {d}', { a: 1.5, b: null, c: ['x'], d: true })).toBe(
      '1.5 null ["x"] true',
    );
  });

  it('leaves what a column says alone, braces and patterns included', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (q, a) => {
        expect(fillColumns('<{q}|{a}>', { q, a })).toBe(`<${q}|${a}>`);
      }),
    );
    expect(fillColumns('{q}{a}', { q: "{a} $& $1 $'", a: 'x' })).toBe("{a} $& $1 $'x");
  });

  it('changes no text without columns', () => {
    fc.assert(fc.property(fc.string(), (text) => fillColumns(text, {}) === text));
  });

  it('is no door to what every object has', () => {
    expect(fillColumns('{toString}{constructor}', {})).toBe('{toString}{constructor}');
  });
});

describe('assertColumns', () => {
  const assertFor = (text: string, row: object, declared: string[] = [], blank?: string) =>
    assertColumns({ ...row }, { places: placesIn([text]), declared, blank, where: 'the template' });

  it.each([
    ['{question}', { question: 'x' }],
    ['{question} {braces} {x} {}', { question: 'x' }],
    ['{question} \\boxed{answers} \\text{questions}', { question: 'x', answer: 'y' }],
    ['say {"a": 1}', {}],
    ['no place at all', {}],
  ])('accepts %j', (text, row) => {
    expect(() => assertFor(text, row, ['question'], 'answer')).not.toThrow();
  });

  it.each([
    ['a slip of the pen', '{qestion} {answer}', ['answer'], '{question}'],
    ['another case', '{Question} {answer}', ['answer'], '{question}'],
    ['a column that the config declares', '{context} {question}', ['context'], '{'],
    ['a template without any column of the row', '{prompt}', [], '{'],
  ])('refuses %s', (_, text, declared, meant) => {
    const name = /\{(\w+)/.exec(text)![1];
    expect(() => assertFor(text, { question: 'x', answer: 'y' }, declared)).toThrow(
      expect.objectContaining({
        code: 'ICLR-TYPE-001',
        where: 'the template',
        message: expect.stringContaining(`'${name}'`),
        cure: expect.stringContaining(meant),
      }),
    );
  });

  it('takes a value of undefined as missing', () => {
    expect(() => assertFor('{question}', { question: undefined })).toThrow();
  });
});
