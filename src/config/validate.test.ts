import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type RawEntry, validate } from './validate.ts';

const schema = z.strictObject({
  batch_size: z.int().min(1).max(100),
  api_key: z.string().default(''),
  stream: z.boolean().default(false),
  timeouts: z.strictObject({ idle: z.number().min(0).default(1) }).prefault({}),
});

const entry = (values: Record<string, unknown>, overridden: Record<string, string> = {}): RawEntry => ({
  values,
  label: 'models.0',
  overridden,
  where: (keys) => `file.yaml:${keys.join('.')}`,
});

function problemOf(values: Record<string, unknown>, overridden?: Record<string, string>) {
  try {
    validate(schema, entry(values, overridden));
  } catch (error) {
    const { code, message, where, cure } = error as any;
    return { code, message, where, cure };
  }
  return undefined;
}

describe('validate', () => {
  it('gives the values with their defaults', () => {
    expect(validate(schema, entry({ batch_size: 1 }))).toEqual({
      batch_size: 1,
      api_key: '',
      stream: false,
      timeouts: { idle: 1 },
    });
  });

  it.each([
    [{}, 'models.0.batch_size: ', '(it is missing)', 'add batch_size to the config'],
    [{ batch_size: 0 }, 'models.0.batch_size: ', '>=1 (got 0)', 'correct batch_size'],
    [{ batch_size: 101 }, 'models.0.batch_size: ', '<=100 (got 101)', 'correct batch_size'],
    [{ batch_size: 1.5 }, 'models.0.batch_size: ', '(got 1.5)', 'correct batch_size'],
    [{ batch_size: null }, 'models.0.batch_size: ', '(got null)', 'correct batch_size'],
    [{ batch_size: Number.NaN }, 'models.0.batch_size: ', '(got NaN)', 'correct batch_size'],
    [
      { batch_size: 1, timeouts: { idle: -1 } },
      'models.0.timeouts.idle: ',
      '(got -1)',
      'correct timeouts.idle',
    ],
  ])('%j', (values, start, end, cure) => {
    const problem = problemOf(values)!;
    expect(problem.code).toBe('UTILS-CFG-002');
    expect(problem.message.startsWith(start)).toBe(true);
    expect(problem.message).toContain(end);
    expect(problem.cure).toBe(cure);
  });

  it.each([
    [{ batchsize: 1 }, 'batchsize', 'did you mean "batch_size"?'],
    [{ something_else: 1 }, 'something_else', 'take the key out (docs/config.md lists the keys)'],
    [{ timeouts: { idel: 1 } }, 'timeouts.idel', 'did you mean "idle"?'],
  ])('unknown key of %j', (values, key, cure) => {
    expect(problemOf({ batch_size: 1, ...values })).toEqual({
      code: 'UTILS-CFG-002',
      message: `models.0 has no key "${key}"`,
      where: `file.yaml:${key}`,
      cure,
    });
  });

  it('lists every problem with its place', () => {
    const { message, where } = problemOf({ batch_size: 'x', stream: 1, nothing: 0 })!;
    expect(message.split('\n')).toEqual([
      '3 problems:',
      expect.stringMatching(/models\.0\.batch_size: .* {2}\(file\.yaml:batch_size\)$/),
      expect.stringMatching(/models\.0\.stream: .* {2}\(file\.yaml:stream\)$/),
      expect.stringMatching(/models\.0 has no key "nothing" {2}\(file\.yaml:nothing\)$/),
    ]);
    expect(where).toBe('file.yaml:batch_size');
  });

  it('names the flag that a wrong value came from', () => {
    expect(problemOf({ batch_size: 0 }, { batch_size: '--batch-size' })?.where).toBe('--batch-size');
  });

  it('never shows a secret', () => {
    const problem = problemOf({ batch_size: 1, api_key: ['sk-secret'] })!;
    expect(problem.message).toContain('(got ***)');
    expect(JSON.stringify(problem)).not.toContain('sk-secret');
  });
});
