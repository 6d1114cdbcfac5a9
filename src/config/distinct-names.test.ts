import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileName } from '../store/file-name.ts';
import { requireDistinct } from './resolve.ts';

const refusal = (kind: 'models' | 'datasets', ...abbrs: string[]) => {
  try {
    requireDistinct(abbrs, kind);
  } catch (error) {
    return error as { code: string; message: string };
  }
  return undefined;
};

describe('two abbrs that would write into the same files are refused', () => {
  it.each([
    ['a/b', 'a:b'],
    ['a\\b', 'a_b'],
    ['Qwen', 'qwen'],
    ['nul', '_nul'],
    ['x', 'x.'],
    ['x ', 'x'],
    ['\u00e9', 'e\u0301'],
    ['..', '_'],
    ['a\u202eb', 'a\u200db'],
    ['\ud800', '\ud801'],
  ])('%j and %j', (one, other) => {
    expect(refusal('models', one, 'between', other)).toMatchObject({
      code: 'UTILS-CFG-002',
      message: expect.stringContaining('would write into the same files'),
    });
  });

  it.each(['_groups', '_end', '_client', '_client.w2', '.w11'])(
    'a dataset that ends in %s beside the one without',
    (end) => {
      expect(refusal('datasets', `gsm8k${end}`, 'gsm8k')?.message).toContain(
        'would write into the same files',
      );
      expect(refusal('models', `gsm8k${end}`, 'gsm8k')).toBeUndefined();
      expect(refusal('datasets', `gsm8k${end}`, 'gsm')).toBeUndefined();
    },
  );
});

it('an abbr that is given twice is named', () => {
  expect(refusal('datasets', 'a', 'b', 'a')?.message).toBe('two datasets have the abbr "a"');
});

it('an abbr that is too long for a file is refused, not cut', () => {
  expect(refusal('models', 'é'.repeat(101))?.message).toMatch(/too long/);
  expect(refusal('models', 'a'.repeat(200))).toBeUndefined();
});

it('no abbr leads out of its folder, is a device, or has a character that some system refuses', () => {
  const piece = fc.oneof(
    fc.constantFrom('..', '/', '\\', '\0', 'C:', 'NUL', 'com1', '.', ' ', '\u202e'),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const name = fileName(pieces.join(''));
      expect(name).not.toMatch(/[/\\:*?"<>|\p{Cc}\p{Cs}]|^\.{0,2}$|^(nul|com1)(\.|$)/iu);
      expect(fileName(name)).toBe(name);
    }),
    { numRuns: 500 },
  );
});
