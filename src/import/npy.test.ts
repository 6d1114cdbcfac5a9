import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readNpy } from './read-task.ts';

/** As `numpy.save` writes it: the header is padded so that the values begin at a multiple of 64. */
function npy(values: readonly number[], { version = 1, order = '<', header = '' } = {}): Uint8Array {
  const fixed = version === 1 ? 10 : 12;
  const literal = header || `{'descr': '${order}f8', 'fortran_order': False, 'shape': (${values.length},), }`;
  const padded = `${literal}${' '.repeat(63 - ((fixed + literal.length) % 64))}\n`;
  const bytes = Buffer.alloc(fixed + padded.length + 8 * values.length);
  bytes.write('\x93NUMPY', 'latin1');
  bytes.writeUInt8(version, 6);
  if (version === 1) bytes.writeUInt16LE(padded.length, 8);
  else bytes.writeUInt32LE(padded.length, 8);
  bytes.write(padded, fixed, 'latin1');
  values.forEach((value, n) => {
    const at = fixed + padded.length + 8 * n;
    if (order === '>') bytes.writeDoubleBE(value, at);
    else bytes.writeDoubleLE(value, at);
  });
  return bytes;
}

it('reads every array of float64, wherever it lies in memory', () => {
  const layout = fc.record({ version: fc.constantFrom(1, 2, 3), order: fc.constantFrom('<', '>') });
  fc.assert(
    fc.property(fc.array(fc.double()), layout, fc.nat(7), (values, options, offset) => {
      const bytes = npy(values, options);
      const moved = new Uint8Array(bytes.length + offset);
      moved.set(bytes, offset);
      expect([...readNpy(moved.subarray(offset))]).toEqual(values);
    }),
  );
});

it('refuses every other beginning, type, shape and length', () => {
  const whole = npy([1, 2, 3]);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), (length) => {
      expect(() => readNpy(whole.subarray(0, length))).toThrow(/^it /);
    }),
  );
  const header = (text: string) => () => readNpy(npy([1], { header: text }));
  expect(header("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }")).toThrow('f4, not float64');
  expect(header("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }")).toThrow('unknown type');
  expect(header("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1), }")).toThrow('one dimension');
  expect(header("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }")).toThrow(
    'it has 8 bytes of values, its header says 16',
  );
  expect(() => readNpy(npy([1], { version: 4 }))).toThrow('version 4');
  expect(() => readNpy(Buffer.from('PK\x03\x04 something else'))).toThrow('it is no .npy array');
});
