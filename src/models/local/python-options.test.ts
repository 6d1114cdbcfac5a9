import { expect, it } from 'vitest';
import { localOptions } from '../../../test/support/sample-local.ts';
import { pythonOptions } from './python-options.ts';

const COMMON = {
  path: 'weights',
  max_out_len: 16,
  batch_size: 3,
  max_seq_len: 2048,
  tokenizer_only: false,
  generation_kwargs: {},
};

it('keeps the further keys as their author wrote them', () => {
  const further = { peft_path: 'p', someKey: 1, key_2: 2 };
  const options = localOptions({ further, peftPath: 'p', someKey: 1, key2: 2, python: 'python3' });
  expect(pythonOptions(options)).toEqual({ ...COMMON, ...further });
});

it('writes the options of a class that was made without a config as AISBench does', () => {
  const options = localOptions({ peftPath: 'p', modelKwargs: { torch_dtype: 'auto' } });
  expect(pythonOptions(options)).toEqual({
    ...COMMON,
    peft_path: 'p',
    model_kwargs: { torch_dtype: 'auto' },
  });
});
