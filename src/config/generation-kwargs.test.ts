import { describe, expect, it } from 'vitest';
import { scopedText } from '../contract/finding.ts';
import type { Mode } from './modes.ts';
import { checkKwargs, kwargsFindings, requireJson } from './resolve-model.ts';
import type { RawEntry } from './validate.ts';

const entry: RawEntry = {
  values: {},
  label: 'models.0',
  overridden: {},
  where: (keys) => `file.yaml:${keys.join('.')}`,
};
const check = (generation_kwargs: Record<string, unknown>, mode: Mode = 'perf', stream = true) =>
  checkKwargs({ generation_kwargs, stream }, entry, mode);

describe('generation_kwargs', () => {
  it.each([
    [{ temperature: Number.NaN }, 'generation_kwargs.temperature'],
    [{ a: [1, { b: Number.POSITIVE_INFINITY }] }, 'generation_kwargs.a.1.b'],
  ])('%j would be sent as null', (generation_kwargs, path) => {
    expect(() => requireJson({ generation_kwargs }, entry)).toThrow(`models.0.${path}: NaN and infinity`);
    expect(() => check(generation_kwargs)).toThrow(path);
  });

  it('say nothing else of streaming than the model does', () => {
    expect(() => check({ stream: false })).toThrow('it is false, and the model');
    expect(() => check({ stream: true })).not.toThrow();
    expect(() => check({ stream: true }, 'perf', false)).toThrow('it is true');
  });

  it.each([
    ['all', true],
    ['all+perf', true],
    ['perf', false],
    ['infer', false],
    // What is on disk was asked without it, or is scored as it is.
    ['eval', false],
  ] as const)('ignore_eos in mode %s', (mode, isRefused) => {
    const run = () => check({ ignore_eos: true }, mode);
    if (isRefused) expect(run).toThrow('cannot be scored');
    else expect(run).not.toThrow();
    expect(() => check({ ignore_eos: false }, mode)).not.toThrow();
  });

  it.each([
    [{ max_tokens: 5 }, ['generation_kwargs.max_tokens has no effect: max_out_len sets the limit']],
    [{ max_tokens: 512 }, []],
    [{ model: 'other' }, ['generation_kwargs.model has no effect: write it as model']],
    [{ n: 3 }, [expect.stringContaining('generation_kwargs.n is 3')]],
    [{ n: 1, temperature: 0 }, []],
  ])('%j', (generation_kwargs, notes) => {
    const values = { attr: 'service', max_out_len: 512, generation_kwargs };
    expect(kwargsFindings(values).map((one) => scopedText(one))).toEqual(notes);
    // A local model's are its class's own.
    expect(kwargsFindings({ ...values, attr: 'local' })).toEqual([]);
  });
});
